-- 0009: what a delivery leaves out of what stood before it, and what its surveyor answered when accepting it.

ALTER TABLE upload ADD COLUMN acceptance JSONB;
COMMENT ON COLUMN upload.acceptance IS 'who accepted it, and what they answered: what vanished kept or ended';

CREATE TABLE vanished_row (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    upload_id BIGINT NOT NULL,
    layer TEXT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    brought_by BIGINT NOT NULL,
    x DOUBLE PRECISION,
    y DOUBLE PRECISION,
    CONSTRAINT vanished_row_pkey PRIMARY KEY (id),
    CONSTRAINT vanished_row_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id),
    CONSTRAINT vanished_row_brought_by_fkey FOREIGN KEY(brought_by) REFERENCES upload (id)
);
CREATE INDEX vanished_row_upload_id_idx ON vanished_row (upload_id, id);
COMMENT ON COLUMN vanished_row.code IS 'what stood when the delivery was read, and is not in it';
COMMENT ON COLUMN vanished_row.brought_by IS 'the delivery that brought what stood';
COMMENT ON COLUMN vanished_row.x IS 'a place in it, in the metric system';

SELECT keep_for_ever('vanished_row');
