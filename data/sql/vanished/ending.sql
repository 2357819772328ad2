-- ending: of what vanished from a delivery and is to end, what still stands as it was when that was asked.
SELECT kept.code
FROM vanished_row AS vanished
JOIN {table} AS kept ON kept.code = vanished.code AND kept.upload_id = vanished.brought_by
WHERE vanished.upload_id = %(upload)s AND vanished.layer = %(layer)s
    AND upper_inf(kept.known) AND upper_inf(kept.valid)
    AND (%(codes)s::text[] IS NULL OR kept.code = ANY (%(codes)s::text[]))
