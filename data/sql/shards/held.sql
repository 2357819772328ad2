-- held: the counties that each table of facts is held to, as its validated constraint says.
SELECT conrelid::regclass::text, array_agg(DISTINCT named[1] ORDER BY named[1])
FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([0-9]{6})''', 'g') AS named
WHERE conname = 'held_to_counties' AND contype = 'c' AND convalidated
GROUP BY conrelid
