-- 0001 land: land in versions: parcels, reserved land, survey layers.
CREATE SEQUENCE survey_number;

CREATE TABLE parcel (
    name TEXT,
    ownership TEXT,
    category TEXT,
    land_use TEXT,
    fertility TEXT,
    purpose TEXT,
    is_basic_farmland TEXT,
    surveyed_m2 DOUBLE PRECISION,
    bound_east TEXT,
    bound_west TEXT,
    bound_south TEXT,
    bound_north TEXT,
    remark TEXT,
    boundary_witness TEXT,
    boundary_points TEXT,
    surveyed_mu DOUBLE PRECISION,
    predecessors TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    geom geometry(GEOMETRY,-1) NOT NULL,
    delivered BYTEA NOT NULL,
    delivered_crs TEXT NOT NULL,
    delivered_m2 DOUBLE PRECISION,
    delivery BIGINT NOT NULL,
    area_m2 DOUBLE PRECISION GENERATED ALWAYS AS (st_area(geom)) STORED NOT NULL,
    geom_3857 geometry(GEOMETRY,-1) GENERATED ALWAYS AS (st_transform(geom, 3857)) STORED NOT NULL,
    CONSTRAINT parcel_pkey PRIMARY KEY (id),
    CONSTRAINT parcel_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH &&,
        known WITH &&),
    CONSTRAINT parcel_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT parcel_code_shape_check CHECK (code ~ '^[0-9]{19}$'),
    CONSTRAINT parcel_surveyed_m2_check CHECK (surveyed_m2 > 0 AND surveyed_m2 < 'Infinity'),
    CONSTRAINT parcel_surveyed_mu_check CHECK (surveyed_mu > 0 AND surveyed_mu < 'Infinity'),
    CONSTRAINT parcel_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX parcel_current_idx ON parcel (code) WHERE upper_inf(known);
CREATE INDEX parcel_geom_3857_idx ON parcel USING gist (geom_3857) WHERE upper_inf(known);
CREATE INDEX parcel_geom_idx ON parcel USING gist (geom) WHERE upper_inf(known);
CREATE INDEX parcel_upload_id_idx ON parcel (upload_id);
COMMENT ON COLUMN parcel.name IS 'DKMC 地块名称';
COMMENT ON COLUMN parcel.ownership IS 'SYQXZ 所有权性质';
COMMENT ON COLUMN parcel.category IS 'DKLB 地块类别';
COMMENT ON COLUMN parcel.land_use IS 'TDLYLX 土地利用类型';
COMMENT ON COLUMN parcel.fertility IS 'DLDJ 地力等级';
COMMENT ON COLUMN parcel.purpose IS 'TDYT 土地用途';
COMMENT ON COLUMN parcel.is_basic_farmland IS 'SFJBNT 是否基本农田';
COMMENT ON COLUMN parcel.surveyed_m2 IS 'SCMJ 实测面积';
COMMENT ON COLUMN parcel.bound_east IS 'DKDZ 地块东至';
COMMENT ON COLUMN parcel.bound_west IS 'DKXZ 地块西至';
COMMENT ON COLUMN parcel.bound_south IS 'DKNZ 地块南至';
COMMENT ON COLUMN parcel.bound_north IS 'DKBZ 地块北至';
COMMENT ON COLUMN parcel.remark IS 'DKBZXX 地块备注信息';
COMMENT ON COLUMN parcel.boundary_witness IS 'ZJRXM 指界人姓名';
COMMENT ON COLUMN parcel.boundary_points IS 'KJZB 空间坐标';
COMMENT ON COLUMN parcel.surveyed_mu IS 'SCMJM 实测面积(亩)';
COMMENT ON COLUMN parcel.predecessors IS 'YDKBM 原地块代码';
COMMENT ON COLUMN parcel.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN parcel.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN parcel.known IS 'in our books, half-open';
COMMENT ON COLUMN parcel.upload_id IS 'the delivery that brought this version';
COMMENT ON COLUMN parcel.geom IS 'in the metric system of the deployment';
COMMENT ON COLUMN parcel.delivered IS 'the shape as delivered, well-known binary';
COMMENT ON COLUMN parcel.delivered_crs IS 'the system it was delivered in, EPSG:n or its full text';
COMMENT ON COLUMN parcel.delivered_m2 IS 'area in the system it was delivered in, if metric';
COMMENT ON COLUMN parcel.delivery IS 'the upload that first brought this very shape';

