-- shapes: every version of parcels, reserved land and survey features whose box meets a piece of ground, as we knew it at
-- any time: those that ended, those that were corrected, and those of today. Past versions have indexes of their own.
WITH here AS (SELECT ST_GeomFromWKB(:ground, :srid) AS shape)

SELECT 'parcel' AS layer, kept.code, kept.name, kept.category AS class_code, NULL::date AS surveyed_on,
    kept.valid, kept.known, kept.upload_id, kept.delivery, kept.area_m2, ST_AsBinary(kept.geom) AS wkb
FROM here, parcel AS kept
WHERE (upper_inf(kept.known) AND kept.geom && here.shape) OR (NOT upper_inf(kept.known) AND kept.geom && here.shape)
UNION ALL
SELECT 'reserved', kept.code, kept.expropriation_no, kept.state, kept.agreed_on,
    kept.valid, kept.known, kept.upload_id, kept.delivery, kept.area_m2, ST_AsBinary(kept.geom)
FROM here, reserved_land AS kept
WHERE (upper_inf(kept.known) AND kept.geom && here.shape) OR (NOT upper_inf(kept.known) AND kept.geom && here.shape)
UNION ALL
SELECT kept.layer, kept.code, kept.name, kept.class_code, kept.surveyed_on,
    kept.valid, kept.known, kept.upload_id, kept.delivery, kept.area_m2, ST_AsBinary(kept.geom)
FROM here, unnest(CAST(:layers AS text[])) AS wanted, survey_feature AS kept
WHERE kept.layer = wanted
    AND ((upper_inf(kept.known) AND kept.geom && here.shape) OR (NOT upper_inf(kept.known) AND kept.geom && here.shape))
LIMIT :most
