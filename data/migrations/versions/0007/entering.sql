-- 0007 entering: rows of a delivery are judged together once they are in, so that they can be copied in by the page.
CREATE FUNCTION opened_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM touched WHERE NOT upper_inf(known) OR lower_inf(known) OR lower(known) < now()) THEN
        RAISE EXCEPTION '% is kept in versions: a row is opened now', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

-- A table kept in versions: a row is opened now, is closed once, and stays.
CREATE OR REPLACE FUNCTION keep_versions(kept regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON %s
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', kept);
    EXECUTE format('CREATE TRIGGER only_closed AFTER UPDATE ON %s
        FOR EACH ROW EXECUTE FUNCTION only_close_known()', kept);
    EXECUTE format('CREATE TRIGGER opened_now AFTER INSERT ON %s REFERENCING NEW TABLE AS touched
        FOR EACH STATEMENT EXECUTE FUNCTION opened_now()', kept);
END $$;

DO $$
DECLARE
    kept regclass;
BEGIN
    FOR kept IN SELECT tgrelid FROM pg_trigger WHERE tgname = 'opened_now' LOOP
        EXECUTE format('DROP TRIGGER opened_now ON %s', kept);
        EXECUTE format('CREATE TRIGGER opened_now AFTER INSERT ON %s REFERENCING NEW TABLE AS touched
            FOR EACH STATEMENT EXECUTE FUNCTION opened_now()', kept);
        -- Deliveries come one after the other, and so do their rows: a summary of each stretch of the table finds them.
        IF to_regclass(kept || '_upload_id_idx') IS NOT NULL THEN
            EXECUTE format('DROP INDEX %I', kept || '_upload_id_idx');
            EXECUTE format('CREATE INDEX %I ON %s USING brin (upload_id)', kept || '_upload_id_idx', kept);
        END IF;
        -- A shape of some forty points fits into a page as it is: to compress it cost a third of its way in.
        EXECUTE format('ALTER TABLE %s SET (toast_tuple_target = 8160)', kept);
    END LOOP;
END $$;
