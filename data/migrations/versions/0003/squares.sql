-- 0003 squares: what lies in each square of the map by area, a number that every change moves, and tiles kept by it.
CREATE FUNCTION spread(v integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (d | d << 1) & 6148914691236517205 FROM (
    SELECT (c | c << 2) & 3689348814741910323 AS d FROM (
    SELECT (b | b << 4) & 1085102592571150095 AS c FROM (
    SELECT (a | a << 8) & 71777214294589695 AS b FROM (
    SELECT (v::bigint | v::bigint << 16) & 281470681808895 AS a) AS w) AS w) AS w) AS w
$$;

-- The place of a square on the curve that visits a quarter wholly before the next: a tile is one stretch of it.
CREATE FUNCTION along_curve(x integer, y integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT spread(x) | spread(y) << 1
$$;

CREATE TABLE map_square (
    layer TEXT COLLATE "C" NOT NULL,
    level SMALLINT NOT NULL,
    x INTEGER NOT NULL,
    y INTEGER NOT NULL,
    area TEXT COLLATE "C" NOT NULL,
    day DATE NOT NULL,
    stamp BIGINT NOT NULL,
    n BIGINT NOT NULL,
    m2 BIGINT NOT NULL,
    cell BIGINT GENERATED ALWAYS AS (along_curve(x, y)) STORED NOT NULL
);
CREATE INDEX map_square_cell_idx ON map_square (layer, level, cell, area);
COMMENT ON COLUMN map_square.level IS 'zoom of the tile that is as large as the square; 0: shapes too wide for squares';
COMMENT ON COLUMN map_square.area IS 'first 14 digits of the codes that are counted';
COMMENT ON COLUMN map_square.day IS 'counts from this day on';
COMMENT ON COLUMN map_square.stamp IS 'a sum of random numbers, one a change: no two states of a square have the same';
COMMENT ON COLUMN map_square.n IS 'features with their middle in the square; rows of one square are added up';
COMMENT ON COLUMN map_square.m2 IS 'their ground in square metres';

CREATE UNLOGGED TABLE map_tile (
    layer TEXT COLLATE "C" NOT NULL,
    z SMALLINT NOT NULL,
    x INTEGER NOT NULL,
    y INTEGER NOT NULL,
    areas TEXT COLLATE "C" NOT NULL,
    etag TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT map_tile_pkey PRIMARY KEY (layer, z, x, y, areas)
);
ALTER TABLE map_tile ALTER COLUMN body SET STORAGE EXTERNAL;
COMMENT ON COLUMN map_tile.areas IS 'digest of the areas that were shown: accounts that see the same share it';
COMMENT ON COLUMN map_tile.etag IS 'the state of the ground that was shown';

-- The statement that counts rows (layer, area, valid, shape, m2, sign) into the squares. Nobody waits for anybody: who
-- counts takes along the rows of a square that no other holds, and puts one back; a square is the sum of its rows.
CREATE FUNCTION counting(said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT format('
WITH said (layer, area, valid, shape, m2, sign) AS (%s),
place AS (
    SELECT layer, area, valid, sign, m2, 0.5 + ST_XMin(shape) / world AS west, 0.5 + ST_XMax(shape) / world AS east,
        0.5 - ST_YMax(shape) / world AS north, 0.5 - ST_YMin(shape) / world AS south
    FROM said, (VALUES (40075016.685578488)) AS mercator (world)
),
-- A millimetre to each side: a shape that touches the edge of a square is drawn in both.
seen AS (
    SELECT DISTINCT layer, area, valid,
        greatest(floor((west - 2.5e-11) * 16384), 0)::int AS x0, least(floor((east + 2.5e-11) * 16384), 16383)::int AS x1,
        greatest(floor((north - 2.5e-11) * 16384), 0)::int AS y0, least(floor((south + 2.5e-11) * 16384), 16383)::int AS y1
    FROM place
),
marked AS (
    SELECT layer, 14 AS level, x, y, area, valid
    FROM seen, generate_series(x0, x1) AS x, generate_series(y0, y1) AS y
    WHERE x1 - x0 < 64 AND y1 - y0 < 64
    UNION
    SELECT layer, 0, 0, 0, area, valid FROM seen WHERE x1 - x0 >= 64 OR y1 - y0 >= 64
),
middle AS (
    SELECT layer, area, valid, sum(sign) AS n, sum(sign * round(m2)) AS m2,
        least(greatest(floor((west + east) * 131072), 0), 262143)::int AS x,
        least(greatest(floor((north + south) * 131072), 0), 262143)::int AS y
    FROM place WHERE sign <> 0
    GROUP BY layer, area, valid, 6, 7
),
mine AS MATERIALIZED (
    SELECT layer, level, x, y, area, day, sum(stamp) AS stamp, sum(n) AS n, sum(m2) AS m2
    FROM (
        SELECT layer, level, x, y, area, day, $1 AS stamp, 0 AS n, 0 AS m2
        FROM marked, unnest(ARRAY[''-infinity'', lower(valid), upper(valid)]) AS day
        WHERE day = ''-infinity'' OR day > current_date
        UNION ALL
        SELECT layer, level, x >> (18 - level), y >> (18 - level), area, day, 0, way * n, way * m2
        FROM middle, generate_series(6, 18, 2) AS level,
            (VALUES (1), (-1)) AS turn (way), 
            LATERAL (SELECT CASE way WHEN 1 THEN coalesce(lower(valid), ''-infinity'') ELSE upper(valid) END AS day) AS at
        WHERE day IS NOT NULL
    ) AS each
    GROUP BY layer, level, x, y, area, day
),
free AS (
    DELETE FROM map_square WHERE ctid = ANY (ARRAY(
        SELECT held.ctid FROM mine, LATERAL (
            SELECT ctid FROM map_square AS square
            WHERE square.layer = mine.layer AND square.level = mine.level AND square.area = mine.area
                AND square.cell = along_curve(mine.x, mine.y) AND square.day = mine.day
            FOR UPDATE SKIP LOCKED
        ) AS held
    ))
    RETURNING layer, level, x, y, area, day, stamp, n, m2
)
INSERT INTO map_square (layer, level, x, y, area, day, stamp, n, m2)
SELECT layer, level, x, y, area, day, sum(stamp), sum(n), sum(m2)
FROM (SELECT * FROM mine UNION ALL SELECT * FROM free) AS each
GROUP BY layer, level, x, y, area, day
HAVING sum(stamp) <> 0 OR sum(n) <> 0 OR sum(m2) <> 0', said)
$$;

CREATE FUNCTION count_squares(said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE counting(said) USING floor(random() * 4294967296)::bigint;
END $$;

CREATE FUNCTION mark_squares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE counting(TG_ARGV[0]) USING floor(random() * 4294967296)::bigint;
    RETURN NULL;
END $$;
