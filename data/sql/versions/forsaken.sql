-- forsaken: current details of which every parcel had details delivered again, and which are not among these.
WITH delivered AS MATERIALIZED (
    SELECT DISTINCT named.parcel FROM incoming, jsonb_array_elements_text(incoming.parcels) AS named (parcel)
)
SELECT kept.id FROM {table} AS kept
LEFT JOIN incoming USING (layer, code)
WHERE incoming.code IS NULL AND upper_inf(kept.known) AND upper_inf(kept.valid)
    AND kept.layer IN (SELECT layer FROM incoming)
    AND kept.area IN (SELECT area FROM incoming)
    AND NOT EXISTS (
        SELECT FROM jsonb_array_elements_text(kept.parcels) AS named (parcel)
        WHERE named.parcel NOT IN (SELECT parcel FROM delivered)
    )
