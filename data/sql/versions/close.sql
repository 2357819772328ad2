-- close: what gives way is known until this moment.
UPDATE {table} SET known = tstzrange(lower(known), %(moment)s)
WHERE id IN (SELECT id FROM leaving)
