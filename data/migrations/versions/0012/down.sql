-- 0012 down: every county goes by the rule book.
DROP TABLE threshold_set;
