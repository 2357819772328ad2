-- moment: now by the clock, but never before what is being closed, even if the clock was set back.
SELECT greatest(clock_timestamp(), max(lower(known)) + interval '1 microsecond')
FROM leaving JOIN {table} USING (id)
