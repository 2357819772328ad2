-- 0006 views: what is published of the ground and of findings, as we know it now. No name, no number of a person.
-- `area` and `other_area` say in whose area a row lies; `valid` are the days on which it is true on the ground.

CREATE SCHEMA published;

CREATE VIEW published.parcels AS
SELECT code AS id, code AS area, NULL::text AS other_area, valid, code, name, category, ownership, land_use, fertility,
    purpose, is_basic_farmland, surveyed_m2, area_m2, geom, geom_3857
FROM parcel WHERE upper_inf(known);

CREATE VIEW published.reserved_land AS
SELECT code AS id, code AS area, NULL::text AS other_area, valid, code, issuer_code, form, state, land_nature,
    planned_use, quota_m2, granted_m2, outstanding_m2, area_m2, geom, geom_3857
FROM reserved_land WHERE upper_inf(known);

CREATE VIEW published.finding_points AS
SELECT f.key AS id, v.village AS area, v.other_village AS other_area, NULL::daterange AS valid, f.key, f.rule,
    v.category, v.severity, f.state, v.village, v.a_code, v.b_layer, v.b_code, v.shared_m2, v.firm_m2, v.width_m,
    v.sentence_zh, v.sentence_en, f.minted_at AS first_seen, v.point AS geom, v.geom_3857
FROM finding f JOIN finding_version v ON v.key = f.key AND upper_inf(v.known)
WHERE v.presence = 'present' AND v.point IS NOT NULL;

CREATE VIEW published.findings AS
SELECT f.key AS id, v.village AS area, v.other_village AS other_area, NULL::daterange AS valid, f.key, f.rule,
    v.category, v.severity, f.state, v.village, v.a_code, v.b_layer, v.b_code, v.shared_m2, v.firm_m2, v.width_m,
    v.sentence_zh, v.sentence_en, f.minted_at AS first_seen, v.geom, v.geom_3857
FROM finding f JOIN finding_version v ON v.key = f.key AND upper_inf(v.known)
WHERE v.presence = 'present' AND v.geom IS NOT NULL;
