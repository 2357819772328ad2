-- 0004 down: take the new tables and columns away; what uploads told of their layers stays as it was told.
CREATE OR REPLACE FUNCTION brought_by(ref text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    noun text := split_part(ref, ':', 1);
    named text := substr(ref, length(noun) + 2);
    kept text := CASE noun WHEN 'reserved' THEN 'reserved_land' WHEN 'member' THEN 'household_member' ELSE noun END;
BEGIN
    IF kept IN ('parcel', 'reserved_land', 'issuer', 'contractor', 'household_member', 'contract', 'parcel_right',
                'transfer', 'transfer_parcel', 'register_entry', 'certificate') THEN
        RETURN QUERY EXECUTE format('SELECT uploader_id FROM %I AS kept JOIN upload ON upload.id = kept.upload_id
            WHERE kept.code = $1 AND upper_inf(kept.known) ORDER BY lower(kept.valid) DESC NULLS LAST LIMIT 1', kept)
            USING named;
    ELSE
        RETURN QUERY SELECT uploader_id FROM survey_feature AS kept JOIN upload ON upload.id = kept.upload_id
            WHERE kept.layer = noun AND kept.code = named AND upper_inf(kept.known)
            ORDER BY lower(kept.valid) DESC NULLS LAST LIMIT 1;
    END IF;
END $$;

DROP TABLE title_document, certificate_replaced, certificate_exchanged, certificate_cancelled, unit_code;
DROP TABLE detail_feature;
ALTER TABLE parcel DROP COLUMN feature_number, DROP COLUMN element_code, DROP COLUMN unit_code;
ALTER TABLE parcel_right DROP COLUMN unit_code;
ALTER TABLE upload_layer DROP CONSTRAINT upload_layer_layer_listed_check;
ALTER TABLE upload_layer ADD CONSTRAINT upload_layer_layer_listed_check CHECK (layer IN ('parcel', 'reserved',
    'building', 'landcover', 'landcover_before', 'basic_farmland', 'approval', 'change_patch', 'boundary', 'register',
    'issuer', 'contractor', 'member', 'contract', 'parcel_right', 'transfer', 'transfer_parcel', 'certificate',
    'register_entry')) NOT VALID;
