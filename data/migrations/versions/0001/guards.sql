-- 0001 guards: nothing in our books is overwritten or taken out; whoever brought data in does not judge it.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept for ever: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION only_close_known() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before record := OLD;
BEGIN
    before.known := NEW.known;
    IF before *<> NEW OR NOT upper_inf(OLD.known) OR upper_inf(NEW.known)
        OR lower(NEW.known) <> lower(OLD.known) OR upper(NEW.known) < now() THEN
        RAISE EXCEPTION '% is kept in versions: write a new one', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

-- A table whose rows are written once.
CREATE FUNCTION keep_for_ever(kept regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER kept_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', kept);
END $$;

-- A table kept in versions: a row is opened now, is closed once, and stays.
CREATE FUNCTION keep_versions(kept regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON %s
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', kept);
    EXECUTE format('CREATE TRIGGER only_closed AFTER UPDATE ON %s
        FOR EACH ROW EXECUTE FUNCTION only_close_known()', kept);
    EXECUTE format('CREATE TRIGGER opened_now BEFORE INSERT ON %s
        FOR EACH ROW WHEN (NOT upper_inf(NEW.known) OR lower_inf(NEW.known) OR lower(NEW.known) < now())
        EXECUTE FUNCTION refuse_change()', kept);
END $$;

-- A table with shapes: polygons in the one metric system of this house, every coordinate a number near the ground.
CREATE FUNCTION keep_on_the_ground(kept regclass, srid integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT on_the_ground CHECK (ST_SRID(geom) = %s AND NOT ST_IsEmpty(geom)
        AND GeometryType(geom) IN (''POLYGON'', ''MULTIPOLYGON'') AND ST_Area(geom) < 1e12
        AND ST_XMin(geom) > -1e8 AND ST_YMin(geom) > -1e8 AND ST_XMax(geom) < 1e8 AND ST_YMax(geom) < 1e8)',
        kept, srid);
END $$;

-- The accounts whose deliveries hold the latest version of what a reference names.
CREATE FUNCTION brought_by(ref text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
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

-- The accounts that brought in a party of a finding: its two sides, and the patches that a union was made of.
CREATE FUNCTION parties_brought_by(finding_key text) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT brought_by(subject) FROM finding WHERE key = finding_key
    UNION SELECT brought_by(against) FROM finding WHERE key = finding_key
    UNION SELECT brought_by(patch ->> 'ref')
    FROM finding_version AS said, jsonb_path_query(said.evidence, '$.patches[*]') AS patch
    WHERE said.key = finding_key AND upper_inf(said.known)
$$;

CREATE FUNCTION take_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named finding;
BEGIN
    SELECT * INTO named FROM finding WHERE key = NEW.key FOR UPDATE;
    IF NEW.seq <> named.seq + 1 OR NEW.from_state <> named.state THEN
        RAISE EXCEPTION 'finding has moved on: event % in state %', named.seq, named.state USING ERRCODE = 'DX409';
    END IF;
    IF (SELECT judges FROM legal_move AS may
        WHERE (may.from_state, may.action, may.to_state) = (NEW.from_state, NEW.action, NEW.to_state))
        AND NEW.actor_id IN (SELECT parties_brought_by(NEW.key)) THEN
        RAISE EXCEPTION 'who brought a party in does not judge it' USING ERRCODE = 'DX403';
    END IF;
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE FUNCTION follow_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE finding SET state = NEW.to_state, seq = NEW.seq WHERE key = NEW.key;
    RETURN NULL;
END $$;

CREATE TRIGGER taken BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION take_event();
CREATE TRIGGER followed AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION follow_event();
CREATE TRIGGER only_by_event BEFORE UPDATE ON finding FOR EACH ROW WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON finding FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON upload FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON run FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

SELECT keep_for_ever(kept) FROM unnest('{deployment, event, sighting, legal_move, upload_layer,
    rejected_row}'::regclass[]) AS kept;
SELECT keep_versions(kept) FROM unnest('{parcel, reserved_land, survey_feature, issuer, contractor, household_member,
    contract, parcel_right, transfer, transfer_parcel, register_entry, certificate, finding_version}'::regclass[]) AS
        kept;
