-- 0001 findings: suspicions in versions, and what people decide about them.

CREATE TABLE finding (
    key TEXT COLLATE "C" NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    against TEXT COLLATE "C",
    first_run_id BIGINT NOT NULL,
    minted_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    seq INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT finding_pkey PRIMARY KEY (key),
    CONSTRAINT finding_state_listed_check CHECK (state IN ('open', 'assigned', 'in_check', 'confirmed', 'dismissed',
        'approved_use', 'in_remedy', 'closed')),
    CONSTRAINT finding_key_shape_check CHECK (key ~ '^[0-9a-f]{64}$'),
    CONSTRAINT finding_seq_check CHECK (seq >= 0),
    CONSTRAINT finding_first_run_id_fkey FOREIGN KEY(first_run_id) REFERENCES run (id)
);
CREATE INDEX finding_against_idx ON finding (against);
CREATE INDEX finding_subject_idx ON finding (subject);
COMMENT ON COLUMN finding.state IS 'where its events have led; kept by a trigger';
COMMENT ON COLUMN finding.seq IS 'how many events it has';

CREATE TABLE finding_version (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    key TEXT COLLATE "C" NOT NULL,
    known TSTZRANGE NOT NULL,
    run_id BIGINT NOT NULL,
    presence TEXT NOT NULL,
    category TEXT NOT NULL,
    severity TEXT NOT NULL,
    village TEXT COLLATE "C" NOT NULL,
    other_village TEXT COLLATE "C",
    holders TEXT[] NOT NULL,
    a_code TEXT COLLATE "C",
    b_layer TEXT,
    b_code TEXT COLLATE "C",
    shared_m2 DOUBLE PRECISION,
    firm_m2 DOUBLE PRECISION,
    width_m DOUBLE PRECISION,
    share_a DOUBLE PRECISION,
    share_b DOUBLE PRECISION,
    geom geometry(GEOMETRY,-1),
    point geometry(GEOMETRY,-1),
    geom_3857 geometry(GEOMETRY,-1) GENERATED ALWAYS AS (st_transform(coalesce(geom, point), 3857)) STORED,
    sentence_zh TEXT NOT NULL,
    sentence_en TEXT NOT NULL,
    article TEXT[] NOT NULL,
    thresholds JSONB NOT NULL,
    evidence JSONB NOT NULL,
    same_as TEXT COLLATE "C",
    CONSTRAINT finding_version_pkey PRIMARY KEY (id),
    CONSTRAINT finding_version_presence_listed_check CHECK (presence IN ('present', 'gone')),
    CONSTRAINT finding_version_category_listed_check CHECK (category IN ('overlap', 'occupation', 'sale', 'lease',
        'rights', 'quality')),
    CONSTRAINT finding_version_severity_listed_check CHECK (severity IN ('high', 'medium', 'low')),
    CONSTRAINT finding_version_times_check CHECK (NOT isempty(known)),
    CONSTRAINT finding_version_shared_m2_check CHECK (shared_m2 >= 0 AND shared_m2 < 'Infinity'),
    CONSTRAINT finding_version_firm_m2_check CHECK (firm_m2 >= 0 AND firm_m2 < 'Infinity'),
    CONSTRAINT finding_version_width_m_check CHECK (width_m >= 0 AND width_m < 'Infinity'),
    CONSTRAINT finding_version_share_a_check CHECK (share_a >= 0 AND share_a < 'Infinity'),
    CONSTRAINT finding_version_share_b_check CHECK (share_b >= 0 AND share_b < 'Infinity'),
    CONSTRAINT finding_version_one_version EXCLUDE USING gist (hashtextextended(key, 0) WITH =, key WITH =, known WITH
        &&),
    CONSTRAINT finding_version_key_fkey FOREIGN KEY(key) REFERENCES finding (key),
    CONSTRAINT finding_version_run_id_fkey FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE UNIQUE INDEX finding_version_current_idx ON finding_version (key) WHERE upper_inf(known);
CREATE INDEX finding_version_geom_idx ON finding_version USING gist (geom) WHERE upper_inf(known);
CREATE INDEX finding_version_map_idx ON finding_version USING gist (geom_3857) WHERE upper_inf(known);
CREATE INDEX finding_version_other_village_idx ON finding_version (other_village) WHERE upper_inf(known) AND
    other_village IS NOT NULL;
CREATE INDEX finding_version_village_idx ON finding_version (village) WHERE upper_inf(known);
COMMENT ON COLUMN finding_version.run_id IS 'the run that said so first';
COMMENT ON COLUMN finding_version.village IS 'of the subject: 12 digits, or the scope where it has no code';
COMMENT ON COLUMN finding_version.other_village IS 'of the other side, where it differs';
COMMENT ON COLUMN finding_version.holders IS 'contractors who hold the parcels concerned';
COMMENT ON COLUMN finding_version.geom IS 'the ground in dispute';
COMMENT ON COLUMN finding_version.point IS 'a place inside it';

CREATE TABLE sighting (
    run_id BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    outcome TEXT NOT NULL,
    CONSTRAINT sighting_pkey PRIMARY KEY (run_id, key),
    CONSTRAINT sighting_outcome_listed_check CHECK (outcome IN ('new', 'still', 'changed', 'gone', 'reopened')),
    CONSTRAINT sighting_run_id_fkey FOREIGN KEY(run_id) REFERENCES run (id),
    CONSTRAINT sighting_key_fkey FOREIGN KEY(key) REFERENCES finding (key)
);
CREATE INDEX sighting_key_idx ON sighting (key, run_id);

CREATE TABLE legal_move (
    from_state TEXT NOT NULL,
    action TEXT NOT NULL,
    to_state TEXT NOT NULL,
    judges BOOLEAN NOT NULL,
    CONSTRAINT legal_move_pkey PRIMARY KEY (from_state, action, to_state),
    CONSTRAINT legal_move_from_state_listed_check CHECK (from_state IN ('open', 'assigned', 'in_check', 'confirmed',
        'dismissed', 'approved_use', 'in_remedy', 'closed')),
    CONSTRAINT legal_move_to_state_listed_check CHECK (to_state IN ('open', 'assigned', 'in_check', 'confirmed',
        'dismissed', 'approved_use', 'in_remedy', 'closed'))
);
COMMENT ON COLUMN legal_move.judges IS 'not for whoever brought a party in';

CREATE TABLE event (
    key TEXT COLLATE "C" NOT NULL,
    seq INTEGER NOT NULL,
    from_state TEXT NOT NULL,
    action TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor_id BIGINT,
    at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    due_on DATE,
    assignee_id BIGINT,
    CONSTRAINT event_pkey PRIMARY KEY (key, seq),
    CONSTRAINT event_legal_move_fkey FOREIGN KEY(from_state, action, to_state) REFERENCES legal_move (from_state,
        action, to_state),
    CONSTRAINT event_seq_check CHECK (seq >= 1),
    CONSTRAINT event_reason_check CHECK (btrim(reason) <> '' AND length(reason) <= 4000),
    CONSTRAINT event_actor_check CHECK ((action = 'reopen') = (actor_id IS NULL)),
    CONSTRAINT event_key_fkey FOREIGN KEY(key) REFERENCES finding (key),
    CONSTRAINT event_actor_id_fkey FOREIGN KEY(actor_id) REFERENCES account (id),
    CONSTRAINT event_assignee_id_fkey FOREIGN KEY(assignee_id) REFERENCES account (id)
);
CREATE INDEX event_actor_id_idx ON event (actor_id);
COMMENT ON COLUMN event.actor_id IS 'none: re-opened by detection';
