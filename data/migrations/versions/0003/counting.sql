-- 0003 counting: triggers that count what is opened and closed into the squares of the map, and the books so far.

-- What the rows of a source mean for the map: layer, area, other, kind, valid, shape, m2, and whether a row counts more
-- or less; a decision counts nothing and changes what is shown.
CREATE FUNCTION said_of(kept text, source text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT format(CASE kept
    WHEN 'parcel' THEN 'SELECT ''parcel'', left(code, 14), '''', '''', valid, geom_3857, area_m2, turn FROM %s'
    WHEN 'reserved_land' THEN 'SELECT ''reserved'', left(code, 14), '''', '''', valid, geom_3857, area_m2, turn FROM %s'
    WHEN 'survey_feature' THEN 'SELECT layer, '''', '''', '''', valid, geom_3857, area_m2, turn FROM %s'
    WHEN 'finding_version' THEN 'SELECT ''finding'', village, coalesce(other_village, ''''),
        CASE presence WHEN ''gone'' THEN ''gone'' ELSE category || '' '' || severity END,
        daterange(NULL, NULL), geom_3857, 0, turn FROM %s'
    WHEN 'finding' THEN 'SELECT ''finding'', village, coalesce(other_village, ''''), '''', daterange(NULL, NULL),
        geom_3857, 0, 0 FROM finding_version JOIN (SELECT key AS decided FROM %s) AS moved ON key = decided'
    END || ', LATERAL (SELECT upper_inf(known)::int * 2 - 1 AS turn) AS way WHERE geom_3857 IS NOT NULL'
    || CASE kept WHEN 'finding' THEN ' AND upper_inf(known)' ELSE '' END, source)
$$;

-- The statement that counts rows of that form into the squares. Nobody waits for anybody: who counts takes along the
-- rows of a square that no other holds, and puts one back; a square is the sum of its rows.
CREATE FUNCTION counting(said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT format('
WITH said (layer, area, other, kind, valid, shape, m2, sign) AS (%s),
place AS (
    SELECT layer, area, other, kind, valid, sign, m2,
        0.5 + ST_XMin(shape) / world AS west, 0.5 + ST_XMax(shape) / world AS east,
        0.5 - ST_YMax(shape) / world AS north, 0.5 - ST_YMin(shape) / world AS south
    FROM said, (VALUES (40075016.685578488)) AS mercator (world)
),
-- A millimetre to each side: a shape that touches the edge of a square is drawn in both.
seen AS (
    SELECT DISTINCT layer, area, other, kind, valid,
        greatest(floor((west - 2.5e-11) * 16384), 0)::int AS x0,
        least(floor((east + 2.5e-11) * 16384), 16383)::int AS x1,
        greatest(floor((north - 2.5e-11) * 16384), 0)::int AS y0,
        least(floor((south + 2.5e-11) * 16384), 16383)::int AS y1
    FROM place
),
marked AS (
    SELECT layer, 14 AS level, x, y, area, other, kind, valid
    FROM seen, generate_series(x0, x1) AS x, generate_series(y0, y1) AS y
    WHERE x1 - x0 < 64 AND y1 - y0 < 64
    UNION
    SELECT layer, 0, 0, 0, area, other, kind, valid FROM seen WHERE x1 - x0 >= 64 OR y1 - y0 >= 64
),
middle AS (
    SELECT layer, area, other, kind, valid, sum(sign) AS n, sum(sign * round(m2)) AS m2,
        least(greatest(floor((west + east) * 131072), 0), 262143)::int AS x,
        least(greatest(floor((north + south) * 131072), 0), 262143)::int AS y
    FROM place WHERE sign <> 0
    GROUP BY layer, area, other, kind, valid, 8, 9
),
mine AS MATERIALIZED (
    SELECT layer, level, x, y, area, other, kind, day, sum(stamp) AS stamp, sum(n) AS n, sum(m2) AS m2
    FROM (
        SELECT layer, level, x, y, area, other, kind, day, $1 AS stamp, 0 AS n, 0 AS m2
        FROM marked, unnest(ARRAY[''-infinity'', lower(valid), upper(valid)]) AS day
        WHERE day = ''-infinity'' OR day > current_date
        UNION ALL
        SELECT layer, level, x >> (18 - level), y >> (18 - level), area, other, kind, day, 0, way * n, way * m2
        FROM middle, generate_series(6, 18, 2) AS level,
            LATERAL (VALUES (1, coalesce(lower(valid), ''-infinity'')), (-1, upper(valid))) AS turn (way, day)
        WHERE day IS NOT NULL
    ) AS each
    GROUP BY layer, level, x, y, area, other, kind, day
),
free AS (
    DELETE FROM map_square WHERE ctid = ANY (ARRAY(
        SELECT held.ctid FROM mine, LATERAL (
            SELECT ctid FROM map_square AS square
            WHERE square.layer = mine.layer AND square.level = mine.level AND square.area = mine.area
                AND square.other = mine.other AND square.kind = mine.kind
                AND square.cell = along_curve(mine.x, mine.y) AND square.day = mine.day
            FOR UPDATE SKIP LOCKED
        ) AS held
    ))
    RETURNING layer, level, x, y, area, other, kind, day, stamp, n, m2
)
INSERT INTO map_square (layer, level, x, y, area, other, kind, day, stamp, n, m2)
SELECT layer, level, x, y, area, other, kind, day, sum(stamp), sum(n), sum(m2)
FROM (SELECT * FROM mine UNION ALL SELECT * FROM free) AS each
GROUP BY layer, level, x, y, area, other, kind, day
HAVING sum(stamp) <> 0 OR sum(n) <> 0 OR sum(m2) <> 0', said)
$$;

CREATE FUNCTION count_squares(said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE counting(said) USING 1 + floor(random() * 4294967296)::bigint;
END $$;

CREATE FUNCTION mark_squares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE counting(said_of(TG_TABLE_NAME, 'touched')) USING 1 + floor(random() * 4294967296)::bigint;
    RETURN NULL;
END $$;

-- A table kept in versions: a row that is opened counts, a row that is closed counts no more.
CREATE FUNCTION keep_count(kept regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_squares(said_of(kept::text, format('(SELECT * FROM %s WHERE upper_inf(known)) AS standing', kept)));
    EXECUTE format('CREATE TRIGGER counted_in AFTER INSERT ON %s REFERENCING NEW TABLE AS touched
        FOR EACH STATEMENT EXECUTE FUNCTION mark_squares()', kept);
    EXECUTE format('CREATE TRIGGER counted_out AFTER UPDATE ON %s REFERENCING NEW TABLE AS touched
        FOR EACH STATEMENT EXECUTE FUNCTION mark_squares()', kept);
END $$;

SELECT keep_count(kept) FROM unnest('{parcel, reserved_land, survey_feature, finding_version}'::regclass[]) AS kept;
CREATE TRIGGER decided AFTER UPDATE ON finding REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION mark_squares();
