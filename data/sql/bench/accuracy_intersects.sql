-- Which parcels conflict, as people ask next: ST_Intersects, and a square metre in common.
SELECT a.code, b.code
FROM parcel a JOIN parcel b ON a.code < b.code AND ST_Intersects(a.geometry, b.geometry)
WHERE ST_Area(ST_Intersection(a.geometry, b.geometry)) >= 1
