-- 0001 papers: what says so, in versions: contracts, transfers, register, certificates.

CREATE TABLE contract (
    predecessor_code TEXT COLLATE "C",
    issuer_code TEXT COLLATE "C",
    contractor_code TEXT COLLATE "C",
    method TEXT,
    term_from DATE,
    term_to DATE,
    total_m2 DOUBLE PRECISION,
    parcel_count INTEGER,
    signed_on DATE,
    total_mu DOUBLE PRECISION,
    former_total_m2 DOUBLE PRECISION,
    former_total_mu DOUBLE PRECISION,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT contract_pkey PRIMARY KEY (id),
    CONSTRAINT contract_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH &&,
        known WITH &&),
    CONSTRAINT contract_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT contract_code_shape_check CHECK (code ~ '^[0-9]{18}[JQ]$'),
    CONSTRAINT contract_total_m2_check CHECK (total_m2 > 0 AND total_m2 < 'Infinity'),
    CONSTRAINT contract_total_mu_check CHECK (total_mu > 0 AND total_mu < 'Infinity'),
    CONSTRAINT contract_former_total_m2_check CHECK (former_total_m2 > 0 AND former_total_m2 < 'Infinity'),
    CONSTRAINT contract_former_total_mu_check CHECK (former_total_mu > 0 AND former_total_mu < 'Infinity'),
    CONSTRAINT contract_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX contract_contractor_code_idx ON contract (contractor_code) WHERE upper_inf(known);
CREATE INDEX contract_current_idx ON contract (code) WHERE upper_inf(known);
CREATE INDEX contract_predecessor_code_idx ON contract (predecessor_code) WHERE upper_inf(known);
CREATE INDEX contract_upload_id_idx ON contract (upload_id);
COMMENT ON COLUMN contract.predecessor_code IS 'YCBHTBM 原承包合同代码';
COMMENT ON COLUMN contract.issuer_code IS 'FBFBM 发包方编码';
COMMENT ON COLUMN contract.contractor_code IS 'CBFBM 承包方编码';
COMMENT ON COLUMN contract.method IS 'CBFS 承包方式';
COMMENT ON COLUMN contract.term_from IS 'CBQXQ 承包期限起';
COMMENT ON COLUMN contract.term_to IS 'CBQXZ 承包期限止';
COMMENT ON COLUMN contract.total_m2 IS 'HTZMJ 合同总面积';
COMMENT ON COLUMN contract.parcel_count IS 'CBDKZS 承包地块总数';
COMMENT ON COLUMN contract.signed_on IS 'QDSJ 签订时间';
COMMENT ON COLUMN contract.total_mu IS 'HTZMJM 合同总面积(亩)';
COMMENT ON COLUMN contract.former_total_m2 IS 'YHTZMJ 原合同总面积';
COMMENT ON COLUMN contract.former_total_mu IS 'YHTZMJM 原合同总面积(亩)';
COMMENT ON COLUMN contract.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN contract.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN contract.known IS 'in our books, half-open';
COMMENT ON COLUMN contract.upload_id IS 'the delivery that brought this version';

CREATE TABLE transfer (
    contract_code TEXT COLLATE "C",
    contractor_code TEXT COLLATE "C",
    transferee_code TEXT COLLATE "C",
    method TEXT,
    term_text TEXT,
    term_from DATE,
    term_to DATE,
    area_m2 DOUBLE PRECISION,
    parcel_count INTEGER,
    use_before TEXT,
    use_after TEXT,
    price_text TEXT,
    signed_on DATE,
    area_mu DOUBLE PRECISION,
    kind TEXT,
    consented_on DATE,
    filed_on DATE,
    approval_no TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT transfer_pkey PRIMARY KEY (id),
    CONSTRAINT transfer_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH &&,
        known WITH &&),
    CONSTRAINT transfer_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT transfer_code_shape_check CHECK (code ~ '^[0-9]{18}$'),
    CONSTRAINT transfer_area_m2_check CHECK (area_m2 > 0 AND area_m2 < 'Infinity'),
    CONSTRAINT transfer_area_mu_check CHECK (area_mu > 0 AND area_mu < 'Infinity'),
    CONSTRAINT transfer_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX transfer_contract_code_idx ON transfer (contract_code) WHERE upper_inf(known);
