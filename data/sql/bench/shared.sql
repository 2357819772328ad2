-- shared: where ours stores what it found, with the ground itself.
DROP TABLE IF EXISTS shared;
CREATE TABLE shared (i bigint, j bigint, m2 double precision, cut geometry);
