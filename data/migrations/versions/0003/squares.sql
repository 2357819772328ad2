-- 0003 squares: what lies in each square of the map by area, a number that every change moves, and tiles kept by it.

-- The bits of a number with a nought before each.
CREATE FUNCTION spread(v integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (d | (d << 1)) & 6148914691236517205 FROM (
    SELECT (c | (c << 2)) & 3689348814741910323 AS d FROM (
    SELECT (b | (b << 4)) & 1085102592571150095 AS c FROM (
    SELECT (a | (a << 8)) & 71777214294589695 AS b FROM (
    SELECT (v::bigint | (v::bigint << 16)) & 281470681808895 AS a) AS w) AS w) AS w) AS w
$$;

-- The place of a square on the curve that visits a quarter wholly before the next: a tile is one stretch of it.
CREATE FUNCTION along_curve(x integer, y integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT spread(x) | (spread(y) << 1)
$$;

CREATE TABLE map_square (
    layer TEXT COLLATE "C" NOT NULL,
    level SMALLINT NOT NULL,
    x INTEGER NOT NULL,
    y INTEGER NOT NULL,
    area TEXT COLLATE "C" NOT NULL,
    other TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    day DATE NOT NULL,
    stamp BIGINT NOT NULL,
    n BIGINT NOT NULL,
    m2 BIGINT NOT NULL,
    cell BIGINT GENERATED ALWAYS AS (along_curve(x, y)) STORED NOT NULL
);
CREATE INDEX map_square_cell_idx ON map_square (layer, level, cell, area);
COMMENT ON COLUMN map_square.level IS 'zoom of the tile that is as large as the square; 0: shapes too wide for squares';
COMMENT ON COLUMN map_square.area IS 'first 14 digits of the codes that are counted';
COMMENT ON COLUMN map_square.other IS 'the other village of a finding, or empty; who sees either counts it once';
COMMENT ON COLUMN map_square.kind IS 'category and severity of findings that are present, or gone; otherwise empty';
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
