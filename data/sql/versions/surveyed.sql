-- surveyed: the second of a right's three areas is what the parcel measured when the right was delivered.
UPDATE incoming SET surveyed_m2 = parcel.surveyed_m2
FROM parcel
WHERE parcel.code = incoming.parcel_code AND upper_inf(parcel.known) AND parcel.valid @> current_date
    AND incoming.surveyed_m2 IS NULL
