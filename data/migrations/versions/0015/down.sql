-- 0015 down: only findings with ground, or with a place, are published.

CREATE OR REPLACE VIEW published.finding_points AS
SELECT f.key AS id, v.village AS area, v.other_village AS other_area, NULL::daterange AS valid, f.key, f.rule,
    v.category, v.severity, f.state, v.village, v.a_code, v.b_layer, v.b_code, v.shared_m2, v.firm_m2, v.width_m,
    v.sentence_zh, v.sentence_en, f.minted_at AS first_seen, v.point AS geom, v.geom_3857
FROM finding f JOIN finding_version v ON v.key = f.key AND upper_inf(v.known)
WHERE v.presence = 'present' AND v.point IS NOT NULL;

CREATE OR REPLACE VIEW published.findings AS
SELECT f.key AS id, v.village AS area, v.other_village AS other_area, NULL::daterange AS valid, f.key, f.rule,
    v.category, v.severity, f.state, v.village, v.a_code, v.b_layer, v.b_code, v.shared_m2, v.firm_m2, v.width_m,
    v.sentence_zh, v.sentence_en, f.minted_at AS first_seen, v.geom, v.geom_3857
FROM finding f JOIN finding_version v ON v.key = f.key AND upper_inf(v.known)
WHERE v.presence = 'present' AND v.geom IS NOT NULL;
