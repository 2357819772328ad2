-- survey_best: common area of the boxes as an upper bound; a parcel that a survey polygon covers need not be cut.
SELECT i, j, m2 FROM (
    SELECT p.number AS i, s.number AS j,
        CASE WHEN ST_Covers(s.geometry, p.geometry) THEN ST_Area(p.geometry)
            ELSE ST_Area(ST_Intersection(p.geometry, s.geometry)) END AS m2
    FROM parcels AS p
    JOIN survey AS s ON p.geometry && s.geometry
    WHERE (least(ST_XMax(p.geometry), ST_XMax(s.geometry)) - greatest(ST_XMin(p.geometry), ST_XMin(s.geometry)))
        * (least(ST_YMax(p.geometry), ST_YMax(s.geometry)) - greatest(ST_YMin(p.geometry), ST_YMin(s.geometry)))
        > {more_than_m2}
) AS cut
WHERE m2 > {more_than_m2}
