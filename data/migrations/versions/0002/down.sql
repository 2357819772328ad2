-- 0002 down: everything whose name begins with procrastinate_, whatever release laid it out.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'r' AND relname LIKE 'procrastinate\_%' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', found.name);
    END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'procrastinate\_%' AND pronamespace = 'public'::regnamespace LOOP
        EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', found.name);
    END LOOP;
    FOR found IN SELECT oid::regtype AS name FROM pg_type
        WHERE typname LIKE 'procrastinate\_%' AND typtype IN ('e', 'c') AND typnamespace = 'public'::regnamespace LOOP
        EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', found.name);
    END LOOP;
END $$;
