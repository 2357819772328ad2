-- pairs_naive: what users write first.
SELECT i, j, s FROM (
    SELECT a.id AS i, b.id AS j, ST_Area(ST_Intersection(a.geom, b.geom)) AS s
    FROM p AS a
    JOIN p AS b ON ST_Intersects(a.geom, b.geom) AND a.id + 0 < b.id + 0
) AS shared
WHERE s > %(tol)s
