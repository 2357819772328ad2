-- 0009 down: nothing is known of what vanished.
DROP TABLE vanished_row;
ALTER TABLE upload DROP COLUMN acceptance;
