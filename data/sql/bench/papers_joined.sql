-- The same questions by somebody who writes SQL, has all tables and knows from when each article is in force: joined to
-- contracts, extensions, parcels, registers and bids, blanks taken for nothing. Rule and subject of what it reports.
WITH running AS (
    SELECT t.*, l.parcel_code, coalesce(l.area_m2, t.area_m2) AS part_m2
    FROM transfer t LEFT JOIN transfer_parcel l ON l.transfer_code = t.code WHERE t.term_from < t.term_to
), until AS (
    SELECT c.code, min(c.term_from) AS begins, max(greatest(c.term_to, n.term_to)) AS ends, max(n.code) AS extended
    FROM contract c LEFT JOIN contract n ON n.predecessor_code = c.code GROUP BY c.code
), owed AS (
    SELECT contract_code, due_on, sum(due_yuan) AS due, sum(paid_yuan) AS paid FROM payment
    WHERE kind IN ('1', '2') GROUP BY contract_code, due_on
), assigned AS (
    SELECT 'transfer:' || code AS ref, contractor_code AS giver, transferee_code AS taker, transferee_kind AS taker_kind,
        signed_on AS day, consented_on AS consented, code
    FROM transfer WHERE method = '200' OR kind = '4'
    UNION ALL
    SELECT 'right_change:' || r.code, r.from_code, r.to_code, NULL, r.changed_on, r.consented_on, NULL
    FROM right_change r WHERE r.kind IN ('1021', '1022', '1023') AND NOT EXISTS (
        SELECT FROM running t
        WHERE t.method = '200' AND t.parcel_code = r.parcel_code AND t.transferee_code = r.to_code)
)
SELECT 'ZL-01', 'transfer:' || t.code FROM transfer t JOIN until u ON u.code = t.contract_code
WHERE t.term_to > u.ends AND t.signed_on >= '2003-03-01'
UNION ALL
SELECT 'ZL-02', 'transfer:' || t.code FROM transfer t JOIN contract c ON c.code = t.contract_code
LEFT JOIN contract p ON p.code = c.predecessor_code
WHERE (t.term_from >= t.term_to OR t.term_from < least(c.term_from, p.term_from)) AND t.signed_on >= '2003-03-01'
UNION ALL
SELECT 'ZL-03', 'occupancy:' || o.code FROM occupancy o
WHERE o.surveyed_on - o.since_on > 365 AND NOT EXISTS (
    SELECT FROM parcel_right r WHERE r.parcel_code = o.parcel_code AND r.contractor_code = o.occupant_code
) AND NOT EXISTS (
    SELECT FROM parcel_right r JOIN transfer t ON t.contractor_code = r.contractor_code
    WHERE r.parcel_code = o.parcel_code AND t.transferee_code = o.occupant_code
    AND o.surveyed_on BETWEEN t.term_from AND t.term_to)
UNION ALL
SELECT 'ZL-04', 'transfer:' || code FROM transfer
WHERE kind NOT IN ('4', '5') AND signed_on >= '2003-03-01'
AND NOT (is_caretaking = '1' AND term_to <= term_from + interval '1 year')
AND (area_m2 IS NULL OR term_from IS NULL OR term_to IS NULL OR use_after IS NULL OR coalesce(trim(price_text), '') = ''
    OR has_duties <> '1' OR has_breach <> '1' OR (has_compensation <> '1' AND signed_on >= '2019-01-01'))
UNION ALL
SELECT 'ZL-05', 'transfer:' || code FROM transfer
WHERE kind NOT IN ('4', '5') AND signed_on >= '2003-03-01' AND coalesce(filed_on, :day) - signed_on > 15
AND NOT (is_caretaking = '1' AND term_to <= term_from + interval '1 year')
UNION ALL
SELECT 'ZL-06', 'transfer:' || code FROM transfer
WHERE use_after = '5' OR (use_after <> use_before AND approval_no IS NULL)
UNION ALL
SELECT 'ZL-07', 'transfer:' || t.code FROM transfer t JOIN transfer u ON u.code = t.upstream_code
WHERE t.signed_on >= '2019-01-01' AND (t.holder_consented_on IS NULL OR t.term_to > u.term_to)
UNION ALL
SELECT 'ZL-08', 'contractor:' || transferee_code FROM transfer
WHERE transferee_kind = '4' AND kind NOT IN ('4', '5') AND :day >= term_from AND :day < term_to
GROUP BY transferee_code, left(code, 12) HAVING sum(area_m2) >= 100 * 2000 / 3.0
AND bool_or(signed_on >= '2019-01-01' AND (reviewed_on IS NULL OR reviewed_on > signed_on))
UNION ALL
SELECT DISTINCT 'ZL-09', 'contractor:' || contractor_code FROM (
    SELECT a.contractor_code, sum(b.area_m2) AS m2 FROM running a JOIN running b USING (contractor_code)
    WHERE a.parcel_code IS NULL AND b.parcel_code IS NULL AND b.term_from <= a.term_from AND a.term_from < b.term_to
    GROUP BY a.code, a.contractor_code) let
