-- reached: the findings of one ground: from one finding on, all present ones whose disputed ground touches it, or that share
-- a party with it (a layer as a whole is no party), and so on from each of these. At most so many.
-- Keys are looked for by their digests too: planners take the index of the one-version constraint for the cheapest, and
-- by the key alone, which is its second column, that index is read from end to end.
WITH RECURSIVE reached (key) AS (
    SELECT CAST(:key AS text) COLLATE "C"
    UNION
    SELECT near.key
    FROM reached
    JOIN finding AS one ON one.key = reached.key
    JOIN finding_version AS said
        ON hashtextextended(said.key, 0) = hashtextextended(reached.key, 0) AND said.key = reached.key
        AND upper_inf(said.known)
    CROSS JOIN LATERAL (
        SELECT other.key FROM finding AS other
        WHERE other.subject IN (one.subject, one.against) AND strpos(other.subject, ':') > 0
        UNION ALL
        SELECT other.key FROM finding AS other
        WHERE other.against IN (one.subject, one.against) AND strpos(other.against, ':') > 0
        UNION ALL
        SELECT other.key FROM finding_version AS other
        WHERE upper_inf(other.known) AND other.shared_m2 IS NOT NULL AND said.shared_m2 IS NOT NULL
            AND ST_DWithin(other.geom, said.geom, :touching)
    ) AS near
    JOIN finding_version AS there
        ON hashtextextended(there.key, 0) = hashtextextended(near.key, 0) AND there.key = near.key
        AND upper_inf(there.known) AND there.presence = 'present'
)

SELECT key FROM reached LIMIT :most
