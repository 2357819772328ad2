-- upload_village: one delivered village in a table of its own, as a careful user prepares it.
DROP TABLE IF EXISTS village;
CREATE UNLOGGED TABLE village AS
SELECT number, geometry FROM {uploads}
WHERE number >= {first} AND number < {behind};
ANALYZE village;