JOIN (SELECT contractor_code, sum(confirmed_m2) AS m2 FROM parcel_right GROUP BY contractor_code) own
USING (contractor_code) WHERE let.m2 > own.m2 * 1.01
UNION ALL
SELECT DISTINCT 'ZL-09', 'parcel:' || parcel_code FROM (
    SELECT a.parcel_code, sum(b.part_m2) AS m2 FROM running a JOIN running b USING (parcel_code, contractor_code)
    WHERE b.term_from <= a.term_from AND a.term_from < b.term_to GROUP BY a.code, a.parcel_code) let
JOIN (SELECT parcel_code, sum(confirmed_m2) AS m2 FROM parcel_right GROUP BY parcel_code) own
USING (parcel_code) WHERE let.m2 > own.m2 * 1.01
UNION ALL
SELECT 'ZL-10', 'collective_contract:' || c.code FROM collective_contract c LEFT JOIN parcel p ON p.code = c.parcel_code
WHERE (c.resource IN ('1', '2') OR p.category IN ('22', '99')) AND c.is_member = '2'
AND (c.agreed_count IS NULL OR c.agreed_count * 3 < c.entitled_count * 2
    OR (coalesce(trim(c.approval_no), '') = '' AND c.approved_on IS NULL)
    OR (c.assembly = '2' AND c.signed_on >= '2025-05-01'))
UNION ALL
SELECT DISTINCT 'ZL-11', 'transfer:' || t.code FROM transfer t
LEFT JOIN certificate_cancelled x ON x.certificate_code = t.contract_code AND x.cancelled_on <= :day
LEFT JOIN certificate n ON n.code = x.certificate_code AND n.issued_on > x.cancelled_on
LEFT JOIN transfer_parcel l ON l.transfer_code = t.code
LEFT JOIN right_change e ON e.parcel_code = l.parcel_code AND e.expropriation_no IS NOT NULL AND e.changed_on <= :day
WHERE t.kind NOT IN ('4', '5') AND :day >= t.term_from AND :day < t.term_to
AND ((x.certificate_code IS NOT NULL AND n.code IS NULL) OR e.code IS NOT NULL)
UNION ALL
SELECT 'ZL-12', 'transfer:' || code FROM transfer
WHERE signer_code <> contractor_code AND coalesce(trim(mandate_no), '') = '' AND signed_on >= '2003-03-01'
UNION ALL
SELECT 'ZL-13', 'payment:' || p.code FROM payment p JOIN transfer t ON t.code = p.contract_code
WHERE p.kind IN ('1', '2') AND p.retention_no IS NULL
AND (coalesce(p.payee_code <> t.contractor_code, p.payee_kind <> '1') OR p.retained_yuan > 0)
UNION ALL
SELECT 'ZL-14', 'transfer:' || code FROM transfer
WHERE kind NOT IN ('4', '5') AND signed_on >= '1999-10-01' AND term_to > term_from + interval '20 years'
UNION ALL
SELECT 'ZL-14', 'collective_contract:' || code FROM collective_contract
WHERE deal = '1' AND signed_on >= '1999-10-01' AND term_to > term_from + interval '20 years'
UNION ALL
SELECT 'ZL-16', 'transfer:' || t.code FROM transfer t
WHERE t.kind NOT IN ('4', '5') AND t.term_from < t.term_to AND t.term_to BETWEEN :day AND :day + 180 AND NOT EXISTS (
    SELECT FROM transfer n
    WHERE n.contractor_code = t.contractor_code AND n.transferee_code = t.transferee_code AND n.term_to > t.term_to)
UNION ALL
SELECT 'ZL-16', 'transfer:' || t.code FROM running t JOIN occupancy o ON o.parcel_code = t.parcel_code
WHERE o.occupant_code = t.transferee_code AND t.term_to < :day AND o.surveyed_on > t.term_to AND NOT EXISTS (
    SELECT FROM transfer n
    WHERE n.contractor_code = t.contractor_code AND n.transferee_code = t.transferee_code AND n.term_to > t.term_to)
