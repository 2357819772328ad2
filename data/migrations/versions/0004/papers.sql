-- 0004 papers: the papers behind a title, what became of certificates, and the bridge to the real-estate register.
CREATE TABLE title_document (
    certificate_code TEXT COLLATE "C",
    number TEXT,
    name TEXT,
    dated_on DATE,
    path TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT title_document_pkey PRIMARY KEY (id),
    CONSTRAINT title_document_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid
        WITH &&, known WITH &&),
    CONSTRAINT title_document_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT title_document_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX title_document_certificate_code_idx ON title_document (certificate_code) WHERE upper_inf(known);
CREATE INDEX title_document_current_idx ON title_document (code) WHERE upper_inf(known);
CREATE INDEX title_document_upload_id_idx ON title_document (upload_id);
COMMENT ON COLUMN title_document.certificate_code IS 'CBJYQZBM 承包经营权证(登记簿)代码';
COMMENT ON COLUMN title_document.number IS 'ZLFJBH 资料附件编号';
COMMENT ON COLUMN title_document.name IS 'ZLFJMC 资料附件名称';
COMMENT ON COLUMN title_document.dated_on IS 'ZLFJRQ 资料附件日期';
COMMENT ON COLUMN title_document.path IS 'FJ 附件';
COMMENT ON COLUMN title_document.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN title_document.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN title_document.known IS 'in our books, half-open';
COMMENT ON COLUMN title_document.upload_id IS 'the delivery that brought this version';

CREATE TABLE certificate_replaced (
    certificate_code TEXT COLLATE "C",
    reason TEXT,
    reissued_on DATE,
    collected_on DATE,
    collector_name TEXT,
    collector_id_type TEXT,
    collector_id_number TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT certificate_replaced_pkey PRIMARY KEY (id),
    CONSTRAINT certificate_replaced_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =,
        valid WITH &&, known WITH &&),
    CONSTRAINT certificate_replaced_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT certificate_replaced_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX certificate_replaced_certificate_code_idx ON certificate_replaced (certificate_code) WHERE upper_inf(known);
CREATE INDEX certificate_replaced_current_idx ON certificate_replaced (code) WHERE upper_inf(known);
CREATE INDEX certificate_replaced_upload_id_idx ON certificate_replaced (upload_id);
COMMENT ON COLUMN certificate_replaced.certificate_code IS 'CBJYQZBM 承包经营权证(登记簿)代码';
COMMENT ON COLUMN certificate_replaced.reason IS 'QZBFYY 权证补发原因';
COMMENT ON COLUMN certificate_replaced.reissued_on IS 'BFRQ 补发日期';
COMMENT ON COLUMN certificate_replaced.collected_on IS 'QZBFLQRQ 权证补发领取日期';
COMMENT ON COLUMN certificate_replaced.collector_name IS 'QZBFLQRXM 权证补发领取人姓名';
COMMENT ON COLUMN certificate_replaced.collector_id_type IS 'BFLQRZJLX 权证补发领取人证件类型';
COMMENT ON COLUMN certificate_replaced.collector_id_number IS 'BFLQRZJHM 权证补发领取人证件号码';
COMMENT ON COLUMN certificate_replaced.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN certificate_replaced.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN certificate_replaced.known IS 'in our books, half-open';
COMMENT ON COLUMN certificate_replaced.upload_id IS 'the delivery that brought this version';

CREATE TABLE certificate_exchanged (
    certificate_code TEXT COLLATE "C",
    reason TEXT,
    reissued_on DATE,
    collected_on DATE,
    collector_name TEXT,
    collector_id_type TEXT,
    collector_id_number TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT certificate_exchanged_pkey PRIMARY KEY (id),
    CONSTRAINT certificate_exchanged_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH
        =, valid WITH &&, known WITH &&),
    CONSTRAINT certificate_exchanged_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT certificate_exchanged_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX certificate_exchanged_certificate_code_idx ON certificate_exchanged (certificate_code) WHERE upper_inf(known);
CREATE INDEX certificate_exchanged_current_idx ON certificate_exchanged (code) WHERE upper_inf(known);
CREATE INDEX certificate_exchanged_upload_id_idx ON certificate_exchanged (upload_id);
COMMENT ON COLUMN certificate_exchanged.certificate_code IS 'CBJYQZBM 承包经营权证(登记簿)代码';
COMMENT ON COLUMN certificate_exchanged.reason IS 'QZHFYY 权证换发原因';
COMMENT ON COLUMN certificate_exchanged.reissued_on IS 'HFRQ 换发日期';
COMMENT ON COLUMN certificate_exchanged.collected_on IS 'QZHFLQRQ 权证换发领取日期';
COMMENT ON COLUMN certificate_exchanged.collector_name IS 'QZHFLQRXM 权证换发领取人姓名';
COMMENT ON COLUMN certificate_exchanged.collector_id_type IS 'HFLQRZJLX 权证换发领取人证件类型';
COMMENT ON COLUMN certificate_exchanged.collector_id_number IS 'HFLQRZJHM 权证换发领取人证件号码';
COMMENT ON COLUMN certificate_exchanged.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN certificate_exchanged.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN certificate_exchanged.known IS 'in our books, half-open';
COMMENT ON COLUMN certificate_exchanged.upload_id IS 'the delivery that brought this version';

