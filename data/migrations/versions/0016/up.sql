-- 0016: comparisons of two images; what was asked, and by whom, is never changed, and no row is ever taken out.
CREATE TABLE comparison (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    before_id BIGINT NOT NULL,
    after_id BIGINT NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    settings JSONB NOT NULL,
    digest TEXT NOT NULL,
    geom GEOMETRY(GEOMETRY, -1) NOT NULL,
    asked_by BIGINT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    state TEXT NOT NULL,
    progress JSONB,
    error JSONB,
    found JSONB,
    upload_id BIGINT,
    withdrawn_by BIGINT,
    begun_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT comparison_pkey PRIMARY KEY (id),
    CONSTRAINT comparison_state_listed_check CHECK (state IN ('received', 'comparing', 'compared', 'refused', 'failed',
        'withdrawn')),
    CONSTRAINT comparison_two_images_check CHECK (before_id <> after_id),
    CONSTRAINT comparison_digest_shape_check CHECK (digest ~ '^[0-9a-f]{64}$'),
    CONSTRAINT comparison_told_check CHECK (state <> 'compared' OR found IS NOT NULL),
    CONSTRAINT comparison_before_id_fkey FOREIGN KEY(before_id) REFERENCES image (id),
    CONSTRAINT comparison_after_id_fkey FOREIGN KEY(after_id) REFERENCES image (id),
    CONSTRAINT comparison_asked_by_fkey FOREIGN KEY(asked_by) REFERENCES account (id),
    CONSTRAINT comparison_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id),
    CONSTRAINT comparison_withdrawn_by_fkey FOREIGN KEY(withdrawn_by) REFERENCES account (id)
);
CREATE UNIQUE INDEX comparison_under_way_key ON comparison (before_id, after_id, digest, scope)
    WHERE state IN ('received', 'comparing');
CREATE INDEX comparison_upload_id_idx ON comparison (upload_id);
COMMENT ON COLUMN comparison.scope IS 'prefix of the codes whose ground is compared';
COMMENT ON COLUMN comparison.settings IS 'every number that it is judged by';
COMMENT ON COLUMN comparison.digest IS 'of the settings';
COMMENT ON COLUMN comparison.geom IS 'the ground both images show, in the deployment''s metric system';
COMMENT ON COLUMN comparison.error IS 'code, zh and en of what refused or ended it';
COMMENT ON COLUMN comparison.found IS 'patches by kind, ground seen and unseen, how the images stood to each other, and what compared them';
COMMENT ON COLUMN comparison.upload_id IS 'the delivery that its patches became; none where nothing is suspected';
COMMENT ON COLUMN comparison.begun_at IS 'the last attempt';

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON comparison FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER asked_once BEFORE UPDATE OF before_id, after_id, scope, settings, digest, geom, asked_by, asked_at
    ON comparison FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
