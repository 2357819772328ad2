-- Buildings on parcels beyond the approvals of the day they were seen: ten square metres of one building on one parcel.
WITH cut AS (
    SELECT p.code, b.code AS building, b.surveyed_on, ST_Intersection(p.geometry, b.geometry) AS ground
    FROM parcel p JOIN building b ON ST_Intersects(p.geometry, b.geometry)
)
SELECT 'ZZ-05', 'parcel:' || code, 'building:' || building
FROM cut CROSS JOIN LATERAL (
    SELECT ST_Union(geometry) AS ground FROM approval
    WHERE ST_Intersects(geometry, cut.ground) AND valid_from <= cut.surveyed_on
    AND (valid_to IS NULL OR cut.surveyed_on < valid_to)
) approved
WHERE ST_Area(coalesce(ST_Difference(cut.ground, approved.ground), cut.ground)) >= 10
