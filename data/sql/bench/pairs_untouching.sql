-- pairs_untouching: touching neighbours are refused before their ground is cut.
SELECT i, j, m2 FROM (
    SELECT a.number AS i, b.number AS j, ST_Area(ST_Intersection(a.geometry, b.geometry)) AS m2
    FROM parcels AS a
    JOIN parcels AS b ON ST_Intersects(a.geometry, b.geometry) AND a.number < b.number
    WHERE NOT ST_Touches(a.geometry, b.geometry)
) AS cut
WHERE m2 > {more_than_m2}