UNION ALL
SELECT 'ZL-17', 'payment:' || p.code
FROM payment p JOIN owed o USING (contract_code, due_on) JOIN collective_contract c ON c.code = p.contract_code
WHERE p.kind IN ('1', '2') AND p.due_on < :day AND o.due > coalesce(o.paid, 0)
AND p.due_yuan > coalesce(p.paid_yuan, CASE WHEN p.paid_on IS NULL THEN 0 ELSE p.due_yuan END)
UNION ALL
SELECT 'ZL-18', 'collective_contract:' || c.code FROM collective_contract c
WHERE coalesce(c.method, '') <> '123' AND c.signed_on >= (SELECT min(announced_on) FROM collective_bid)
AND NOT EXISTS (SELECT FROM collective_bid b WHERE b.contract_code = c.code OR b.trade_no = c.trade_no)
UNION ALL
SELECT 'ZM-01', ref FROM assigned WHERE left(giver, 14) <> left(taker, 14) AND day >= '2019-01-01'
UNION ALL
SELECT 'ZM-02', a.ref FROM assigned a LEFT JOIN contractor c ON c.code = a.taker
WHERE coalesce(c.kind, a.taker_kind, '1') <> '1'
UNION ALL
SELECT 'ZM-03', a.ref FROM assigned a
WHERE a.consented IS NULL AND NOT EXISTS (
    SELECT FROM title_document d WHERE left(d.certificate_code, 18) IN (a.giver, a.taker) AND d.name ~ '同意|批准'
) AND NOT EXISTS (
    SELECT FROM transfer_parcel l JOIN right_change r ON r.parcel_code = l.parcel_code
    WHERE l.transfer_code = a.code AND r.to_code = a.taker AND r.consented_on IS NOT NULL)
UNION ALL
SELECT 'ZM-04', 'transfer:' || code FROM transfer
WHERE method = '300' AND (left(transferee_code, 14) <> left(contractor_code, 14)
    OR (filed_on IS NULL AND signed_on >= '2019-01-01'))
UNION ALL
SELECT 'ZM-04', 'right_change:' || r.code FROM right_change r
LEFT JOIN right_change o ON o.parcel_code = r.other_parcel_code AND o.other_parcel_code = r.parcel_code
WHERE r.kind IN ('1041', '1042') AND (left(r.other_parcel_code, 14) <> left(r.parcel_code, 14)
    OR coalesce(r.filed_on, o.filed_on) IS NULL)
UNION ALL
SELECT 'ZM-05', 'transfer:' || t.code FROM transfer t
WHERE (t.title_text ~ '买卖|卖断|买断|绝卖|出售|变卖|永久' AND t.title_text !~ '不得|禁止|严禁')
OR (t.price_text ~ '买卖|卖断|买断|绝卖|出售|变卖|永久' AND t.price_text !~ '青苗|果树|作物|附着物')
OR (t.method <> '300' AND (t.term_to >= '9999-01-01'
    OR (t.term_to >= t.term_from + interval '50 years' AND t.upfront_share >= 0.9)))
UNION ALL
SELECT 'ZM-06', 'transfer:' || t.code FROM transfer t JOIN until u ON u.code = t.contract_code LEFT JOIN (
    SELECT p.contract_code AS code, sum(p.paid_yuan) AS paid FROM payment p JOIN transfer t ON t.code = p.contract_code
    WHERE p.kind IN ('1', '2') AND p.paid_on <= t.term_from + 30 GROUP BY p.contract_code) early ON early.code = t.code
WHERE t.term_to > u.ends AND t.signed_on >= '2003-03-01'
AND coalesce(t.upfront_share, early.paid / nullif(t.price_yuan, 0)) >= 0.9
UNION ALL
SELECT 'ZM-07', 'collective_contract:' || c.code FROM collective_contract c
WHERE (c.resource = '6' OR c.reserved_code IS NOT NULL) AND c.signed_on >= '2020-01-01'
AND (c.agreed_count IS NULL OR c.agreed_count * 3 < c.entitled_count * 2
    OR (coalesce(trim(c.approval_no), '') = '' AND c.approved_on IS NULL)
    OR (coalesce(trim(c.trade_no), '') = '' AND NOT EXISTS (
        SELECT FROM collective_bid b WHERE b.contract_code = c.code AND b.trade_no IS NOT NULL)))
UNION ALL
SELECT 'ZM-08', 'collective_contract:' || code FROM collective_contract
WHERE resource = '5' AND coalesce(signed_on, :day) >= '2020-01-01'
AND (coalesce(planned_use, '') !~ '工业|商业|商服|仓储|物流' OR registered_on IS NULL OR signed_on IS NULL
    OR agreed_count IS NULL OR agreed_count * 3 < entitled_count * 2)
