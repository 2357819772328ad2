-- import told: how many rows an import left, their total area, and a digest of their codes in order.
SELECT count(*), sum(m2), encode(sha256(convert_to(string_agg(code, E'\n' ORDER BY code COLLATE "C"), 'UTF8')), 'hex')
FROM ({query}) AS told (code, m2)
