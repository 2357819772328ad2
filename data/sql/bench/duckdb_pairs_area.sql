-- duckdb_pairs_area: how much ground the parcels share that meet in more than a border.
SELECT i, j, m2 FROM (
    SELECT i, j, ST_Area(ST_Intersection(a.geometry, b.geometry)) AS m2
    FROM met
    JOIN parcels AS a ON a.number = i
    JOIN parcels AS b ON b.number = j
    WHERE i < j AND NOT ST_Touches(a.geometry, b.geometry)
) AS cut
WHERE m2 > {more_than_m2}
