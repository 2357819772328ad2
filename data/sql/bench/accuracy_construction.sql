-- Construction on parcels beyond the approvals of the survey's day: on contracted land, and on basic farmland.
WITH cut AS (
    SELECT p.code, p.category, l.surveyed_on, ST_Union(ST_Intersection(p.geometry, l.geometry)) AS ground
    FROM parcel p JOIN landcover l ON l.built AND ST_Intersects(p.geometry, l.geometry)
    GROUP BY p.code, p.category, l.surveyed_on
), beyond AS (
    SELECT code, category, coalesce(ST_Difference(cut.ground, approved.ground), cut.ground) AS ground
    FROM cut CROSS JOIN LATERAL (
        SELECT ST_Union(geometry) AS ground FROM approval
        WHERE ST_Intersects(geometry, cut.ground) AND valid_from <= cut.surveyed_on
        AND (valid_to IS NULL OR cut.surveyed_on < valid_to)
    ) approved
)
SELECT 'ZZ-01', 'parcel:' || code, 'landcover' FROM beyond WHERE category = '10' AND ST_Area(ground) >= 50
UNION ALL
SELECT 'ZZ-02', 'parcel:' || code, 'landcover'
FROM beyond CROSS JOIN LATERAL (
    SELECT ST_Union(geometry) AS ground FROM basic_farmland WHERE ST_Intersects(geometry, beyond.ground)
) farmland
WHERE ST_Area(ST_Intersection(beyond.ground, farmland.ground)) >= 1
