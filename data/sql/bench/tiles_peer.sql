-- bench/tiles_peer: the parcels for a server of tiles: typed shapes with an index, in the system they are measured in and
-- in that of the map; in Hilbert order.
CREATE SCHEMA peer;
CREATE TABLE peer.parcel AS
SELECT id, code, category, geom::geometry(Geometry, 4525) AS geom FROM parcel ORDER BY geom_3857;
ALTER TABLE peer.parcel ADD PRIMARY KEY (id);
CREATE INDEX ON peer.parcel USING gist (geom);
CREATE TABLE peer.parcel_3857 AS
SELECT id, code, category, geom_3857::geometry(Geometry, 3857) AS geom FROM parcel ORDER BY geom_3857;
ALTER TABLE peer.parcel_3857 ADD PRIMARY KEY (id);
CREATE INDEX ON peer.parcel_3857 USING gist (geom);
ANALYZE peer.parcel, peer.parcel_3857;
