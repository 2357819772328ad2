-- What a clerk does with a spreadsheet: one table at a time, filtered, counted or added up, with the day of judging, the
-- figures of the rules, the days of the laws and the end that contracts mostly have. Rule and subject of what it shows.
SELECT 'ZL-01', 'transfer:' || code FROM transfer WHERE term_to > '2028-12-31' AND signed_on >= '2003-03-01'
UNION ALL
SELECT 'ZL-02', 'transfer:' || code FROM transfer WHERE term_from >= term_to AND signed_on >= '2003-03-01'
UNION ALL
SELECT 'ZL-04', 'transfer:' || code FROM transfer
WHERE kind NOT IN ('4', '5') AND signed_on >= '2003-03-01'
AND NOT (is_caretaking = '1' AND term_to <= term_from + interval '1 year')
AND (area_m2 IS NULL OR term_from IS NULL OR term_to IS NULL OR use_after IS NULL OR price_text IS NULL
    OR has_duties <> '1' OR has_breach <> '1' OR (has_compensation <> '1' AND signed_on >= '2019-01-01'))
UNION ALL
SELECT 'ZL-05', 'transfer:' || code FROM transfer
WHERE kind NOT IN ('4', '5') AND signed_on >= '2003-03-01' AND coalesce(filed_on, :day) - signed_on > 15
AND NOT (is_caretaking = '1' AND term_to <= term_from + interval '1 year')
UNION ALL
SELECT 'ZL-06', 'transfer:' || code FROM transfer
WHERE use_after = '5' OR (use_after <> use_before AND approval_no IS NULL)
UNION ALL
SELECT 'ZL-07', 'transfer:' || code FROM transfer
WHERE upstream_code IS NOT NULL AND holder_consented_on IS NULL AND signed_on >= '2019-01-01'
UNION ALL
SELECT 'ZL-08', 'contractor:' || transferee_code FROM transfer
WHERE transferee_kind = '4' AND kind NOT IN ('4', '5') AND :day >= term_from AND :day < term_to
GROUP BY transferee_code, left(code, 12) HAVING sum(area_m2) >= 100 * 2000 / 3.0
AND bool_or(signed_on >= '2019-01-01' AND (reviewed_on IS NULL OR reviewed_on > signed_on))
UNION ALL
SELECT 'ZL-10', 'collective_contract:' || code FROM collective_contract
WHERE resource IN ('1', '2') AND is_member = '2'
AND (agreed_count IS NULL OR agreed_count * 3 < entitled_count * 2 OR (approval_no IS NULL AND approved_on IS NULL)
    OR (assembly = '2' AND signed_on >= '2025-05-01'))
UNION ALL
SELECT 'ZL-12', 'transfer:' || code FROM transfer
WHERE signer_code <> contractor_code AND mandate_no IS NULL AND signed_on >= '2003-03-01'
UNION ALL
SELECT 'ZL-13', 'payment:' || code FROM payment
WHERE kind IN ('1', '2') AND retention_no IS NULL AND (payee_kind <> '1' OR retained_yuan > 0)
UNION ALL
SELECT 'ZL-14', 'transfer:' || code FROM transfer
WHERE kind NOT IN ('4', '5') AND signed_on >= '1999-10-01' AND term_to > term_from + interval '20 years'
UNION ALL
SELECT 'ZL-14', 'collective_contract:' || code FROM collective_contract
WHERE deal = '1' AND signed_on >= '1999-10-01' AND term_to > term_from + interval '20 years'
UNION ALL
SELECT 'ZL-16', 'transfer:' || code FROM transfer
WHERE kind NOT IN ('4', '5') AND term_from < term_to AND term_to BETWEEN :day AND :day + 180
UNION ALL
SELECT 'ZL-17', 'payment:' || code FROM payment
WHERE kind IN ('1', '2') AND due_on < :day
AND due_yuan > coalesce(paid_yuan, CASE WHEN paid_on IS NULL THEN 0 ELSE due_yuan END)
UNION ALL
SELECT 'ZM-01', 'transfer:' || code FROM transfer
WHERE method = '200' AND left(transferee_code, 14) <> left(contractor_code, 14) AND signed_on >= '2019-01-01'
UNION ALL
SELECT 'ZM-01', 'right_change:' || code FROM right_change
WHERE kind IN ('1021', '1022', '1023') AND left(to_code, 14) <> left(from_code, 14) AND changed_on >= '2019-01-01'
UNION ALL
SELECT 'ZM-02', 'transfer:' || code FROM transfer WHERE method = '200' AND coalesce(transferee_kind, '') <> '1'
UNION ALL
SELECT 'ZM-03', 'transfer:' || code FROM transfer WHERE method = '200' AND consented_on IS NULL
UNION ALL
SELECT 'ZM-03', 'right_change:' || code FROM right_change
WHERE kind IN ('1021', '1022', '1023') AND consented_on IS NULL
UNION ALL
SELECT 'ZM-04', 'transfer:' || code FROM transfer
WHERE method = '300' AND (left(transferee_code, 14) <> left(contractor_code, 14)
    OR (filed_on IS NULL AND signed_on >= '2019-01-01'))
