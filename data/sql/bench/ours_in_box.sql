-- ours_in_box: the stored parcels that may meet a village.
SELECT number, ST_AsBinary(geometry)
FROM parcels
WHERE geometry && ST_MakeEnvelope(%s, %s, %s, %s)
