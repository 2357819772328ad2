-- 0007 down: every row is judged by itself again.
CREATE OR REPLACE FUNCTION keep_versions(kept regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON %s
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', kept);
    EXECUTE format('CREATE TRIGGER only_closed AFTER UPDATE ON %s
        FOR EACH ROW EXECUTE FUNCTION only_close_known()', kept);
    EXECUTE format('CREATE TRIGGER opened_now BEFORE INSERT ON %s
        FOR EACH ROW WHEN (NOT upper_inf(NEW.known) OR lower_inf(NEW.known) OR lower(NEW.known) < now())
        EXECUTE FUNCTION refuse_change()', kept);
END $$;

DO $$
DECLARE
    kept regclass;
BEGIN
    FOR kept IN SELECT tgrelid FROM pg_trigger WHERE tgname = 'opened_now' LOOP
        EXECUTE format('DROP TRIGGER opened_now ON %s', kept);
        EXECUTE format('CREATE TRIGGER opened_now BEFORE INSERT ON %s
            FOR EACH ROW WHEN (NOT upper_inf(NEW.known) OR lower_inf(NEW.known) OR lower(NEW.known) < now())
            EXECUTE FUNCTION refuse_change()', kept);
        IF to_regclass(kept || '_upload_id_idx') IS NOT NULL THEN
            EXECUTE format('DROP INDEX %I', kept || '_upload_id_idx');
            EXECUTE format('CREATE INDEX %I ON %s (upload_id)', kept || '_upload_id_idx', kept);
        END IF;
        EXECUTE format('ALTER TABLE %s RESET (toast_tuple_target)', kept);
    END LOOP;
END $$;
DROP FUNCTION opened_now;

CREATE OR REPLACE FUNCTION spread(v integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (d | (d << 1)) & 6148914691236517205 FROM (
    SELECT (c | (c << 2)) & 3689348814741910323 AS d FROM (
    SELECT (b | (b << 4)) & 1085102592571150095 AS c FROM (
    SELECT (a | (a << 8)) & 71777214294589695 AS b FROM (
    SELECT (v::bigint | (v::bigint << 16)) & 281470681808895 AS a) AS w) AS w) AS w) AS w
$$;
