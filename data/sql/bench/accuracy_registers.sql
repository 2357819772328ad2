-- Parcels on ground that was expropriated while somebody's right stands, on registered plots, on forest rights, and
-- beyond the regions and counties of their codes: each with the square metres of its rule, to the square millimetre, and
-- with no width.
WITH taken AS (
    SELECT p.code, p.geometry, ST_Intersection(p.geometry, a.ground) AS ground
    FROM parcel p CROSS JOIN LATERAL (
        SELECT ST_Union(geometry) AS ground FROM approval
        WHERE kind = '2' AND coalesce(implemented_on, valid_from) <= %(day)s AND ST_Intersects(geometry, p.geometry)
    ) a
    WHERE EXISTS (
        SELECT FROM parcel_right r WHERE r.parcel_code = p.code
        AND r.certificate_code NOT IN (SELECT certificate_code FROM certificate_cancelled)
    )
), homes AS (
    SELECT length(b.code) AS digits, b.code, ST_Union(b.geometry) AS ground FROM boundary b GROUP BY b.code
), abroad AS (
    SELECT p.code, h.digits, ST_Area(p.geometry) AS whole, ST_Area(ST_Difference(p.geometry, h.ground)) AS m2,
        rank() OVER (PARTITION BY p.code, h.digits > 6 ORDER BY h.digits DESC) AS place
    FROM parcel p JOIN homes h ON starts_with(p.code, h.code)
)
SELECT 'OV-11', 'parcel:' || code, 'approval' FROM taken
WHERE ST_Area(ground) >= 10 OR ST_Area(ground) >= greatest(1, ST_Area(geometry) / 20)
UNION ALL
SELECT 'OV-12', 'parcel:' || p.code, 'title_plot:' || t.code
FROM parcel p JOIN title_plot t ON t.kind IN ('1', '2', '3') AND ST_Intersects(p.geometry, t.geometry)
WHERE ST_Area(ST_Intersection(p.geometry, t.geometry)) >= 1 AND t.code IS DISTINCT FROM p.unit_code
UNION ALL
SELECT 'OV-13', 'parcel:' || p.code, 'forest_right:' || f.code
FROM parcel p JOIN forest_right f ON ST_Intersects(p.geometry, f.geometry)
WHERE round(ST_Area(ST_Intersection(p.geometry, f.geometry))::numeric, 6) >= 10
UNION ALL
SELECT CASE digits WHEN 6 THEN 'OV-07' ELSE 'OV-06' END, 'parcel:' || code, NULL FROM abroad
WHERE place = 1 AND m2 >= CASE digits WHEN 6 THEN 1 ELSE greatest(1, whole / 100) END
