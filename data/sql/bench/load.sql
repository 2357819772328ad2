-- load: an empty table of shapes for the contest.
DROP TABLE IF EXISTS {table};
CREATE TABLE {table} (id bigint GENERATED ALWAYS AS IDENTITY, number integer, geometry geometry (Geometry));