CREATE INDEX transfer_current_idx ON transfer (code) WHERE upper_inf(known);
CREATE INDEX transfer_upload_id_idx ON transfer (upload_id);
COMMENT ON COLUMN transfer.contract_code IS 'CBHTBM 承包合同代码';
COMMENT ON COLUMN transfer.contractor_code IS 'CBFBM 承包方编码';
COMMENT ON COLUMN transfer.transferee_code IS 'SRFBM 受让方编码';
COMMENT ON COLUMN transfer.method IS 'LZFS 流转方式';
COMMENT ON COLUMN transfer.term_text IS 'LZQX 流转期限';
COMMENT ON COLUMN transfer.term_from IS 'LZQXKSRQ 流转期限开始日期';
COMMENT ON COLUMN transfer.term_to IS 'LZQXJSRQ 流转期限结束日期';
COMMENT ON COLUMN transfer.area_m2 IS 'LZMJ 流转面积';
COMMENT ON COLUMN transfer.parcel_count IS 'LZDKS 流转地块数';
COMMENT ON COLUMN transfer.use_before IS 'LZQTDYT 流转前土地用途';
COMMENT ON COLUMN transfer.use_after IS 'LZHTDYT 流转后土地用途';
COMMENT ON COLUMN transfer.price_text IS 'LZJGSM 流转费用说明';
COMMENT ON COLUMN transfer.signed_on IS 'HTQDRQ 合同签订日期';
COMMENT ON COLUMN transfer.area_mu IS 'LZMJM 流转面积(亩)';
COMMENT ON COLUMN transfer.kind IS 'LZLX 流转类型';
COMMENT ON COLUMN transfer.consented_on IS 'FBFTYRQ 发包方同意日期';
COMMENT ON COLUMN transfer.filed_on IS 'BARQ 备案日期';
COMMENT ON COLUMN transfer.approval_no IS 'PZWH 批准文号';
COMMENT ON COLUMN transfer.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN transfer.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN transfer.known IS 'in our books, half-open';
COMMENT ON COLUMN transfer.upload_id IS 'the delivery that brought this version';

CREATE TABLE transfer_parcel (
    transfer_code TEXT COLLATE "C",
    parcel_code TEXT COLLATE "C",
    area_m2 DOUBLE PRECISION,
    term_from DATE,
    term_to DATE,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT transfer_parcel_pkey PRIMARY KEY (id),
    CONSTRAINT transfer_parcel_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid
        WITH &&, known WITH &&),
    CONSTRAINT transfer_parcel_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT transfer_parcel_area_m2_check CHECK (area_m2 > 0 AND area_m2 < 'Infinity'),
    CONSTRAINT transfer_parcel_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX transfer_parcel_current_idx ON transfer_parcel (code) WHERE upper_inf(known);
CREATE INDEX transfer_parcel_parcel_code_idx ON transfer_parcel (parcel_code) WHERE upper_inf(known);
CREATE INDEX transfer_parcel_transfer_code_idx ON transfer_parcel (transfer_code) WHERE upper_inf(known);
CREATE INDEX transfer_parcel_upload_id_idx ON transfer_parcel (upload_id);
COMMENT ON COLUMN transfer_parcel.transfer_code IS 'LZHTBM 流转合同代码';
COMMENT ON COLUMN transfer_parcel.parcel_code IS 'DKBM 地块代码';
COMMENT ON COLUMN transfer_parcel.area_m2 IS 'LZMJ 流转面积';
COMMENT ON COLUMN transfer_parcel.term_from IS 'LZQXKSRQ 流转期限开始日期';
COMMENT ON COLUMN transfer_parcel.term_to IS 'LZQXJSRQ 流转期限结束日期';
COMMENT ON COLUMN transfer_parcel.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN transfer_parcel.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN transfer_parcel.known IS 'in our books, half-open';
COMMENT ON COLUMN transfer_parcel.upload_id IS 'the delivery that brought this version';

