-- tiles/survey: one survey layer by reference and class; its features have no village, so all staff see them.
WITH tile AS (SELECT ST_TileEnvelope(:z, :x, :y) AS box, 40075016.7 / (4096.0 * (1 << :z)) AS grid),
shown AS MATERIALIZED (
    SELECT :layer || ':' || code AS ref, class_code,
        ST_AsMVTGeom(ST_Simplify(geom_3857, grid * :drop, true), box, 4096, 64) AS geom
    FROM survey_feature, tile
    WHERE layer = :layer AND upper_inf(known) AND valid @> current_date AND geom_3857 && box
)
SELECT ST_AsMVT(shown, :layer, 4096, 'geom') FROM shown WHERE geom IS NOT NULL
