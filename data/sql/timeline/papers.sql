-- papers: every contract, transfer and change of rights about some parcels, ended and corrected ones too. What a right or
-- a transfer says of its term stands in its contract: the version of it that we know now, else the last that we knew.
SELECT 'contract' AS kind, paper.contract_code AS code, paper.parcel_code, term.term_from AS begins, term.term_to AS ends,
    paper.valid, paper.known, paper.upload_id, paper.contractor_code AS holder, NULL AS other,
    paper.confirmed_m2 AS area_m2, paper.acquired_by AS said
FROM parcel_right AS paper
LEFT JOIN LATERAL (
    SELECT one.term_from, one.term_to
    FROM contract AS one
    WHERE hashtextextended(one.code, 0) = hashtextextended(paper.contract_code, 0) AND one.code = paper.contract_code
    ORDER BY upper_inf(one.known) DESC, upper(one.known) DESC, lower(one.valid) DESC
    LIMIT 1
) AS term ON TRUE
WHERE (upper_inf(paper.known) AND paper.parcel_code = ANY(:parcels))
    OR (NOT upper_inf(paper.known) AND paper.parcel_code = ANY(:parcels))
UNION ALL
SELECT 'transfer', paper.transfer_code, paper.parcel_code, coalesce(paper.term_from, whole.term_from),
    coalesce(paper.term_to, whole.term_to), paper.valid, paper.known, paper.upload_id, whole.contractor_code,
    whole.transferee_code, coalesce(paper.area_m2, whole.area_m2), whole.method
FROM transfer_parcel AS paper
LEFT JOIN LATERAL (
    SELECT one.*
    FROM transfer AS one
    WHERE hashtextextended(one.code, 0) = hashtextextended(paper.transfer_code, 0) AND one.code = paper.transfer_code
    ORDER BY upper_inf(one.known) DESC, upper(one.known) DESC, lower(one.valid) DESC
    LIMIT 1
) AS whole ON TRUE
WHERE (upper_inf(paper.known) AND paper.parcel_code = ANY(:parcels))
    OR (NOT upper_inf(paper.known) AND paper.parcel_code = ANY(:parcels))
UNION ALL
SELECT 'right_change', paper.code, paper.parcel_code, paper.changed_on, NULL, paper.valid, paper.known, paper.upload_id,
    paper.from_code, paper.to_code, NULL, paper.kind
FROM right_change AS paper
WHERE (upper_inf(paper.known) AND paper.parcel_code = ANY(:parcels))
    OR (NOT upper_inf(paper.known) AND paper.parcel_code = ANY(:parcels))
LIMIT :most
