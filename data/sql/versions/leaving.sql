-- leaving: the versions that give way. A correction replaces the latest; a change from a day on, all that reach beyond it.
CREATE TEMP TABLE leaving ON COMMIT DROP AS
SELECT kept.id FROM {table} AS kept
JOIN change USING ({keys})
WHERE upper_inf(kept.known) AND CASE
    WHEN %(valid_from)s::date IS NULL THEN kept.id = change.old_id
    ELSE kept.valid && daterange(%(valid_from)s::date, NULL)
END
UNION
SELECT unnest(%(gone)s::bigint[])
