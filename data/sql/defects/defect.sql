-- defect: all that is wrong with one delivery, a row each: rows rejected, findings as its run left them, and what its
-- package lacks. `reason` is the field or the kind of trouble that parts the cases of one rule; `ord` gives the order.
SELECT 'rejected' AS kind, rejected.code AS rule, rejected.layer, '' AS reason, 'high' AS severity,
    CASE WHEN rejected.parcel_code ~ '^[0-9]{12}' THEN left(rejected.parcel_code, 12) END AS village,
    rejected.parcel_code AS code, NULL AS other, rejected.row AS "row", NULL AS key, NULL AS outcome,
    rejected.reason_zh AS zh, rejected.reason_en AS en, '{}'::text[] AS article,
    rejected.x, rejected.y, read.crs,
    lpad(rejected.row::text, 12, '0') || '/' || rejected.id AS ord
FROM rejected_row AS rejected
LEFT JOIN (SELECT layer, min(crs) AS crs FROM upload_layer WHERE upload_id = :upload GROUP BY layer) AS read USING (layer)
WHERE rejected.upload_id = :upload
UNION ALL
SELECT 'finding', finding.rule, split_part(finding.subject, ':', 1),
    coalesce(
        (SELECT string_agg(each, ' ') FROM jsonb_array_elements_text(said.evidence -> 'fields') AS each),
        said.evidence ->> 'field', said.evidence ->> 'column', said.evidence ->> 'why', ''
    ), said.severity,
    said.village, said.a_code, finding.against, NULL, finding.key, sighting.outcome,
    said.sentence_zh, said.sentence_en, said.article,
    ST_X(said.point), ST_Y(said.point), 'EPSG:' || ST_SRID(said.point),
    said.village || '/' || finding.subject || '/' || coalesce(finding.against, '')
FROM (SELECT id, ended_at FROM run WHERE upload_id = :upload AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1) AS run
JOIN sighting ON sighting.run_id = run.id AND sighting.outcome <> 'gone'
JOIN finding USING (key)
JOIN finding_version AS said ON said.key = finding.key AND said.known @> run.ended_at
UNION ALL
SELECT 'package', told ->> 'rule', told ->> 'layer', told ->> 'reason', told ->> 'severity',
    NULL, told ->> 'code', NULL, NULL, NULL, NULL, told ->> 'zh', told ->> 'en',
    ARRAY(SELECT jsonb_array_elements_text(told -> 'article')), NULL, NULL, NULL, lpad(nth::text, 12, '0')
FROM upload
CROSS JOIN LATERAL jsonb_array_elements(upload.report #> '{package,defects}') WITH ORDINALITY AS listed (told, nth)
WHERE upload.id = :upload
