-- 0004 one_version: of one fact there is one version for any day and any moment, looked at once for a whole statement.
-- Row by row, an exclusion constraint takes longer than all the rest of storing a delivery.

-- Who enters versions keeps everybody else from entering some there until the end of the transaction (the locks are
-- those of data/store/locks.py), and then sees all that was committed before. The arguments: keys, and names of locks.
CREATE FUNCTION one_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    twice boolean;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'versions of % are entered by transactions that see what others committed', TG_TABLE_NAME
            USING ERRCODE = 'invalid_transaction_state';
    END IF;
    EXECUTE format('SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0)))
        FROM (SELECT DISTINCT %s AS name FROM entered ORDER BY 1) AS lock', TG_ARGV[1]);
    EXECUTE format('SELECT EXISTS (SELECT FROM entered JOIN %I.%I AS kept USING (%s)
        WHERE kept.id <> entered.id AND kept.valid && entered.valid AND kept.known && entered.known)',
        TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[0]) INTO twice;
    IF twice THEN
        RAISE EXCEPTION 'two versions of % for one day and one moment', TG_TABLE_NAME
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = TG_TABLE_NAME || '_one_version';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION keep_one_version(kept text, keys text, lock text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', kept, kept || '_one_version');
    EXECUTE format('DROP INDEX %I', kept || '_current_idx');
    EXECUTE format('CREATE INDEX %I ON %I (%s)', kept || '_versions_idx', kept, keys);
    EXECUTE format('CREATE TRIGGER one_version AFTER INSERT ON %I REFERENCING NEW TABLE AS entered
        FOR EACH STATEMENT EXECUTE FUNCTION one_version(%L, %L)', kept, keys, lock);
END $$;

SELECT keep_one_version('survey_feature', 'layer, code', $$'survey:' || layer$$);
SELECT keep_one_version(kept, 'code', $$'village:' || left(code, 12)$$)
FROM unnest('{parcel, reserved_land, issuer, contractor, household_member, contract, parcel_right, transfer,
    transfer_parcel, register_entry, certificate}'::text[]) AS kept;
