-- index: what a careful user of PostGIS prepares before a self-join.
CREATE INDEX ON p USING gist (geom);
ANALYZE p;
