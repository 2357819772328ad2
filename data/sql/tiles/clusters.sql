-- tiles/clusters: present findings of an area, counted by category in squares of a sixteenth of a tile.
WITH tile AS (SELECT ST_TileEnvelope(:z, :x, :y) AS box, 40075016.7 / (16.0 * (1 << :z)) AS side),
counted AS (
    SELECT category, count(*) AS n, 'present' AS presence, min(finding.key) AS key, min(state) AS state,
        (array_agg(severity ORDER BY array_position('{high,medium,low}', severity)))[1] AS severity,
        ST_Centroid(ST_Collect(ST_Centroid(ST_Envelope(geom_3857)))) AS place
    FROM finding_version AS said JOIN finding USING (key), tile
    WHERE upper_inf(known) AND presence = 'present' AND geom_3857 && box AND ST_Centroid(ST_Envelope(geom_3857)) && box
        AND (village LIKE ANY (:areas) OR other_village LIKE ANY (:areas))
    GROUP BY category, ST_SnapToGrid(ST_Centroid(ST_Envelope(geom_3857)), side)
),
shown AS MATERIALIZED (
    SELECT category, severity, presence, n, CASE WHEN n = 1 THEN key END AS key, CASE WHEN n = 1 THEN state END AS state,
        ST_AsMVTGeom(place, box, 4096, 64) AS geom
    FROM counted, tile
)
SELECT ST_AsMVT(shown, 'finding', 4096, 'geom') FROM shown WHERE geom IS NOT NULL
