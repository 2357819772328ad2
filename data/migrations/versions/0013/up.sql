-- 0013: images of the ground; a row says where the file lies and what is in it, and is never taken out.
CREATE TABLE image (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    sha256 TEXT NOT NULL,
    filename TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    kind TEXT NOT NULL,
    taken_on DATE NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    asked JSONB NOT NULL,
    uploader_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    error JSONB,
    notes JSONB,
    crs TEXT,
    wide INTEGER,
    high INTEGER,
    bands INTEGER,
    dtype TEXT,
    nodata DOUBLE PRECISION,
    pixel_m DOUBLE PRECISION,
    look JSONB,
    geom GEOMETRY(GEOMETRY, -1),
    cog_name TEXT COLLATE "C",
    cog_sha256 TEXT,
    cog_bytes BIGINT,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT image_pkey PRIMARY KEY (id),
    CONSTRAINT image_kind_listed_check CHECK (kind IN ('orthophoto', 'classes')),
    CONSTRAINT image_state_listed_check CHECK (state IN ('received', 'ready', 'refused', 'failed', 'withdrawn')),
    CONSTRAINT image_sha256_shape_check CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT image_size_check CHECK (size_bytes >= 0),
    CONSTRAINT image_whole_check CHECK (state <> 'ready' OR num_nulls(crs, wide, high, bands, dtype, pixel_m, look,
        geom, cog_name, cog_sha256, cog_bytes) = 0),
    CONSTRAINT image_uploader_id_fkey FOREIGN KEY(uploader_id) REFERENCES account (id)
);
CREATE UNIQUE INDEX image_one_key ON image (sha256, scope) WHERE state IN ('received', 'ready');
CREATE INDEX image_taken_on_idx ON image (taken_on);
CREATE INDEX image_geom_idx ON image USING gist (geom);
COMMENT ON COLUMN image.sha256 IS 'digest of the file as it came, which is kept under this name';
COMMENT ON COLUMN image.taken_on IS 'the day the ground looked like this';
COMMENT ON COLUMN image.scope IS 'prefix of the codes whose ground it shows; who works there, or covers it, sees it';
COMMENT ON COLUMN image.asked IS 'what a person said of it: crs and nodata';
COMMENT ON COLUMN image.error IS 'code, zh and en of what refused or ended it';
COMMENT ON COLUMN image.notes IS 'what was decided about it, in both languages';
COMMENT ON COLUMN image.crs IS 'the system of its pixels, EPSG:n or its full text';
COMMENT ON COLUMN image.nodata IS 'the value that is no ground, if there is one';
COMMENT ON COLUMN image.pixel_m IS 'the longer side of a pixel on the ground, in metres';
COMMENT ON COLUMN image.look IS 'how it is shown: the stretch of its bands, or the colour of each class';
COMMENT ON COLUMN image.geom IS 'its frame, in the metric system of the deployment';
COMMENT ON COLUMN image.cog_name IS 'the cloud-optimised GeoTIFF made of it, beside the original';

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON image FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
