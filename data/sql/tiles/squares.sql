-- tiles/squares: where the features of an area lie, too many to be told apart: 64 squares across, with their number and
-- the share of the ground that they take. Squares of the tile are drawn in its grid of 4096, y downwards.
WITH square AS (
    SELECT x >> :halved AS x, y >> :halved AS y, sum(n)::bigint AS n, sum(m2) AS m2 FROM map_square
    WHERE layer = :layer AND level = :level AND cell BETWEEN :level_first AND :level_last AND day <= current_date
        AND (area LIKE ANY (:areas) OR other LIKE ANY (:areas))
    GROUP BY 1, 2
    HAVING sum(n) > 0
),
shown AS (
    SELECT n, least(100, round(100 * m2 * (stretched * :around / 40075016.7) ^ 2))::int AS share,
        ST_Reverse(ST_MakeEnvelope((x - :west) * :side, (y - :north) * :side,
            (x - :west + 1) * :side, (y - :north + 1) * :side)) AS geom
    -- the map is stretched by the secant of the latitude
    FROM square, LATERAL (SELECT cosh(pi() * (1 - (2 * y + 1)::float / :around)) AS stretched) AS there
)
SELECT ST_AsMVT(shown, :layer, 4096, 'geom') FROM shown
