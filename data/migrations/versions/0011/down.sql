-- 0011 down: take the new tables and columns away; what uploads told of their layers stays as it was told.
CREATE OR REPLACE FUNCTION brought_by(ref text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    noun text := split_part(ref, ':', 1);
    named text := substr(ref, length(noun) + 2);
    kept text := CASE noun WHEN 'reserved' THEN 'reserved_land' WHEN 'member' THEN 'household_member' ELSE noun END;
BEGIN
    IF kept IN ('parcel', 'reserved_land', 'issuer', 'contractor', 'household_member', 'contract', 'parcel_right',
                'transfer', 'transfer_parcel', 'register_entry', 'certificate', 'title_document',
                'certificate_replaced', 'certificate_exchanged', 'certificate_cancelled', 'unit_code') THEN
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

DROP TABLE collective_contract, collective_bid, payment, expropriation, reserved_grant,
    right_change, occupancy;
ALTER TABLE transfer DROP COLUMN title_text,
    DROP COLUMN price_yuan,
    DROP COLUMN upfront_share,
    DROP COLUMN gain_yuan,
    DROP COLUMN transferee_kind,
    DROP COLUMN upstream_code,
    DROP COLUMN holder_consented_on,
    DROP COLUMN signer_code,
    DROP COLUMN mandate_no,
    DROP COLUMN reviewed_on,
    DROP COLUMN has_duties,
    DROP COLUMN has_compensation,
    DROP COLUMN has_breach,
    DROP COLUMN is_caretaking,
    DROP COLUMN punished_on;
ALTER TABLE upload_layer DROP CONSTRAINT upload_layer_layer_listed_check;
ALTER TABLE upload_layer ADD CONSTRAINT upload_layer_layer_listed_check CHECK (layer IN ('parcel', 'reserved',
    'building', 'landcover', 'landcover_before', 'basic_farmland', 'approval', 'change_patch', 'boundary',
    'register', 'boundary_point', 'boundary_line', 'control_point', 'region_line', 'point_object', 'line_object',
    'area_object', 'annotation', 'issuer', 'contractor', 'member', 'contract', 'parcel_right', 'transfer',
    'transfer_parcel', 'certificate', 'register_entry', 'title_document', 'certificate_replaced',
    'certificate_exchanged', 'certificate_cancelled', 'unit_code')) NOT VALID;
ALTER TABLE survey_feature DROP CONSTRAINT survey_feature_layer_listed_check;
ALTER TABLE survey_feature ADD CONSTRAINT survey_feature_layer_listed_check CHECK (layer IN ('building', 'landcover',
    'landcover_before', 'basic_farmland', 'approval', 'change_patch', 'boundary')) NOT VALID;
