-- bench/tiles_plain: a tile as the manual of PostGIS makes it, from shapes in the system they are measured in.
WITH tile AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box),
shown AS (
    SELECT code, category, ST_AsMVTGeom(ST_Transform(geom, 3857), box) AS geom
    FROM peer.parcel, tile WHERE geom && ST_Transform(box, 4525)
)
SELECT ST_AsMVT(shown, 'parcel') FROM shown
