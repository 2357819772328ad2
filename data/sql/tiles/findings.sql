-- tiles/findings: each finding of an area, gone ones too; a cut too thin to be drawn is still a point.
WITH tile AS (SELECT ST_TileEnvelope(:z, :x, :y) AS box, 40075016.7 / (4096.0 * (1 << :z)) AS grid),
shown AS MATERIALIZED (
    SELECT finding.key, rule, category, severity, state, presence,
        coalesce(
            ST_AsMVTGeom(geom_3857, box, 4096, 64),
            ST_AsMVTGeom(ST_Centroid(ST_Envelope(geom_3857)), box, 4096, 64)
        ) AS geom
    FROM finding_version AS said JOIN finding USING (key), tile
    WHERE upper_inf(known) AND geom_3857 && box
        AND (village LIKE ANY (:areas) OR other_village LIKE ANY (:areas))
)
SELECT ST_AsMVT(shown, 'finding', 4096, 'geom') FROM shown WHERE geom IS NOT NULL
