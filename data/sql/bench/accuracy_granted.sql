-- Which parcels lie on reserved land, which reserved land was granted twice, and which lies on basic farmland: a square
-- metre in common.
SELECT 'OV-09', 'parcel:' || p.code, 'reserved:' || r.code
FROM parcel p JOIN reserved r ON ST_Intersects(p.geometry, r.geometry)
WHERE ST_Area(ST_Intersection(p.geometry, r.geometry)) >= 1
UNION ALL
SELECT 'OV-10', 'reserved:' || a.code, 'reserved:' || b.code
FROM reserved a JOIN reserved b ON a.code < b.code AND ST_Intersects(a.geometry, b.geometry)
WHERE ST_Area(ST_Intersection(a.geometry, b.geometry)) >= 1
UNION ALL
SELECT 'OV-14', 'reserved:' || r.code, 'basic_farmland'
FROM reserved r CROSS JOIN LATERAL (
    SELECT ST_Union(geometry) AS ground FROM basic_farmland WHERE ST_Intersects(geometry, r.geometry)
) f
WHERE ST_Area(ST_Intersection(r.geometry, f.ground)) >= 1