CREATE TABLE reserved_land (
    outstanding_m2 DOUBLE PRECISION GENERATED ALWAYS AS (quota_m2 - coalesce(granted_m2, 0)) STORED,
    issuer_code TEXT COLLATE "C",
    unit_code TEXT COLLATE "C",
    expropriation_no TEXT,
    expropriated_m2 DOUBLE PRECISION,
    ratio DOUBLE PRECISION,
    quota_m2 DOUBLE PRECISION,
    form TEXT,
    granted_m2 DOUBLE PRECISION,
    land_nature TEXT,
    planned_use TEXT,
    conversion_no TEXT,
    state TEXT,
    agreed_on DATE,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    geom geometry(GEOMETRY,-1) NOT NULL,
    delivered BYTEA NOT NULL,
    delivered_crs TEXT NOT NULL,
    delivered_m2 DOUBLE PRECISION,
    delivery BIGINT NOT NULL,
    area_m2 DOUBLE PRECISION GENERATED ALWAYS AS (st_area(geom)) STORED NOT NULL,
    geom_3857 geometry(GEOMETRY,-1) GENERATED ALWAYS AS (st_transform(geom, 3857)) STORED NOT NULL,
    CONSTRAINT reserved_land_pkey PRIMARY KEY (id),
    CONSTRAINT reserved_land_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH
        &&, known WITH &&),
    CONSTRAINT reserved_land_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT reserved_land_code_shape_check CHECK (code ~ '^[0-9]{14}L[0-9]{4}$'),
    CONSTRAINT reserved_land_expropriated_m2_check CHECK (expropriated_m2 > 0 AND expropriated_m2 < 'Infinity'),
    CONSTRAINT reserved_land_quota_m2_check CHECK (quota_m2 > 0 AND quota_m2 < 'Infinity'),
    CONSTRAINT reserved_land_granted_m2_check CHECK (granted_m2 > 0 AND granted_m2 < 'Infinity'),
    CONSTRAINT reserved_land_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX reserved_land_current_idx ON reserved_land (code) WHERE upper_inf(known);
CREATE INDEX reserved_land_geom_3857_idx ON reserved_land USING gist (geom_3857) WHERE upper_inf(known);
CREATE INDEX reserved_land_geom_idx ON reserved_land USING gist (geom) WHERE upper_inf(known);
CREATE INDEX reserved_land_upload_id_idx ON reserved_land (upload_id);
COMMENT ON COLUMN reserved_land.outstanding_m2 IS 'still owed to the collective';
COMMENT ON COLUMN reserved_land.issuer_code IS 'FBFBM 发包方编码';
COMMENT ON COLUMN reserved_land.unit_code IS 'BDCDYH 不动产单元号';
COMMENT ON COLUMN reserved_land.expropriation_no IS 'ZDPZWH 征地批文';
COMMENT ON COLUMN reserved_land.expropriated_m2 IS 'ZDMJ 实征面积';
COMMENT ON COLUMN reserved_land.ratio IS 'LYBL 留用比例';
COMMENT ON COLUMN reserved_land.quota_m2 IS 'HDMJ 核定面积';
COMMENT ON COLUMN reserved_land.form IS 'LSFS 落实方式';
COMMENT ON COLUMN reserved_land.granted_m2 IS 'LSMJ 已落实面积';
COMMENT ON COLUMN reserved_land.land_nature IS 'TDXZ 土地性质';
COMMENT ON COLUMN reserved_land.planned_use IS 'GHYT 规划用途';
COMMENT ON COLUMN reserved_land.conversion_no IS 'NZYPW 农转用批文';
COMMENT ON COLUMN reserved_land.state IS 'ZT 状态';
COMMENT ON COLUMN reserved_land.agreed_on IS 'QDRQ 签订日期';
COMMENT ON COLUMN reserved_land.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN reserved_land.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN reserved_land.known IS 'in our books, half-open';
COMMENT ON COLUMN reserved_land.upload_id IS 'the delivery that brought this version';
COMMENT ON COLUMN reserved_land.geom IS 'in the metric system of the deployment';
COMMENT ON COLUMN reserved_land.delivered IS 'the shape as delivered, well-known binary';
COMMENT ON COLUMN reserved_land.delivered_crs IS 'the system it was delivered in, EPSG:n or its full text';
COMMENT ON COLUMN reserved_land.delivered_m2 IS 'area in the system it was delivered in, if metric';
COMMENT ON COLUMN reserved_land.delivery IS 'the upload that first brought this very shape';

