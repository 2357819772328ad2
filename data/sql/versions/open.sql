-- open: the new versions; a correction keeps the day from which the version before it was valid.
INSERT INTO {table} ({columns}, upload_id, valid, known)
SELECT {columns}, %(upload_id)s,
    daterange(coalesce(%(valid_from)s::date, lower(old_valid)), NULL), tstzrange(%(moment)s, NULL)
FROM change
