-- 0001 holders: who holds land, in versions: collectives, households, rights.

CREATE TABLE issuer (
    name TEXT,
    head_name TEXT,
    head_id_type TEXT,
    head_id_number TEXT,
    phone TEXT,
    address TEXT,
    postcode TEXT,
    surveyor TEXT,
    surveyed_on DATE,
    survey_note TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT issuer_pkey PRIMARY KEY (id),
    CONSTRAINT issuer_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH &&,
        known WITH &&),
    CONSTRAINT issuer_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT issuer_code_shape_check CHECK (code ~ '^[0-9]{14}$'),
    CONSTRAINT issuer_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX issuer_current_idx ON issuer (code) WHERE upper_inf(known);
CREATE INDEX issuer_upload_id_idx ON issuer (upload_id);
COMMENT ON COLUMN issuer.name IS 'FBFMC 发包方名称';
COMMENT ON COLUMN issuer.head_name IS 'FBFFZRXM 发包方负责人姓名';
COMMENT ON COLUMN issuer.head_id_type IS 'FZRZJLX 负责人证件类型';
COMMENT ON COLUMN issuer.head_id_number IS 'FZRZJHM 负责人证件号码';
COMMENT ON COLUMN issuer.phone IS 'LXDH 联系电话';
COMMENT ON COLUMN issuer.address IS 'FBFDZ 发包方地址';
COMMENT ON COLUMN issuer.postcode IS 'YZBM 邮政编码';
COMMENT ON COLUMN issuer.surveyor IS 'FBFDCY 发包方调查员';
COMMENT ON COLUMN issuer.surveyed_on IS 'FBFDCRQ 发包方调查日期';
COMMENT ON COLUMN issuer.survey_note IS 'FBFDCJS 发包方调查记事';
COMMENT ON COLUMN issuer.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN issuer.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN issuer.known IS 'in our books, half-open';
COMMENT ON COLUMN issuer.upload_id IS 'the delivery that brought this version';

CREATE TABLE contractor (
    kind TEXT,
    name TEXT,
    id_type TEXT,
    id_number TEXT,
    address TEXT,
    postcode TEXT,
    phone TEXT,
    member_count INTEGER,
    surveyed_on DATE,
    surveyor TEXT,
    survey_note TEXT,
    notice_note TEXT,
    notice_recorder TEXT,
    notice_reviewed_on DATE,
    notice_reviewer TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT contractor_pkey PRIMARY KEY (id),
    CONSTRAINT contractor_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH
        &&, known WITH &&),
    CONSTRAINT contractor_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT contractor_code_shape_check CHECK (code ~ '^[0-9]{18}$'),
    CONSTRAINT contractor_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX contractor_current_idx ON contractor (code) WHERE upper_inf(known);
CREATE INDEX contractor_upload_id_idx ON contractor (upload_id);
COMMENT ON COLUMN contractor.kind IS 'CBFLX 承包方类型';
COMMENT ON COLUMN contractor.name IS 'CBFMC 承包方(代表)名称';
COMMENT ON COLUMN contractor.id_type IS 'CBFZJLX 承包方(代表)证件类型';
COMMENT ON COLUMN contractor.id_number IS 'CBFZJHM 承包方(代表)证件号码';
COMMENT ON COLUMN contractor.address IS 'CBFDZ 承包方地址';
COMMENT ON COLUMN contractor.postcode IS 'YZBM 邮政编码';
COMMENT ON COLUMN contractor.phone IS 'LXDH 联系电话';
COMMENT ON COLUMN contractor.member_count IS 'CBFCYSL 承包方成员数量';
COMMENT ON COLUMN contractor.surveyed_on IS 'CBFDCRQ 承包方调查日期';
COMMENT ON COLUMN contractor.surveyor IS 'CBFDCY 承包方调查员';
COMMENT ON COLUMN contractor.survey_note IS 'CBFDCJS 承包方调查记事';
COMMENT ON COLUMN contractor.notice_note IS 'GSJS 公示记事';
COMMENT ON COLUMN contractor.notice_recorder IS 'GSJSR 公示记事人';
COMMENT ON COLUMN contractor.notice_reviewed_on IS 'GSSHRQ 公示审核日期';
COMMENT ON COLUMN contractor.notice_reviewer IS 'GSSHR 公示审核人';
COMMENT ON COLUMN contractor.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN contractor.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN contractor.known IS 'in our books, half-open';
COMMENT ON COLUMN contractor.upload_id IS 'the delivery that brought this version';

CREATE TABLE household_member (
    contractor_code TEXT COLLATE "C",
    name TEXT,
    sex TEXT,
    id_type TEXT,
    id_number TEXT,
    relation TEXT,
    remark_code TEXT COLLATE "C",
    is_co_owner TEXT,
    remark TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT household_member_pkey PRIMARY KEY (id),
    CONSTRAINT household_member_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid
        WITH &&, known WITH &&),
    CONSTRAINT household_member_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT household_member_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX household_member_contractor_code_idx ON household_member (contractor_code) WHERE upper_inf(known);
