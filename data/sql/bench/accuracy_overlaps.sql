-- Which parcels conflict, as people ask first: ST_Overlaps, which neither equal nor contained shapes satisfy.
SELECT a.code, b.code
FROM parcel a JOIN parcel b ON a.code < b.code AND ST_Overlaps(a.geometry, b.geometry)
