-- pairs_best: common area of the boxes as an upper bound, then the relation that leaves touching neighbours out.
-- `+ 0` keeps the planner from joining two indexes, which is quadratic.
SELECT i, j, s FROM (
    SELECT a.id AS i, b.id AS j, ST_Area(ST_Intersection(a.geom, b.geom)) AS s
    FROM p AS a
    JOIN p AS b ON a.geom && b.geom AND a.id + 0 < b.id + 0
    WHERE (least(ST_XMax(a.geom), ST_XMax(b.geom)) - greatest(ST_XMin(a.geom), ST_XMin(b.geom)))
        * (least(ST_YMax(a.geom), ST_YMax(b.geom)) - greatest(ST_YMin(a.geom), ST_YMin(b.geom))) > %(tol)s
        AND ST_Relate(a.geom, b.geom, '2********')
) AS shared
WHERE s > %(tol)s
