-- missing: current rows of the groups that were delivered (a household, a parcel, a transfer) that are not named again.
SELECT kept.id FROM {table} AS kept
WHERE upper_inf(kept.known) AND upper_inf(kept.valid)
    AND kept.{group} IN (SELECT {group} FROM incoming)
    AND NOT EXISTS (SELECT FROM incoming WHERE incoming.code = kept.code)
