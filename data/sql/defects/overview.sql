-- overview: the defects of one delivery in groups, with the first rows of each; what choosing each value of a filter
-- would give; and how many lie where, in squares of each system.
WITH defect AS MATERIALIZED ({defect}),
chosen AS (
    SELECT *, (:severity = '' OR severity = :severity) AS by_severity, (:rule = '' OR rule = :rule) AS by_rule,
        (:anywhere OR EXISTS (SELECT FROM unnest(CAST(:villages AS text[])) AS area WHERE starts_with(village, area)))
            AS by_village
    FROM defect
),
asked AS (
    SELECT *, {group} AS id FROM chosen WHERE by_severity AND by_rule AND by_village
),
ranked AS (
    SELECT asked.*, row_number() OVER (PARTITION BY id ORDER BY ord COLLATE "C") AS nth FROM asked
),
grouped AS (
    SELECT id, kind, rule, layer, reason, severity, count(*) AS n, count(x) AS placed,
        array_agg(DISTINCT village) FILTER (WHERE village IS NOT NULL) AS villages,
        json_agg(ranked ORDER BY nth) FILTER (WHERE nth <= :first) AS rows
    FROM ranked
    GROUP BY id, kind, rule, layer, reason, severity
),
frame AS (
    SELECT crs, min(x) AS x0, min(y) AS y0, greatest(max(x) - min(x), max(y) - min(y), 1e-9) / :squares AS side
    FROM asked WHERE x IS NOT NULL GROUP BY crs
),
square AS (
    SELECT crs, severity, count(*) AS n, avg(x) AS x, avg(y) AS y
    FROM asked JOIN frame USING (crs)
    GROUP BY crs, severity, floor((x - x0) / side), floor((y - y0) / side)
)
SELECT
    (SELECT count(*) FROM defect) AS all,
    (SELECT count(*) FROM asked) AS total,
    coalesce((SELECT json_agg(grouped) FROM grouped), '[]') AS groups,
    coalesce((SELECT json_agg(square ORDER BY x, y, severity) FROM square), '[]') AS squares,
    json_build_object(
        'severity', (SELECT json_object_agg(severity, n) FROM
            (SELECT severity, count(*) AS n FROM chosen WHERE by_rule AND by_village GROUP BY severity) AS counted),
        'rule', (SELECT json_object_agg(rule, n) FROM
            (SELECT rule, count(*) AS n FROM chosen WHERE by_severity AND by_village GROUP BY rule) AS counted),
        'village', (SELECT json_object_agg(village, n) FROM
            (SELECT village, count(*) AS n FROM chosen WHERE by_severity AND by_rule AND village IS NOT NULL
            GROUP BY village) AS counted)
    ) AS facets
