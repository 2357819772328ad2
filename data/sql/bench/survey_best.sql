-- survey_best: the cut is kept as a step of its own; otherwise PostGIS makes it once to filter and once more to tell.
WITH cut AS MATERIALIZED (
    SELECT p.number AS i, s.number AS j, ST_Area(ST_Intersection(p.geometry, s.geometry)) AS m2
    FROM parcels AS p
    JOIN survey AS s ON ST_Intersects(p.geometry, s.geometry)
)
SELECT i, j, m2 FROM cut
WHERE m2 > {more_than_m2}
