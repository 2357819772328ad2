-- tiles/shapes: the shapes of a layer with what is told of them. A shape within the tile is only moved onto its grid, y
-- downwards; PostGIS's own way repairs and cuts each one, which takes four times as long, so that only those over the
-- edge go it. Vertices that change nothing on a screen are left out.
WITH tile AS (
    SELECT box, grid, ST_Expand(box, 64 * grid) AS around, -ST_XMin(box) / grid AS west, ST_YMax(box) / grid AS north
    FROM ST_TileEnvelope(:z, :x, :y) AS box, (VALUES (40075016.685578488 / (4096.0 * (1 << :z)))) AS cell (grid)
),
shown AS MATERIALIZED (
    SELECT {told},
        CASE WHEN geom_3857 @ around THEN ST_ForcePolygonCCW(ST_SnapToGrid(
            ST_Affine(ST_Simplify(geom_3857, grid * :drop, true), 1 / grid, 0, 0, -1 / grid, west, north), 1))
        ELSE ST_AsMVTGeom(ST_Simplify(geom_3857, grid * :drop, true), box, 4096, 64) END AS geom
    FROM {table}, tile
    WHERE upper_inf(known) AND valid @> current_date AND geom_3857 && box AND {which}
)
SELECT ST_AsMVT(shown, :layer, 4096, 'geom') FROM shown WHERE NOT ST_IsEmpty(geom)
