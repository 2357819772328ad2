-- 0012: thresholds of the counties, in versions.
CREATE TABLE threshold_set (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    version TEXT NOT NULL,
    counties JSONB NOT NULL,
    set_by TEXT NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT threshold_set_pkey PRIMARY KEY (id),
    CONSTRAINT threshold_set_version_length_check CHECK (length(version) BETWEEN 1 AND 80)
);
COMMENT ON COLUMN threshold_set.version IS 'how the office calls it';
COMMENT ON COLUMN threshold_set.counties IS 'what differs from the rule book: by county code or all, rule, threshold';
COMMENT ON COLUMN threshold_set.set_by IS 'the account that set it';

SELECT keep_for_ever('threshold_set');
