-- duckdb_pairs_area: common area of the boxes as an upper bound, touching neighbours refused, the others cut.
SELECT i, j, m2 FROM (
    SELECT i, j, ST_Area(ST_Intersection(a.geometry, b.geometry)) AS m2
    FROM met
    JOIN parcels AS a ON a.number = i
    JOIN parcels AS b ON b.number = j
    WHERE i < j
        AND (least(ST_XMax(a.geometry), ST_XMax(b.geometry)) - greatest(ST_XMin(a.geometry), ST_XMin(b.geometry)))
        * (least(ST_YMax(a.geometry), ST_YMax(b.geometry)) - greatest(ST_YMin(a.geometry), ST_YMin(b.geometry)))
        > {more_than_m2}
        AND ST_Intersects(a.geometry, b.geometry)
        AND NOT ST_Touches(a.geometry, b.geometry)
) AS cut
WHERE m2 > {more_than_m2}