CREATE INDEX household_member_current_idx ON household_member (code) WHERE upper_inf(known);
CREATE INDEX household_member_upload_id_idx ON household_member (upload_id);
COMMENT ON COLUMN household_member.contractor_code IS 'CBFBM 承包方编码';
COMMENT ON COLUMN household_member.name IS 'CYXM 成员姓名';
COMMENT ON COLUMN household_member.sex IS 'CYXB 成员性别';
COMMENT ON COLUMN household_member.id_type IS 'CYZJLX 成员证件类型';
COMMENT ON COLUMN household_member.id_number IS 'CYZJHM 成员证件号码';
COMMENT ON COLUMN household_member.relation IS 'YHZGX 与户主关系';
COMMENT ON COLUMN household_member.remark_code IS 'CYBZ 成员备注';
COMMENT ON COLUMN household_member.is_co_owner IS 'SFGYR 是否共有人';
COMMENT ON COLUMN household_member.remark IS 'CYBZSM 成员备注说明';
COMMENT ON COLUMN household_member.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN household_member.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN household_member.known IS 'in our books, half-open';
COMMENT ON COLUMN household_member.upload_id IS 'the delivery that brought this version';

CREATE TABLE parcel_right (
    surveyed_m2 DOUBLE PRECISION,
    parcel_code TEXT COLLATE "C",
    issuer_code TEXT COLLATE "C",
    contractor_code TEXT COLLATE "C",
    acquired_by TEXT,
    confirmed_m2 DOUBLE PRECISION,
    contract_code TEXT COLLATE "C",
    transfer_code TEXT COLLATE "C",
    certificate_code TEXT COLLATE "C",
    contract_m2 DOUBLE PRECISION,
    confirmed_mu DOUBLE PRECISION,
    contract_mu DOUBLE PRECISION,
    is_share TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT parcel_right_pkey PRIMARY KEY (id),
    CONSTRAINT parcel_right_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH
        &&, known WITH &&),
    CONSTRAINT parcel_right_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT parcel_right_confirmed_m2_check CHECK (confirmed_m2 > 0 AND confirmed_m2 < 'Infinity'),
    CONSTRAINT parcel_right_contract_m2_check CHECK (contract_m2 > 0 AND contract_m2 < 'Infinity'),
    CONSTRAINT parcel_right_confirmed_mu_check CHECK (confirmed_mu > 0 AND confirmed_mu < 'Infinity'),
    CONSTRAINT parcel_right_contract_mu_check CHECK (contract_mu > 0 AND contract_mu < 'Infinity'),
    CONSTRAINT parcel_right_surveyed_m2_check CHECK (surveyed_m2 > 0 AND surveyed_m2 < 'Infinity'),
    CONSTRAINT parcel_right_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX parcel_right_certificate_code_idx ON parcel_right (certificate_code) WHERE upper_inf(known);
CREATE INDEX parcel_right_contractor_code_idx ON parcel_right (contractor_code) WHERE upper_inf(known);
CREATE INDEX parcel_right_current_idx ON parcel_right (code) WHERE upper_inf(known);
CREATE INDEX parcel_right_parcel_code_idx ON parcel_right (parcel_code) WHERE upper_inf(known);
CREATE INDEX parcel_right_upload_id_idx ON parcel_right (upload_id);
COMMENT ON COLUMN parcel_right.surveyed_m2 IS 'SCMJ of the parcel when the right was delivered';
COMMENT ON COLUMN parcel_right.parcel_code IS 'DKBM 地块代码';
COMMENT ON COLUMN parcel_right.issuer_code IS 'FBFBM 发包方编码';
COMMENT ON COLUMN parcel_right.contractor_code IS 'CBFBM 承包方编码';
COMMENT ON COLUMN parcel_right.acquired_by IS 'CBJYQQDFS 承包经营权取得方式';
COMMENT ON COLUMN parcel_right.confirmed_m2 IS 'HTMJ 确权(合同)面积';
COMMENT ON COLUMN parcel_right.contract_code IS 'CBHTBM 承包合同代码';
COMMENT ON COLUMN parcel_right.transfer_code IS 'LZHTBM 流转合同代码';
COMMENT ON COLUMN parcel_right.certificate_code IS 'CBJYQZBM 承包经营权证(登记簿)代码';
COMMENT ON COLUMN parcel_right.contract_m2 IS 'YHTMJ 原合同面积';
COMMENT ON COLUMN parcel_right.confirmed_mu IS 'HTMJM 确权(合同)面积(亩)';
COMMENT ON COLUMN parcel_right.contract_mu IS 'YHTMJM 原合同面积(亩)';
COMMENT ON COLUMN parcel_right.is_share IS 'SFQQQG 是否确权确股不确地';
COMMENT ON COLUMN parcel_right.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN parcel_right.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN parcel_right.known IS 'in our books, half-open';
COMMENT ON COLUMN parcel_right.upload_id IS 'the delivery that brought this version';

CREATE TABLE certificate_token (
    token_hash BYTEA NOT NULL,
    certificate_code TEXT COLLATE "C" NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT certificate_token_pkey PRIMARY KEY (token_hash),
    CONSTRAINT certificate_token_token_hash_length_check CHECK (length(token_hash) = 32)
);