CREATE TABLE survey_feature (
    layer TEXT COLLATE "C" NOT NULL,
    name TEXT,
    class_code TEXT COLLATE "C",
    surveyed_on DATE,
    lawful DATERANGE,
    attributes JSONB NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    geom geometry(GEOMETRY,-1) NOT NULL,
    delivered BYTEA NOT NULL,
    delivered_crs TEXT NOT NULL,
    delivered_m2 DOUBLE PRECISION,
    delivery BIGINT NOT NULL,
    area_m2 DOUBLE PRECISION GENERATED ALWAYS AS (st_area(geom)) STORED NOT NULL,
    geom_3857 geometry(GEOMETRY,-1) GENERATED ALWAYS AS (st_transform(geom, 3857)) STORED NOT NULL,
    CONSTRAINT survey_feature_pkey PRIMARY KEY (id),
    CONSTRAINT survey_feature_one_version EXCLUDE USING gist (hashtextextended(layer || code, 0) WITH =, layer WITH =,
        code WITH =, valid WITH &&, known WITH &&),
    CONSTRAINT survey_feature_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT survey_feature_layer_listed_check CHECK (layer IN ('building', 'landcover', 'landcover_before',
        'basic_farmland', 'approval', 'change_patch', 'boundary')),
    CONSTRAINT survey_feature_lawful_check CHECK (NOT isempty(lawful)),
    CONSTRAINT survey_feature_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX survey_feature_current_idx ON survey_feature (layer, code) WHERE upper_inf(known);
CREATE INDEX survey_feature_geom_3857_idx ON survey_feature USING gist (layer, geom_3857) WHERE upper_inf(known);
CREATE INDEX survey_feature_geom_idx ON survey_feature USING gist (layer, geom) WHERE upper_inf(known);
CREATE INDEX survey_feature_upload_id_idx ON survey_feature (upload_id);
COMMENT ON COLUMN survey_feature.lawful IS 'approvals: the days on which they are in force';
COMMENT ON COLUMN survey_feature.attributes IS 'all that was delivered of this feature, by our names';
COMMENT ON COLUMN survey_feature.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN survey_feature.known IS 'in our books, half-open';
COMMENT ON COLUMN survey_feature.upload_id IS 'the delivery that brought this version';
COMMENT ON COLUMN survey_feature.geom IS 'in the metric system of the deployment';
COMMENT ON COLUMN survey_feature.delivered IS 'the shape as delivered, well-known binary';
COMMENT ON COLUMN survey_feature.delivered_crs IS 'the system it was delivered in, EPSG:n or its full text';
COMMENT ON COLUMN survey_feature.delivered_m2 IS 'area in the system it was delivered in, if metric';
COMMENT ON COLUMN survey_feature.delivery IS 'the upload that first brought this very shape';
