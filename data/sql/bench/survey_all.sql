-- survey_all: the ground that parcels and survey polygons share; a condition on it would cut it more than once.
SELECT p.number AS i, s.number AS j, ST_Area(ST_Intersection(p.geometry, s.geometry)) AS m2
FROM parcels AS p
JOIN survey AS s ON ST_Intersects(p.geometry, s.geometry)
