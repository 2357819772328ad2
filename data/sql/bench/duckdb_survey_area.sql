-- duckdb_survey_area: how much ground the parcels and survey polygons share that meet; all of it, so that none is cut twice.
SELECT i, j, ST_Area(ST_Intersection(parcels.geometry, survey.geometry)) AS m2
FROM met
JOIN parcels ON parcels.number = i
JOIN survey ON survey.number = j
