-- duckdb_pairs: which parcels' boxes meet; their numbers only, since shapes would be copied for every pair.
CREATE TEMP TABLE met AS
SELECT a.number AS i, b.number AS j
FROM parcels AS a
JOIN parcels AS b ON ST_Intersects_Extent(a.geometry, b.geometry)