UNION ALL
SELECT DISTINCT 'ZM-10', 'parcel:' || a.parcel_code FROM running a JOIN running b ON a.parcel_code = b.parcel_code
AND a.contractor_code = b.contractor_code AND a.transferee_code < b.transferee_code
AND a.term_from < b.term_to AND b.term_from < a.term_to
JOIN parcel_right r ON r.parcel_code = a.parcel_code AND r.contractor_code = a.contractor_code
WHERE a.part_m2 + b.part_m2 > r.confirmed_m2 * 1.01
UNION ALL
SELECT 'ZM-11', 'contractor:' || giver FROM (
    SELECT a.giver, sum(l.area_m2) FILTER (WHERE p.is_basic_farmland = '1') AS basic,
        sum(l.area_m2) FILTER (WHERE p.is_basic_farmland = '2' AND p.land_use ~ '^01') AS crops,
        sum(l.area_m2) FILTER (WHERE p.is_basic_farmland = '2' AND p.land_use !~ '^01') AS other, sum(t.gain_yuan) AS gain
    FROM assigned a JOIN transfer t ON t.code = a.code JOIN transfer_parcel l ON l.transfer_code = t.code
    JOIN parcel p ON p.code = l.parcel_code
    WHERE (a.consented IS NULL OR left(a.giver, 14) <> left(a.taker, 14)) AND t.punished_on IS NULL
    AND t.signed_on >= :day - interval '10 years' AND t.price_text !~ '无偿' GROUP BY a.giver) total
WHERE basic >= 5 * 2000 / 3.0 OR crops >= 10 * 2000 / 3.0 OR other >= 20 * 2000 / 3.0 OR gain >= 500000
UNION ALL
SELECT 'ZM-12', 'right_change:' || r.code FROM right_change r
WHERE NOT EXISTS (SELECT FROM contract c WHERE c.contractor_code = r.from_code AND c.term_to <= r.changed_on)
AND ((r.kind = '901' AND r.expropriation_no IS NULL AND NOT coalesce(r.returned_on <= r.changed_on, false))
    OR (r.kind = '902' AND (coalesce(r.reason, '') !~ '灾|水毁|冲毁|洪水|台风|滑坡'
        OR NOT coalesce(r.agreed_count * 3 >= r.entitled_count * 2, false)
        OR NOT coalesce(r.town_approved_on <= r.changed_on, false)
        OR NOT coalesce(r.county_approved_on <= r.changed_on, false))))
UNION ALL
SELECT 'QY-01', 'issuer:' || left(code, 14) FROM parcel WHERE category IN ('10', '21', '22', '23') AND land_use ~ '^01'
GROUP BY left(code, 14) HAVING sum(surveyed_m2) FILTER (WHERE category = '22') > 0.05 * sum(surveyed_m2)
UNION ALL
SELECT 'QY-02', 'contract:' || code FROM contract
WHERE method = '110' AND signed_on >= '2003-03-01'
AND term_to + 1 NOT BETWEEN term_from + interval '29 years' AND term_from + interval '31 years'
AND NOT (term_to < '2030-01-01'
    AND term_to + 1 BETWEEN term_from + interval '25 years' AND term_from + interval '27 years')
UNION ALL
SELECT 'QY-03', unnest(array_agg('member:' || code)) FROM member WHERE is_co_owner = '1'
GROUP BY upper(trim(id_number)) HAVING count(DISTINCT left(contractor_code, 14)) > 1
UNION ALL
SELECT 'QY-04', 'certificate:' || c.code FROM certificate c
WHERE c.is_collected = '2' AND :day - c.issued_on > 365
AND NOT EXISTS (SELECT FROM certificate_cancelled x WHERE x.certificate_code = c.code)
UNION ALL
SELECT 'QY-05', 'contract:' || c.code FROM contract c JOIN until u USING (code)
WHERE c.method = '110' AND c.term_to - :day <= 365 AND u.extended IS NULL
UNION ALL
SELECT 'QY-06', 'expropriation:' || e.code FROM expropriation e
LEFT JOIN (SELECT expropriation_code AS code, sum(area_m2) AS m2 FROM reserved_grant GROUP BY 1) g USING (code)
WHERE e.quota_m2 - coalesce(g.m2, 0) >= 1 AND :day - e.implemented_on >= 365
UNION ALL
SELECT 'QY-07', 'expropriation:' || e.code FROM expropriation e LEFT JOIN (
    SELECT contract_code AS code, sum(paid_yuan) AS paid FROM payment WHERE kind = '3' GROUP BY 1) p USING (code)
WHERE (e.compensation_due_yuan - coalesce(e.compensation_paid_yuan, p.paid, 0) >= 1
    AND coalesce(e.compensation_due_on, '1900-01-01') < :day)
OR (e.pension_due_yuan - coalesce(e.pension_paid_yuan, 0) >= 1 AND coalesce(e.pension_due_on::date, '1900-01-01') < :day)
UNION ALL
SELECT 'QY-08', 'expropriation:' || e.code FROM expropriation e
LEFT JOIN (SELECT expropriation_code AS code, sum(area_m2) AS m2 FROM reserved_grant GROUP BY 1) g USING (code)
WHERE e.ratio NOT BETWEEN 0.10 AND 0.15 OR abs(e.quota_m2 - e.taken_m2 * e.ratio) > 1 OR g.m2 - e.quota_m2 > 1
