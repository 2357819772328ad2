-- 0001 deliveries: what was delivered, and the runs of detection.

CREATE TABLE upload (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    sha256 TEXT NOT NULL,
    filename TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    decisions JSONB NOT NULL,
    fingerprint TEXT NOT NULL,
    uploader_id BIGINT NOT NULL,
    surveyed_on DATE,
    state TEXT NOT NULL,
    progress JSONB,
    report JSONB,
    error JSONB,
    counts JSONB,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT upload_pkey PRIMARY KEY (id),
    CONSTRAINT upload_state_listed_check CHECK (state IN ('received', 'reading', 'awaiting_acceptance', 'storing',
        'detecting', 'done', 'refused', 'failed', 'withdrawn')),
    CONSTRAINT upload_sha256_shape_check CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT upload_fingerprint_shape_check CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
    CONSTRAINT upload_size_check CHECK (size_bytes >= 0),
    CONSTRAINT upload_uploader_id_fkey FOREIGN KEY(uploader_id) REFERENCES account (id)
);
CREATE INDEX upload_accepted_idx ON upload (scope, accepted_at);
CREATE UNIQUE INDEX upload_under_way_key ON upload (sha256, fingerprint) WHERE state IN
    ('received','reading','awaiting_acceptance','storing','detecting');
COMMENT ON COLUMN upload.scope IS 'prefix of the codes this delivery may hold';
COMMENT ON COLUMN upload.decisions IS 'scope, layer, CRS, encoding, columns it was read with';
COMMENT ON COLUMN upload.fingerprint IS 'digest of the decisions';
COMMENT ON COLUMN upload.surveyed_on IS 'the day from which it is true on the ground, if told';
COMMENT ON COLUMN upload.error IS 'code, zh and en of what refused or ended it';
COMMENT ON COLUMN upload.counts IS 'findings by outcome';

CREATE TABLE upload_layer (
    upload_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    layer TEXT NOT NULL,
    source TEXT NOT NULL,
    read INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    crs TEXT,
    crs_evidence JSONB,
    encoding TEXT,
    encoding_evidence JSONB,
    columns JSONB,
    ignored JSONB,
    notes JSONB,
    CONSTRAINT upload_layer_pkey PRIMARY KEY (upload_id, position),
    CONSTRAINT upload_layer_layer_listed_check CHECK (layer IN ('parcel', 'reserved', 'building', 'landcover',
        'landcover_before', 'basic_farmland', 'approval', 'change_patch', 'boundary', 'register', 'issuer',
        'contractor', 'member', 'contract', 'parcel_right', 'transfer', 'transfer_parcel', 'certificate',
        'register_entry')),
    CONSTRAINT upload_layer_counts_check CHECK (read >= 0 AND stored >= 0 AND rejected >= 0 AND read = stored +
        rejected),
    CONSTRAINT upload_layer_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);

CREATE TABLE rejected_row (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    upload_id BIGINT NOT NULL,
    layer TEXT NOT NULL,
    row BIGINT NOT NULL,
    code TEXT NOT NULL,
    parcel_code TEXT,
    reason_zh TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    x DOUBLE PRECISION,
    y DOUBLE PRECISION,
    shape BYTEA,
    CONSTRAINT rejected_row_pkey PRIMARY KEY (id),
    CONSTRAINT rejected_row_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX rejected_row_upload_id_idx ON rejected_row (upload_id, layer, row);
COMMENT ON COLUMN rejected_row.code IS 'the kind of defect';
COMMENT ON COLUMN rejected_row.x IS 'where, in the system of the layer';
COMMENT ON COLUMN rejected_row.shape IS 'well-known binary as it came, valid or not';

CREATE TABLE run (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    upload_id BIGINT,
    scope JSONB NOT NULL,
    day DATE NOT NULL,
    versions JSONB NOT NULL,
    overrides JSONB NOT NULL,
    rules JSONB,
    below_tolerance JSONB,
    not_compared JSONB,
    invalid BIGINT,
    counts JSONB,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT run_pkey PRIMARY KEY (id),
    CONSTRAINT run_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
COMMENT ON COLUMN run.scope IS 'prefixes of the codes it judged';
COMMENT ON COLUMN run.day IS 'the day whose law and facts it judged by';
COMMENT ON COLUMN run.versions IS 'of this program and its libraries';
COMMENT ON COLUMN run.overrides IS 'thresholds of this office';
COMMENT ON COLUMN run.rules IS 'of every rule: run or skipped, why, thresholds';
