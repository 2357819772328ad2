-- compared: the findings of a comparison one by one, from a place in its order on.
SELECT * FROM ({turned}) AS turned
WHERE (:turn = '' OR turn = :turn) AND (:village = '' OR village = :village) AND (:surveyor = '' OR surveyor = :surveyor)
    AND ord COLLATE "C" > :later_than
ORDER BY ord COLLATE "C"
LIMIT :most
