-- pairs_naive: what users write first, but for `+ 0`, without which PostGIS joins two indexes and takes a day.
SELECT i, j, m2 FROM (
    SELECT a.number AS i, b.number AS j, ST_Area(ST_Intersection(a.geometry, b.geometry)) AS m2
    FROM parcels AS a
    JOIN parcels AS b ON ST_Intersects(a.geometry, b.geometry) AND a.number + 0 < b.number + 0
) AS cut
WHERE m2 > {more_than_m2}
