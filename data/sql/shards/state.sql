-- state: how many parcels a shard knows of today, and when its last detection ended.
SELECT
    (SELECT count(*) FROM {0}.parcel WHERE upper_inf(known) AND valid @> %(day)s::date),
    (SELECT max(ended_at) FROM {0}.run)
