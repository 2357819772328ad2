-- tiles/reserved: reserved land of an area by code, form and state of its ledger.
WITH tile AS (SELECT ST_TileEnvelope(:z, :x, :y) AS box, 40075016.7 / (4096.0 * (1 << :z)) AS grid),
shown AS MATERIALIZED (
    SELECT code, form, state, ST_AsMVTGeom(ST_Simplify(geom_3857, grid * :drop, true), box, 4096, 64) AS geom
    FROM reserved_land, tile
    WHERE upper_inf(known) AND valid @> current_date AND geom_3857 && box AND code LIKE ANY (:areas)
)
SELECT ST_AsMVT(shown, 'reserved', 4096, 'geom') FROM shown WHERE geom IS NOT NULL