CREATE TABLE register_entry (
    issuer_code TEXT COLLATE "C",
    contractor_code TEXT COLLATE "C",
    method TEXT,
    term_text TEXT,
    term_from DATE,
    term_to DATE,
    sketch_path TEXT,
    serial_text TEXT,
    note TEXT,
    former_number TEXT,
    registrar TEXT,
    registered_on DATE,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT register_entry_pkey PRIMARY KEY (id),
    CONSTRAINT register_entry_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid
        WITH &&, known WITH &&),
    CONSTRAINT register_entry_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT register_entry_code_shape_check CHECK (code ~ '^[0-9]{18}[JQ]$'),
    CONSTRAINT register_entry_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX register_entry_current_idx ON register_entry (code) WHERE upper_inf(known);
CREATE INDEX register_entry_upload_id_idx ON register_entry (upload_id);
COMMENT ON COLUMN register_entry.issuer_code IS 'FBFBM 发包方编码';
COMMENT ON COLUMN register_entry.contractor_code IS 'CBFBM 承包方编码';
COMMENT ON COLUMN register_entry.method IS 'CBFS 承包方式';
COMMENT ON COLUMN register_entry.term_text IS 'CBQX 承包期限';
COMMENT ON COLUMN register_entry.term_from IS 'CBQXQ 承包期限起';
COMMENT ON COLUMN register_entry.term_to IS 'CBQXZ 承包期限止';
COMMENT ON COLUMN register_entry.sketch_path IS 'DKSYT 地块示意图';
COMMENT ON COLUMN register_entry.serial_text IS 'CBJYQZLSH 承包经营权证流水号';
COMMENT ON COLUMN register_entry.note IS 'DJBFJ 登记簿附记';
COMMENT ON COLUMN register_entry.former_number IS 'YCBJYQZBH 原承包经营权证编号';
COMMENT ON COLUMN register_entry.registrar IS 'DBR 登簿人';
COMMENT ON COLUMN register_entry.registered_on IS 'DJSJ 登记时间';
COMMENT ON COLUMN register_entry.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN register_entry.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN register_entry.known IS 'in our books, half-open';
COMMENT ON COLUMN register_entry.upload_id IS 'the delivery that brought this version';

CREATE TABLE certificate (
    issued_by TEXT,
    issued_on DATE,
    is_collected TEXT,
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
    CONSTRAINT certificate_pkey PRIMARY KEY (id),
    CONSTRAINT certificate_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH
        &&, known WITH &&),
    CONSTRAINT certificate_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT certificate_code_shape_check CHECK (code ~ '^[0-9]{18}[JQ]$'),
    CONSTRAINT certificate_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX certificate_current_idx ON certificate (code) WHERE upper_inf(known);
CREATE INDEX certificate_upload_id_idx ON certificate (upload_id);
COMMENT ON COLUMN certificate.issued_by IS 'FZJG 发证机关';
COMMENT ON COLUMN certificate.issued_on IS 'FZRQ 发证日期';
COMMENT ON COLUMN certificate.is_collected IS 'QZSFLQ 权证是否领取';
COMMENT ON COLUMN certificate.collected_on IS 'QZLQRQ 权证领取日期';
COMMENT ON COLUMN certificate.collector_name IS 'QZLQRXM 权证领取人姓名';
COMMENT ON COLUMN certificate.collector_id_type IS 'QZLQRZJLX 权证领取人证件类型';
COMMENT ON COLUMN certificate.collector_id_number IS 'QZLQRZJHM 权证领取人证件号码';
COMMENT ON COLUMN certificate.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN certificate.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN certificate.known IS 'in our books, half-open';
COMMENT ON COLUMN certificate.upload_id IS 'the delivery that brought this version';
