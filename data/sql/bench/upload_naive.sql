-- upload_naive: what users write first.
SELECT i, j, m2 FROM (
    SELECT v.number AS i, p.number AS j, ST_Area(ST_Intersection(v.geometry, p.geometry)) AS m2
    FROM village AS v
    JOIN parcels AS p ON ST_Intersects(v.geometry, p.geometry)
) AS cut
WHERE m2 > {more_than_m2}
