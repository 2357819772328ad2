-- note: what stands of a layer with the issuers that a delivery names, was brought by a delivery for the same ground, and
-- is neither delivered again nor named as a predecessor of what is.
INSERT INTO vanished_row (upload_id, layer, code, brought_by, x, y)
SELECT %(upload)s, %(layer)s, kept.code, kept.upload_id, {place}
FROM unnest(%(issuers)s::text[]) AS issuer
JOIN {table} AS kept ON kept.code >= issuer AND kept.code < issuer || ':'
JOIN upload AS earlier ON earlier.id = kept.upload_id
WHERE upper_inf(kept.known) AND upper_inf(kept.valid)
    AND (starts_with(earlier.scope, %(scope)s) OR starts_with(%(scope)s, earlier.scope))
    AND NOT EXISTS (SELECT FROM unnest(%(delivered)s::text[]) AS again WHERE again = kept.code)
ORDER BY kept.code
