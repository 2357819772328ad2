-- 0005 down: no previews, no column maps.
DROP TABLE column_map;
ALTER TABLE upload DROP COLUMN preview;
