-- 0005: what a person looks at before anything is stored, and the column maps of surveying companies.

ALTER TABLE upload ADD COLUMN preview JSONB;
COMMENT ON COLUMN upload.preview IS 'what a person looks at before anything is stored: decisions, sample rows, outlines';

CREATE TABLE column_map (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    layer TEXT NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    columns JSONB NOT NULL,
    units JSONB NOT NULL,
    encoding TEXT,
    crs INTEGER,
    account_id BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT column_map_pkey PRIMARY KEY (id),
    CONSTRAINT column_map_scope_key UNIQUE (scope, name, layer),
    CONSTRAINT column_map_name_length_check CHECK (length(name) BETWEEN 1 AND 80),
    CONSTRAINT column_map_account_id_fkey FOREIGN KEY(account_id) REFERENCES account (id)
);
COMMENT ON COLUMN column_map.name IS 'whose files it fits: a surveying company';
COMMENT ON COLUMN column_map.scope IS 'the area of the person who saved it; who covers that area sees it';
COMMENT ON COLUMN column_map.columns IS 'their column by the standard''s name';
COMMENT ON COLUMN column_map.units IS 'unit of each area by the standard''s name: m2, mu, ha';
