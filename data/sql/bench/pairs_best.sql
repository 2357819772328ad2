-- pairs_best: common area of the boxes as an upper bound, then the relation that leaves touching neighbours out.
-- `+ 0` keeps the planner from joining two indexes, which is quadratic.
SELECT i, j, m2 FROM (
    SELECT a.number AS i, b.number AS j, ST_Area(ST_Intersection(a.geometry, b.geometry)) AS m2
    FROM parcels AS a
    JOIN parcels AS b ON a.geometry && b.geometry AND a.number + 0 < b.number + 0
    WHERE (least(ST_XMax(a.geometry), ST_XMax(b.geometry)) - greatest(ST_XMin(a.geometry), ST_XMin(b.geometry)))
        * (least(ST_YMax(a.geometry), ST_YMax(b.geometry)) - greatest(ST_YMin(a.geometry), ST_YMin(b.geometry)))
        > {more_than_m2}
        AND ST_Relate(a.geometry, b.geometry, '2********')
) AS cut
WHERE m2 > {more_than_m2}
