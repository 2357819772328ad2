-- remain: where a change begins on a day, what was true before that day stays true.
INSERT INTO {table} ({columns}, upload_id, valid, known)
SELECT {columns}, upload_id, daterange(lower(valid), %(valid_from)s::date), tstzrange(%(moment)s, NULL)
FROM {table} JOIN leaving USING (id)
WHERE lower_inf(valid) OR lower(valid) < %(valid_from)s::date