CREATE TABLE certificate_cancelled (
    certificate_code TEXT COLLATE "C",
    reason TEXT,
    cancelled_on DATE,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT certificate_cancelled_pkey PRIMARY KEY (id),
    CONSTRAINT certificate_cancelled_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH
        =, valid WITH &&, known WITH &&),
    CONSTRAINT certificate_cancelled_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT certificate_cancelled_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX certificate_cancelled_certificate_code_idx ON certificate_cancelled (certificate_code) WHERE upper_inf(known);
CREATE INDEX certificate_cancelled_current_idx ON certificate_cancelled (code) WHERE upper_inf(known);
CREATE INDEX certificate_cancelled_upload_id_idx ON certificate_cancelled (upload_id);
COMMENT ON COLUMN certificate_cancelled.certificate_code IS 'CBJYQZBM 承包经营权证(登记簿)代码';
COMMENT ON COLUMN certificate_cancelled.reason IS 'ZXYY 注销原因';
COMMENT ON COLUMN certificate_cancelled.cancelled_on IS 'ZXRQ 注销日期';
COMMENT ON COLUMN certificate_cancelled.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN certificate_cancelled.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN certificate_cancelled.known IS 'in our books, half-open';
COMMENT ON COLUMN certificate_cancelled.upload_id IS 'the delivery that brought this version';

CREATE TABLE unit_code (
    unit_code TEXT COLLATE "C",
    holder TEXT,
    holder_id_type TEXT,
    holder_id_number TEXT,
    issuer_code TEXT COLLATE "C",
    issuer_name TEXT,
    sharing TEXT,
    registration_type TEXT,
    registration_reason TEXT,
    contracted_mu DOUBLE PRECISION,
    term_from DATE,
    term_to DATE,
    ownership TEXT,
    water_kind TEXT,
    farming TEXT,
    grass_quality TEXT,
    grazing_capacity INTEGER,
    certificate_number TEXT,
    registered_on DATE,
    registrar TEXT,
    note TEXT,
    county_code TEXT COLLATE "C",
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT unit_code_pkey PRIMARY KEY (id),
    CONSTRAINT unit_code_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH
        &&, known WITH &&),
    CONSTRAINT unit_code_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT unit_code_code_shape_check CHECK (code ~ '^[0-9]{19}$'),
    CONSTRAINT unit_code_contracted_mu_check CHECK (contracted_mu > 0 AND contracted_mu < 'Infinity'),
    CONSTRAINT unit_code_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX unit_code_current_idx ON unit_code (code) WHERE upper_inf(known);
CREATE INDEX unit_code_unit_code_idx ON unit_code (unit_code) WHERE upper_inf(known);
CREATE INDEX unit_code_upload_id_idx ON unit_code (upload_id);
COMMENT ON COLUMN unit_code.unit_code IS 'BDCDYH 不动产单元代码';
COMMENT ON COLUMN unit_code.holder IS 'QLR 权利人';
COMMENT ON COLUMN unit_code.holder_id_type IS 'ZJZL 证件种类';
COMMENT ON COLUMN unit_code.holder_id_number IS 'ZJH 证件号';
COMMENT ON COLUMN unit_code.issuer_code IS 'FBFDM 发包方代码';
COMMENT ON COLUMN unit_code.issuer_name IS 'FBFMC 发包方名称';
COMMENT ON COLUMN unit_code.sharing IS 'GYQK 共有情况';
COMMENT ON COLUMN unit_code.registration_type IS 'DJLX 登记类型';
COMMENT ON COLUMN unit_code.registration_reason IS 'DJYY 登记原因';
COMMENT ON COLUMN unit_code.contracted_mu IS 'CBMJ 承包面积(亩)';
COMMENT ON COLUMN unit_code.term_from IS 'CBQSSJ 承包起始时间';
COMMENT ON COLUMN unit_code.term_to IS 'CBJSSJ 承包结束时间';
COMMENT ON COLUMN unit_code.ownership IS 'TDSYQXZ 土地所有权性质';
COMMENT ON COLUMN unit_code.water_kind IS 'SYTTLX 水域滩涂类型';
COMMENT ON COLUMN unit_code.farming IS 'YZYFS 养殖业方式';
COMMENT ON COLUMN unit_code.grass_quality IS 'CYZL 草原质量';
COMMENT ON COLUMN unit_code.grazing_capacity IS 'SYZCL 适宜载畜量';
COMMENT ON COLUMN unit_code.certificate_number IS 'BDCQZH 不动产权证号';
COMMENT ON COLUMN unit_code.registered_on IS 'DJSJ 登记时间';
COMMENT ON COLUMN unit_code.registrar IS 'DBR 登簿人';
COMMENT ON COLUMN unit_code.note IS 'FJ 附记';
COMMENT ON COLUMN unit_code.county_code IS 'QXDM 区县代码';
COMMENT ON COLUMN unit_code.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN unit_code.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN unit_code.known IS 'in our books, half-open';
COMMENT ON COLUMN unit_code.upload_id IS 'the delivery that brought this version';
