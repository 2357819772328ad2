-- import_index: the indexes that our table of parcels has; the map's shape is reckoned by the index itself.
CREATE INDEX ON p (dkbm);
CREATE INDEX ON p (ogc_fid);
CREATE INDEX ON p USING gist (geom);
CREATE INDEX ON p USING gist (ST_Transform(geom, 3857));
ANALYZE p;