UNION ALL
SELECT 'ZM-04', 'right_change:' || code FROM right_change
WHERE kind IN ('1041', '1042') AND (left(other_parcel_code, 14) <> left(parcel_code, 14)
    OR (filed_on IS NULL AND changed_on >= '2019-01-01'))
UNION ALL
SELECT 'ZM-05', 'transfer:' || code FROM transfer
WHERE (title_text ~ '买卖|卖断|买断|绝卖|出售|变卖|永久' AND title_text !~ '不得|禁止|严禁')
OR (price_text ~ '买卖|卖断|买断|绝卖|出售|变卖|永久' AND price_text !~ '青苗|果树|作物|附着物')
OR (method <> '300' AND (term_to >= '9999-01-01'
    OR (term_to >= term_from + interval '50 years' AND upfront_share >= 0.9)))
UNION ALL
SELECT 'ZM-06', 'transfer:' || code FROM transfer
WHERE term_to > '2028-12-31' AND upfront_share >= 0.9 AND signed_on >= '2003-03-01'
UNION ALL
SELECT 'ZM-07', 'collective_contract:' || code FROM collective_contract
WHERE (resource = '6' OR reserved_code IS NOT NULL) AND signed_on >= '2020-01-01'
AND (agreed_count IS NULL OR agreed_count * 3 < entitled_count * 2 OR trade_no IS NULL
    OR (approval_no IS NULL AND approved_on IS NULL))
UNION ALL
SELECT 'ZM-08', 'collective_contract:' || code FROM collective_contract
WHERE resource = '5' AND coalesce(signed_on, :day) >= '2020-01-01'
AND (coalesce(planned_use, '') !~ '工业|商业|商服|仓储|物流' OR registered_on IS NULL OR signed_on IS NULL
    OR agreed_count IS NULL OR agreed_count * 3 < entitled_count * 2)
UNION ALL
SELECT 'ZM-10', 'parcel:' || parcel_code FROM transfer_parcel GROUP BY parcel_code HAVING count(*) > 1
UNION ALL
SELECT 'ZM-12', 'right_change:' || code FROM right_change
WHERE (kind = '901' AND expropriation_no IS NULL AND NOT coalesce(returned_on <= changed_on, false))
OR (kind = '902' AND (coalesce(reason, '') !~ '灾|水毁|冲毁|洪水|台风|滑坡'
    OR NOT coalesce(agreed_count * 3 >= entitled_count * 2, false)
    OR NOT coalesce(town_approved_on <= changed_on, false) OR NOT coalesce(county_approved_on <= changed_on, false)))
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
SELECT 'QY-03', unnest(array_agg('member:' || code)) FROM member WHERE is_co_owner = '1' GROUP BY id_number HAVING count(*) > 1
UNION ALL
SELECT 'QY-04', 'certificate:' || code FROM certificate WHERE is_collected = '2' AND :day - issued_on > 365
UNION ALL
SELECT 'QY-05', 'contract:' || code FROM contract WHERE method = '110' AND term_to - :day <= 365
