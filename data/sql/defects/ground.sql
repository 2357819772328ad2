-- ground: where the parcels of some villages lie today, by squares, for a sketch of a delivery.
WITH parcels AS (
    SELECT ST_Centroid(ST_Envelope(parcel.geom)) AS middle
    FROM unnest(CAST(:villages AS text[])) AS village
    JOIN parcel ON parcel.code >= village AND parcel.code < village || ':' AND upper_inf(parcel.known)
),
frame AS (
    SELECT greatest(ST_XMax(box) - ST_XMin(box), ST_YMax(box) - ST_YMin(box), 1) / :squares AS side
    FROM (SELECT ST_Extent(middle) AS box FROM parcels) AS extent
)
SELECT avg(ST_X(middle)) AS x, avg(ST_Y(middle)) AS y
FROM parcels, frame
GROUP BY floor(ST_X(middle) / side), floor(ST_Y(middle) / side)
ORDER BY 1, 2
