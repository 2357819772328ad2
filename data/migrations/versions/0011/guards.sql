-- 0011 guards: the new tables are kept in versions like all others, and a finding knows who brought their rows in.
SELECT keep_versions(kept) FROM unnest('{collective_contract, collective_bid, payment, expropriation,
    reserved_grant, right_change, occupancy}'::regclass[]) AS kept;

CREATE OR REPLACE FUNCTION brought_by(ref text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    noun text := split_part(ref, ':', 1);
    named text := substr(ref, length(noun) + 2);
    kept text := CASE noun WHEN 'reserved' THEN 'reserved_land' WHEN 'member' THEN 'household_member' ELSE noun END;
BEGIN
    IF kept IN ('parcel', 'reserved_land', 'issuer', 'contractor', 'household_member', 'contract', 'parcel_right',
                'transfer', 'transfer_parcel', 'register_entry', 'certificate', 'title_document',
                'certificate_replaced', 'certificate_exchanged', 'certificate_cancelled', 'unit_code',
                'collective_contract', 'collective_bid', 'payment', 'expropriation', 'reserved_grant',
                'right_change', 'occupancy') THEN
        RETURN QUERY EXECUTE format('SELECT uploader_id FROM %I AS kept JOIN upload ON upload.id = kept.upload_id
            WHERE kept.code = $1 AND upper_inf(kept.known) ORDER BY lower(kept.valid) DESC NULLS LAST LIMIT 1', kept)
            USING named;
    ELSE
        RETURN QUERY EXECUTE format('SELECT uploader_id FROM %I AS kept JOIN upload ON upload.id = kept.upload_id
            WHERE kept.layer = $1 AND kept.code = $2 AND upper_inf(kept.known)
            ORDER BY lower(kept.valid) DESC NULLS LAST LIMIT 1',
            CASE WHEN noun IN ('boundary_point', 'boundary_line', 'control_point', 'region_line', 'point_object',
                'line_object', 'area_object', 'annotation') THEN 'detail_feature' ELSE 'survey_feature' END)
            USING noun, named;
    END IF;
END $$;
