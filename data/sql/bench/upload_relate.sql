-- upload_relate: common area of the boxes as an upper bound, then the relation that leaves touching neighbours out.
SELECT i, j, m2 FROM (
    SELECT v.number AS i, p.number AS j, ST_Area(ST_Intersection(v.geometry, p.geometry)) AS m2
    FROM village AS v
    JOIN parcels AS p ON v.geometry && p.geometry
    WHERE (least(ST_XMax(v.geometry), ST_XMax(p.geometry)) - greatest(ST_XMin(v.geometry), ST_XMin(p.geometry)))
        * (least(ST_YMax(v.geometry), ST_YMax(p.geometry)) - greatest(ST_YMin(v.geometry), ST_YMin(p.geometry)))
        > {more_than_m2}
        AND ST_Relate(v.geometry, p.geometry, '2********')
) AS cut
WHERE m2 > {more_than_m2}
