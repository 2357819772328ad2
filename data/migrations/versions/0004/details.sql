-- 0004 details: points, lines, objects and writing of a survey, in versions.
CREATE TABLE detail_feature (
    layer TEXT COLLATE "C" NOT NULL,
    area TEXT COLLATE "C",
    parcels JSONB,
    attributes JSONB NOT NULL,
    geom geometry(GEOMETRY,-1) NOT NULL,
    delivered BYTEA NOT NULL,
    delivered_crs TEXT NOT NULL,
    delivery BIGINT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT detail_feature_pkey PRIMARY KEY (id),
    CONSTRAINT detail_feature_one_version EXCLUDE USING gist (hashtextextended(layer || code, 0) WITH =, layer
        WITH =, code WITH =, valid WITH &&, known WITH &&),
    CONSTRAINT detail_feature_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT detail_feature_layer_listed_check CHECK (layer IN ('boundary_point', 'boundary_line',
        'control_point', 'region_line', 'point_object', 'line_object', 'area_object', 'annotation')),
    CONSTRAINT detail_feature_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX detail_feature_area_idx ON detail_feature (area) WHERE upper_inf(known);
CREATE INDEX detail_feature_current_idx ON detail_feature (layer, code) WHERE upper_inf(known);
CREATE INDEX detail_feature_geom_idx ON detail_feature USING gist (layer, geom) WHERE upper_inf(known);
CREATE INDEX detail_feature_parcels_idx ON detail_feature USING gin (parcels) WHERE upper_inf(known);
CREATE INDEX detail_feature_upload_id_idx ON detail_feature (upload_id);
COMMENT ON COLUMN detail_feature.area IS 'the issuer whose parcel it names first';
COMMENT ON COLUMN detail_feature.parcels IS 'codes of the parcels it belongs to';
COMMENT ON COLUMN detail_feature.attributes IS 'all that was delivered of this feature, by our names';
COMMENT ON COLUMN detail_feature.geom IS 'in the metric system of the deployment';
COMMENT ON COLUMN detail_feature.delivered IS 'the shape as delivered, well-known binary';
COMMENT ON COLUMN detail_feature.delivered_crs IS 'the system it was delivered in, EPSG:n or its full text';
COMMENT ON COLUMN detail_feature.delivery IS 'the upload that first brought this very shape';
COMMENT ON COLUMN detail_feature.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN detail_feature.known IS 'in our books, half-open';
COMMENT ON COLUMN detail_feature.upload_id IS 'the delivery that brought this version';
