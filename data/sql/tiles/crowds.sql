-- tiles/crowds: present findings of an area, too many to be visited one by one: as they were counted, by category in
-- squares of a sixteenth of a tile. Points lie in the middle of a square, in the tile's grid of 4096, y downwards.
WITH square AS (
    SELECT x >> :halved AS x, y >> :halved AS y, split_part(kind, ' ', 1) AS category,
        split_part(kind, ' ', 2) AS severity, sum(n)::bigint AS n
    FROM map_square
    WHERE layer = :layer AND level = :level AND cell BETWEEN :level_first AND :level_last AND day <= current_date
        AND kind NOT IN ('gone', '') AND (area LIKE ANY (:areas) OR other LIKE ANY (:areas))
    GROUP BY 1, 2, 3, 4
    HAVING sum(n) > 0
),
shown AS (
    SELECT category, sum(n)::bigint AS n, 'present' AS presence,
        (array_agg(severity ORDER BY array_position('{high,medium,low}', severity)))[1] AS severity,
        ST_MakePoint((x - :west + 0.5) * :side, (y - :north + 0.5) * :side) AS geom
    FROM square
    GROUP BY category, x, y
)
SELECT ST_AsMVT(shown, 'finding', 4096, 'geom') FROM shown
