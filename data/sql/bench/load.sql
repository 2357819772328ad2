-- load: an empty table of parcels for the contest.
DROP TABLE IF EXISTS p;
CREATE TABLE p (id integer, geom geometry(Geometry));
