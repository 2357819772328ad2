-- standing: whether our books hold anything in these villages; a colon comes after the last digit.
SELECT EXISTS (
    SELECT FROM unnest(%(villages)s::text[]) AS village
    JOIN {table} ON {table}.code >= village AND {table}.code < village || ':' AND upper_inf({table}.known)
)
