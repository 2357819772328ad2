-- survey_naive: what users write first.
SELECT i, j, m2 FROM (
    SELECT p.number AS i, s.number AS j, ST_Area(ST_Intersection(p.geometry, s.geometry)) AS m2
    FROM parcels AS p
    JOIN survey AS s ON ST_Intersects(p.geometry, s.geometry)
) AS cut
WHERE m2 > {more_than_m2}
