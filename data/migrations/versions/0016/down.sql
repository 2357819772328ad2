-- 0016 down: no comparison is known any more.
DROP TABLE comparison;
