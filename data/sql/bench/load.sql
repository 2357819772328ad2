-- load: an empty table of shapes for the contest.
DROP TABLE IF EXISTS {table};
CREATE TABLE {table} (number integer, geometry geometry (Geometry));
