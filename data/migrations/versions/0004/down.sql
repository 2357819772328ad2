-- 0004 down: an exclusion constraint for every table of versions, looked at row by row.
CREATE FUNCTION exclude_versions(kept text, keys text, digest text, same text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER one_version ON %I', kept);
    EXECUTE format('DROP INDEX %I', kept || '_versions_idx');
    EXECUTE format('CREATE INDEX %I ON %I (%s) WHERE upper_inf(known)', kept || '_current_idx', kept, keys);
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I EXCLUDE USING gist
        (hashtextextended(%s, 0) WITH =, %s, valid WITH &&, known WITH &&)', kept, kept || '_one_version', digest, same);
END $$;

SELECT exclude_versions('survey_feature', 'layer, code', 'layer || code', 'layer WITH =, code WITH =');
SELECT exclude_versions(kept, 'code', 'code', 'code WITH =')
FROM unnest('{parcel, reserved_land, issuer, contractor, household_member, contract, parcel_right, transfer,
    transfer_parcel, register_entry, certificate}'::text[]) AS kept;
DROP FUNCTION exclude_versions, keep_one_version, one_version;
