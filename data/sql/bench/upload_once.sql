-- upload_once: ST_Intersects, and each cut made once, which is best where nearly all that meet share ground.
WITH cut AS MATERIALIZED (
    SELECT v.number AS i, p.number AS j, ST_Area(ST_Intersection(v.geometry, p.geometry)) AS m2
    FROM village AS v
    JOIN parcels AS p ON ST_Intersects(v.geometry, p.geometry)
)
SELECT i, j, m2 FROM cut
WHERE m2 > {more_than_m2}
