-- villages: the box around what a shard knows of each village, worked out by the shard itself.
SELECT left(code, 12) AS village,
    ST_XMin(ST_Extent(geom)), ST_YMin(ST_Extent(geom)), ST_XMax(ST_Extent(geom)), ST_YMax(ST_Extent(geom))
FROM {0}
WHERE upper_inf(known) AND valid @> %(day)s::date
GROUP BY left(code, 12)
