-- resting: the findings that stand on some ground and rest on these patches: of each patch, key and rule.
SELECT patch ->> 'ref' AS ref, finding.key, finding.rule
FROM finding_version AS said
JOIN finding USING (key)
CROSS JOIN jsonb_path_query(said.evidence, '$.patches[*]') AS patch
WHERE upper_inf(said.known) AND said.presence = 'present'
    AND said.geom && ST_GeomFromWKB(:ground, :srid)
    AND patch ->> 'ref' = ANY(:refs)
ORDER BY ref, rule, key
