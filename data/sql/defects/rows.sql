-- rows: one group of a delivery's defects, from a place in its order on.
SELECT defect.* FROM ({defect}) AS defect
WHERE {group} = :id AND ord COLLATE "C" > :after
    AND (:anywhere OR EXISTS (SELECT FROM unnest(CAST(:villages AS text[])) AS area WHERE starts_with(village, area)))
ORDER BY ord COLLATE "C"
LIMIT :most
