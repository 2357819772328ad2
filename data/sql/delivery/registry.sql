-- registry: what the real-estate register is handed of every right in a parcel: its unit, its holder, its term.
-- What the register said itself (unit_code) stands; the rest is filled in from the books.
SELECT
    r.parcel_code AS code,
    coalesce(u.unit_code, p.unit_code, r.unit_code) AS unit_code,
    coalesce(u.holder, c.name) AS holder,
    coalesce(u.holder_id_type, c.id_type) AS holder_id_type,
    coalesce(u.holder_id_number, c.id_number) AS holder_id_number,
    coalesce(u.issuer_code, r.issuer_code) AS issuer_code,
    coalesce(u.issuer_name, i.name) AS issuer_name,
    u.sharing, u.registration_type, u.registration_reason,
    coalesce(u.contracted_mu, r.confirmed_mu, round(r.confirmed_m2::numeric * 0.0015, 2)::float8) AS contracted_mu,
    coalesce(u.term_from, k.term_from) AS term_from,
    coalesce(u.term_to, k.term_to) AS term_to,
    coalesce(u.ownership, p.ownership) AS ownership,
    u.water_kind, u.farming, u.grass_quality, u.grazing_capacity, u.certificate_number,
    coalesce(u.registered_on, e.registered_on) AS registered_on,
    coalesce(u.registrar, e.registrar) AS registrar,
    u.note,
    coalesce(u.county_code, left(r.parcel_code, 6)) AS county_code
FROM parcel_right AS r
LEFT JOIN parcel AS p ON p.code = r.parcel_code AND upper_inf(p.known) AND p.valid @> current_date
LEFT JOIN unit_code AS u ON u.code = r.parcel_code AND upper_inf(u.known) AND u.valid @> current_date
LEFT JOIN contractor AS c ON c.code = r.contractor_code AND upper_inf(c.known) AND c.valid @> current_date
LEFT JOIN issuer AS i ON i.code = r.issuer_code AND upper_inf(i.known) AND i.valid @> current_date
LEFT JOIN contract AS k ON k.code = r.contract_code AND upper_inf(k.known) AND k.valid @> current_date
LEFT JOIN register_entry AS e ON e.code = r.certificate_code AND upper_inf(e.known) AND e.valid @> current_date
WHERE r.parcel_code ^@ ANY (:prefixes) AND upper_inf(r.known) AND r.valid @> current_date
ORDER BY r.code
