-- pairs_untouching: touching neighbours are refused before their ground is cut. What is too small is left out by whoever
-- asks: a condition on the area makes SedonaDB cut every pair several times.
SELECT a.number AS i, b.number AS j, ST_Area(ST_Intersection(a.geometry, b.geometry)) AS m2
FROM parcels AS a
JOIN parcels AS b ON ST_Intersects(a.geometry, b.geometry) AND a.number < b.number
WHERE NOT ST_Touches(a.geometry, b.geometry)
