-- compare: how many findings were fixed, came anew or stayed, by village and surveyor.
SELECT village, surveyor,
    count(*) FILTER (WHERE turn = 'fixed') AS fixed,
    count(*) FILTER (WHERE turn = 'fixed' AND by IS DISTINCT FROM :after) AS fixed_elsewhere,
    count(*) FILTER (WHERE turn = 'new') AS new,
    count(*) FILTER (WHERE turn = 'new' AND by IS DISTINCT FROM :after) AS new_elsewhere,
    count(*) FILTER (WHERE turn = 'open') AS open,
    count(*) FILTER (WHERE changed) AS changed
FROM ({turned}) AS turned
GROUP BY village, surveyor
ORDER BY village, surveyor
