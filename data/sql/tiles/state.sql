-- tiles/state: of what a tile shows of some areas: which they are, what state they are in, and how many features.
SELECT md5(string_agg(seen, ',' ORDER BY seen)) AS areas,
    md5(string_agg(seen || ':' || stamp, ',' ORDER BY seen)) AS state,
    (
        SELECT coalesce(sum(n), 0) FROM map_square
        WHERE layer = :layer AND level = :level AND cell BETWEEN :level_first AND :level_last AND day <= current_date
            AND (area LIKE ANY (:areas) OR other LIKE ANY (:areas))
    ) AS n
FROM (
    SELECT area || '+' || other AS seen, sum(stamp) AS stamp FROM map_square
    WHERE layer = :layer AND (level = 14 AND cell BETWEEN :first AND :last OR level = 0) AND day <= current_date
        AND (area LIKE ANY (:areas) OR other LIKE ANY (:areas))
    GROUP BY seen
) AS state
