-- carry: a shape that did not change keeps the delivery that first brought it, whatever else was corrected.
UPDATE change SET delivery = before.delivery
FROM {table} AS before
WHERE before.id = change.old_id
    AND (before.delivered, before.delivered_crs) = (change.delivered, change.delivered_crs)
