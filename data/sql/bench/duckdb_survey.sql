-- duckdb_survey: which parcels and survey polygons meet.
CREATE TEMP TABLE met AS
SELECT parcels.number AS i, survey.number AS j
FROM parcels
JOIN survey ON ST_Intersects(parcels.geometry, survey.geometry)
