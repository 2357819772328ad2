-- turned: the findings on the ground that two deliveries share, as the run of each left them: fixed by the later one's
-- time, new since the earlier one, or open at both. `by` is the delivery whose run saw it go or come, and `surveyor` who
-- brought the parcel in as it was known then, or else the delivery.
WITH before AS MATERIALIZED (
    SELECT said.* FROM finding_version AS said
    WHERE said.known @> CAST(:before_at AS timestamptz) AND said.presence = 'present' AND {here}
),
after AS MATERIALIZED (
    SELECT said.* FROM finding_version AS said
    WHERE said.known @> CAST(:after_at AS timestamptz) AND said.presence = 'present' AND {here}
),
moved AS (
    SELECT key,
        CASE WHEN after.key IS NULL THEN 'fixed' WHEN before.key IS NULL THEN 'new' ELSE 'open' END AS turn,
        before.shared_m2 AS before_m2, after.shared_m2 AS after_m2,
        coalesce(after.village, before.village) AS village,
        coalesce(after.severity, before.severity) AS severity,
        coalesce(after.sentence_zh, before.sentence_zh) AS zh,
        coalesce(after.sentence_en, before.sentence_en) AS en,
        coalesce(after.point, before.point) AS point
    FROM before FULL JOIN after USING (key)
)
SELECT moved.*, finding.rule, finding.subject, finding.against,
    turn = 'open' AND before_m2 IS DISTINCT FROM after_m2 AS changed,
    ST_X(point) AS x, ST_Y(point) AS y, 'EPSG:' || ST_SRID(point) AS crs,
    turner.upload_id AS by,
    account.username AS surveyor,
    moved.village || '/' || finding.rule || '/' || finding.subject || '/' || coalesce(finding.against, '') AS ord
FROM moved
JOIN finding USING (key)
LEFT JOIN LATERAL (
    SELECT run.upload_id FROM sighting JOIN run ON run.id = sighting.run_id
    WHERE sighting.key = moved.key AND run.id > :before_run AND run.id <= :after_run
        AND sighting.outcome = ANY (CASE turn WHEN 'fixed' THEN '{gone}' WHEN 'new' THEN '{new,reopened}' ELSE '{}' END::text[])
    ORDER BY run.id DESC LIMIT 1
) AS turner ON true
LEFT JOIN LATERAL (
    SELECT parcel.upload_id FROM parcel
    WHERE finding.subject LIKE 'parcel:%' AND parcel.code = substr(finding.subject, 8)
        AND parcel.known @> CAST(CASE turn WHEN 'fixed' THEN :before_at ELSE :after_at END AS timestamptz)
    ORDER BY lower(parcel.valid) DESC NULLS LAST LIMIT 1
) AS brought ON true
JOIN upload ON upload.id = coalesce(brought.upload_id, CASE turn WHEN 'fixed' THEN :before ELSE :after END)
JOIN account ON account.id = upload.uploader_id
