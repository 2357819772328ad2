-- 0010: repairs that are proposed for invalid shapes of a delivery; a person says which of them are stored.

COMMENT ON COLUMN upload.acceptance
IS 'who accepted it, and what they answered: what vanished kept or ended, which repairs are stored';

CREATE TABLE proposed_repair (
    upload_id BIGINT NOT NULL,
    layer TEXT NOT NULL,
    row BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    area_before_m2 DOUBLE PRECISION,
    area_after_m2 DOUBLE PRECISION,
    delivered BYTEA NOT NULL,
    repaired BYTEA NOT NULL,
    CONSTRAINT proposed_repair_pkey PRIMARY KEY (upload_id, layer, row),
    CONSTRAINT proposed_repair_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
COMMENT ON COLUMN proposed_repair.row IS 'its number in the delivered file, from 0';
COMMENT ON COLUMN proposed_repair.area_before_m2 IS 'unknown where the system of the file is not metric';
COMMENT ON COLUMN proposed_repair.delivered IS 'well-known binary in the system of the layer';

SELECT keep_for_ever('proposed_repair');
