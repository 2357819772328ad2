-- change: what of a delivery is new, differs from the latest version in our books, or had ended and is back.
CREATE TEMP TABLE change ON COMMIT DROP AS
SELECT incoming.*, latest.id AS old_id, latest.valid AS old_valid
FROM incoming
LEFT JOIN (
    SELECT DISTINCT ON ({latest_keys}) {table}.*
    FROM {table}
    JOIN incoming USING ({keys})
    WHERE upper_inf({table}.known)
    ORDER BY {latest_keys}, lower({table}.valid) DESC NULLS LAST
) AS latest USING ({keys})
WHERE latest.id IS NULL OR NOT upper_inf(latest.valid) OR ({said}) IS DISTINCT FROM ({said_before})
