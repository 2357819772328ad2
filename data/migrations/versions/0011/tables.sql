-- 0011 tables: what the office knows of collective land, of expropriations and what is owed for them, and of who farms.
CREATE TABLE collective_contract (
    issuer_code TEXT COLLATE "C",
    resource TEXT,
    deal TEXT,
    parcel_code TEXT COLLATE "C",
    reserved_code TEXT COLLATE "C",
    party_code TEXT COLLATE "C",
    party_kind TEXT,
    is_member TEXT,
    method TEXT,
    term_from DATE,
    term_to DATE,
    area_m2 DOUBLE PRECISION,
    use_after TEXT,
    planned_use TEXT,
    price_yuan DOUBLE PRECISION,
    rent_yuan DOUBLE PRECISION,
    signed_on DATE,
    assembly TEXT,
    entitled_count INTEGER,
    agreed_count INTEGER,
    approval_no TEXT,
    approved_on DATE,
    trade_no TEXT,
    registered_on DATE,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT collective_contract_pkey PRIMARY KEY (id),
    CONSTRAINT collective_contract_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =,
        valid WITH &&, known WITH &&),
    CONSTRAINT collective_contract_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT collective_contract_area_m2_check CHECK (area_m2 > 0 AND area_m2 < 'Infinity'),
    CONSTRAINT collective_contract_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX collective_contract_current_idx ON collective_contract (code) WHERE upper_inf(known);
CREATE INDEX collective_contract_parcel_code_idx ON collective_contract (parcel_code) WHERE upper_inf(known);
CREATE INDEX collective_contract_reserved_code_idx ON collective_contract (reserved_code) WHERE upper_inf(known);
CREATE INDEX collective_contract_upload_id_idx ON collective_contract USING brin (upload_id);
COMMENT ON COLUMN collective_contract.issuer_code IS 'FBFBM 发包方编码';
COMMENT ON COLUMN collective_contract.resource IS 'ZYLX 资源类型';
COMMENT ON COLUMN collective_contract.deal IS 'ZYJYLX 交易类型';
COMMENT ON COLUMN collective_contract.parcel_code IS 'DKBM 地块代码';
COMMENT ON COLUMN collective_contract.reserved_code IS 'LYDBH 留用地编号';
COMMENT ON COLUMN collective_contract.party_code IS 'DFBM 对方编码';
COMMENT ON COLUMN collective_contract.party_kind IS 'DFLX 对方类型';
COMMENT ON COLUMN collective_contract.is_member IS 'SFBJT 是否本集体成员';
COMMENT ON COLUMN collective_contract.method IS 'JYFS 交易方式';
COMMENT ON COLUMN collective_contract.term_from IS 'HTQXQ 合同期限起';
COMMENT ON COLUMN collective_contract.term_to IS 'HTQXZ 合同期限止';
COMMENT ON COLUMN collective_contract.area_m2 IS 'HTMJ 合同面积';
COMMENT ON COLUMN collective_contract.use_after IS 'TDYT 土地用途';
COMMENT ON COLUMN collective_contract.planned_use IS 'GHYT 规划用途';
COMMENT ON COLUMN collective_contract.price_yuan IS 'ZJE 总价款';
COMMENT ON COLUMN collective_contract.rent_yuan IS 'NZJ 年租金';
COMMENT ON COLUMN collective_contract.signed_on IS 'QDRQ 签订日期';
COMMENT ON COLUMN collective_contract.assembly IS 'BJFS 表决方式';
COMMENT ON COLUMN collective_contract.entitled_count IS 'YHRS 应到人数';
COMMENT ON COLUMN collective_contract.agreed_count IS 'TYRS 同意人数';
COMMENT ON COLUMN collective_contract.approval_no IS 'PZWH 批准文号';
COMMENT ON COLUMN collective_contract.approved_on IS 'PZRQ 批准日期';
COMMENT ON COLUMN collective_contract.trade_no IS 'JYPTBH 交易平台编号';
COMMENT ON COLUMN collective_contract.registered_on IS 'DJRQ 登记日期';
COMMENT ON COLUMN collective_contract.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN collective_contract.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN collective_contract.known IS 'in our books, half-open';
COMMENT ON COLUMN collective_contract.upload_id IS 'the delivery that brought this version';

CREATE TABLE collective_bid (
    contract_code TEXT COLLATE "C",
    method TEXT,
    announced_on DATE,
    opened_on DATE,
    bidder_count INTEGER,
    floor_yuan DOUBLE PRECISION,
    price_yuan DOUBLE PRECISION,
    trade_no TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT collective_bid_pkey PRIMARY KEY (id),
    CONSTRAINT collective_bid_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid
        WITH &&, known WITH &&),
    CONSTRAINT collective_bid_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT collective_bid_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX collective_bid_contract_code_idx ON collective_bid (contract_code) WHERE upper_inf(known);
CREATE INDEX collective_bid_current_idx ON collective_bid (code) WHERE upper_inf(known);
CREATE INDEX collective_bid_upload_id_idx ON collective_bid USING brin (upload_id);
COMMENT ON COLUMN collective_bid.contract_code IS 'ZYHTBM 资源合同编码';
COMMENT ON COLUMN collective_bid.method IS 'JYFS 交易方式';
COMMENT ON COLUMN collective_bid.announced_on IS 'GGRQ 公告日期';
COMMENT ON COLUMN collective_bid.opened_on IS 'KBRQ 开标日期';
COMMENT ON COLUMN collective_bid.bidder_count IS 'JBRS 竞投人数';
COMMENT ON COLUMN collective_bid.floor_yuan IS 'BDJ 标底价';
COMMENT ON COLUMN collective_bid.price_yuan IS 'ZBJ 中标价';
COMMENT ON COLUMN collective_bid.trade_no IS 'JYPTBH 交易平台编号';
COMMENT ON COLUMN collective_bid.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN collective_bid.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN collective_bid.known IS 'in our books, half-open';
COMMENT ON COLUMN collective_bid.upload_id IS 'the delivery that brought this version';

CREATE TABLE payment (
    contract_code TEXT COLLATE "C",
    kind TEXT,
    due_on DATE,
    due_yuan DOUBLE PRECISION,
    paid_on DATE,
    paid_yuan DOUBLE PRECISION,
    payee_code TEXT COLLATE "C",
    payee_kind TEXT,
    retained_yuan DOUBLE PRECISION,
    retention_no TEXT,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT payment_pkey PRIMARY KEY (id),
    CONSTRAINT payment_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH
        &&, known WITH &&),
    CONSTRAINT payment_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT payment_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX payment_contract_code_idx ON payment (contract_code) WHERE upper_inf(known);
CREATE INDEX payment_current_idx ON payment (code) WHERE upper_inf(known);
CREATE INDEX payment_upload_id_idx ON payment USING brin (upload_id);
COMMENT ON COLUMN payment.contract_code IS 'HTBM 合同编码';
COMMENT ON COLUMN payment.kind IS 'KXLX 款项类型';
COMMENT ON COLUMN payment.due_on IS 'YSRQ 应收日期';
COMMENT ON COLUMN payment.due_yuan IS 'YSJE 应收金额';
COMMENT ON COLUMN payment.paid_on IS 'SSRQ 实收日期';
COMMENT ON COLUMN payment.paid_yuan IS 'SSJE 实收金额';
COMMENT ON COLUMN payment.payee_code IS 'SKRBM 收款人编码';
COMMENT ON COLUMN payment.payee_kind IS 'SKRLX 收款人类型';
COMMENT ON COLUMN payment.retained_yuan IS 'KLJE 扣留金额';
COMMENT ON COLUMN payment.retention_no IS 'KLYDWH 扣留约定文号';
COMMENT ON COLUMN payment.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN payment.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN payment.known IS 'in our books, half-open';
COMMENT ON COLUMN payment.upload_id IS 'the delivery that brought this version';

CREATE TABLE expropriation (
    approval_no TEXT,
    issuer_code TEXT COLLATE "C",
    name TEXT,
    approved_on DATE,
    implemented_on DATE,
    taken_m2 DOUBLE PRECISION,
    ratio DOUBLE PRECISION,
    quota_m2 DOUBLE PRECISION,
    compensation_due_yuan DOUBLE PRECISION,
    compensation_due_on DATE,
    compensation_paid_yuan DOUBLE PRECISION,
    pension_due_yuan DOUBLE PRECISION,
    pension_due_on DATE,
    pension_paid_yuan DOUBLE PRECISION,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT expropriation_pkey PRIMARY KEY (id),
    CONSTRAINT expropriation_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid
        WITH &&, known WITH &&),
    CONSTRAINT expropriation_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT expropriation_taken_m2_check CHECK (taken_m2 > 0 AND taken_m2 < 'Infinity'),
    CONSTRAINT expropriation_quota_m2_check CHECK (quota_m2 > 0 AND quota_m2 < 'Infinity'),
    CONSTRAINT expropriation_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX expropriation_current_idx ON expropriation (code) WHERE upper_inf(known);
CREATE INDEX expropriation_issuer_code_idx ON expropriation (issuer_code) WHERE upper_inf(known);
CREATE INDEX expropriation_upload_id_idx ON expropriation USING brin (upload_id);
COMMENT ON COLUMN expropriation.approval_no IS 'ZDPZWH 征地批文';
COMMENT ON COLUMN expropriation.issuer_code IS 'FBFBM 发包方编码';
COMMENT ON COLUMN expropriation.name IS 'XMMC 项目名称';
COMMENT ON COLUMN expropriation.approved_on IS 'PZRQ 批准日期';
COMMENT ON COLUMN expropriation.implemented_on IS 'GGSSRQ 公告实施日期';
COMMENT ON COLUMN expropriation.taken_m2 IS 'SZMJ 实征面积';
COMMENT ON COLUMN expropriation.ratio IS 'LYBL 留用比例';
COMMENT ON COLUMN expropriation.quota_m2 IS 'HDMJ 核定面积';
COMMENT ON COLUMN expropriation.compensation_due_yuan IS 'BCYF 应付补偿';
COMMENT ON COLUMN expropriation.compensation_due_on IS 'BCYFRQ 补偿应付日期';
COMMENT ON COLUMN expropriation.compensation_paid_yuan IS 'BCSF 实付补偿';
COMMENT ON COLUMN expropriation.pension_due_yuan IS 'SBYF 应付社保';
COMMENT ON COLUMN expropriation.pension_due_on IS 'SBYFRQ 社保应付日期';
COMMENT ON COLUMN expropriation.pension_paid_yuan IS 'SBSF 实付社保';
COMMENT ON COLUMN expropriation.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN expropriation.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN expropriation.known IS 'in our books, half-open';
COMMENT ON COLUMN expropriation.upload_id IS 'the delivery that brought this version';

CREATE TABLE reserved_grant (
    expropriation_code TEXT COLLATE "C",
    form TEXT,
    reserved_code TEXT COLLATE "C",
    area_m2 DOUBLE PRECISION,
    amount_yuan DOUBLE PRECISION,
    granted_on DATE,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT reserved_grant_pkey PRIMARY KEY (id),
    CONSTRAINT reserved_grant_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid
        WITH &&, known WITH &&),
    CONSTRAINT reserved_grant_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT reserved_grant_area_m2_check CHECK (area_m2 > 0 AND area_m2 < 'Infinity'),
    CONSTRAINT reserved_grant_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX reserved_grant_current_idx ON reserved_grant (code) WHERE upper_inf(known);
CREATE INDEX reserved_grant_expropriation_code_idx ON reserved_grant (expropriation_code) WHERE upper_inf(known);
CREATE INDEX reserved_grant_upload_id_idx ON reserved_grant USING brin (upload_id);
COMMENT ON COLUMN reserved_grant.expropriation_code IS 'ZDTZBH 征地台账编号';
COMMENT ON COLUMN reserved_grant.form IS 'LSFS 落实方式';
COMMENT ON COLUMN reserved_grant.reserved_code IS 'LYDBH 留用地编号';
COMMENT ON COLUMN reserved_grant.area_m2 IS 'LSMJ 落实面积';
COMMENT ON COLUMN reserved_grant.amount_yuan IS 'ZSJE 折算金额';
COMMENT ON COLUMN reserved_grant.granted_on IS 'LSRQ 落实日期';
COMMENT ON COLUMN reserved_grant.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN reserved_grant.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN reserved_grant.known IS 'in our books, half-open';
COMMENT ON COLUMN reserved_grant.upload_id IS 'the delivery that brought this version';

CREATE TABLE right_change (
    parcel_code TEXT COLLATE "C",
    kind TEXT,
    from_code TEXT COLLATE "C",
    to_code TEXT COLLATE "C",
    other_parcel_code TEXT COLLATE "C",
    changed_on DATE,
    returned_on DATE,
    expropriation_no TEXT,
    reason TEXT,
    entitled_count INTEGER,
    agreed_count INTEGER,
    town_approved_on DATE,
    county_approved_on DATE,
    consented_on DATE,
    filed_on DATE,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT right_change_pkey PRIMARY KEY (id),
    CONSTRAINT right_change_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid
        WITH &&, known WITH &&),
    CONSTRAINT right_change_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT right_change_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX right_change_current_idx ON right_change (code) WHERE upper_inf(known);
CREATE INDEX right_change_parcel_code_idx ON right_change (parcel_code) WHERE upper_inf(known);
CREATE INDEX right_change_upload_id_idx ON right_change USING brin (upload_id);
COMMENT ON COLUMN right_change.parcel_code IS 'DKBM 地块代码';
COMMENT ON COLUMN right_change.kind IS 'BGLX 变更类型';
COMMENT ON COLUMN right_change.from_code IS 'YCBFBM 原承包方编码';
COMMENT ON COLUMN right_change.to_code IS 'XCBFBM 新承包方编码';
COMMENT ON COLUMN right_change.other_parcel_code IS 'DHDKBM 对换地块代码';
COMMENT ON COLUMN right_change.changed_on IS 'BGRQ 变更日期';
COMMENT ON COLUMN right_change.returned_on IS 'JHSQRQ 书面交回日期';
COMMENT ON COLUMN right_change.expropriation_no IS 'ZDPZWH 征地批文';
COMMENT ON COLUMN right_change.reason IS 'BGYY 变更原因';
COMMENT ON COLUMN right_change.entitled_count IS 'YHRS 应到人数';
COMMENT ON COLUMN right_change.agreed_count IS 'TYRS 同意人数';
COMMENT ON COLUMN right_change.town_approved_on IS 'XZPZRQ 乡镇批准日期';
COMMENT ON COLUMN right_change.county_approved_on IS 'XPZRQ 县级批准日期';
COMMENT ON COLUMN right_change.consented_on IS 'FBFTYRQ 发包方同意日期';
COMMENT ON COLUMN right_change.filed_on IS 'BARQ 备案日期';
COMMENT ON COLUMN right_change.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN right_change.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN right_change.known IS 'in our books, half-open';
COMMENT ON COLUMN right_change.upload_id IS 'the delivery that brought this version';

CREATE TABLE occupancy (
    parcel_code TEXT COLLATE "C",
    occupant_code TEXT COLLATE "C",
    since_on DATE,
    surveyed_on DATE,
    as_delivered JSONB,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    valid DATERANGE NOT NULL,
    known TSTZRANGE NOT NULL,
    upload_id BIGINT NOT NULL,
    CONSTRAINT occupancy_pkey PRIMARY KEY (id),
    CONSTRAINT occupancy_one_version EXCLUDE USING gist (hashtextextended(code, 0) WITH =, code WITH =, valid WITH
        &&, known WITH &&),
    CONSTRAINT occupancy_times_check CHECK (NOT isempty(valid) AND NOT isempty(known)),
    CONSTRAINT occupancy_upload_id_fkey FOREIGN KEY(upload_id) REFERENCES upload (id)
);
CREATE INDEX occupancy_current_idx ON occupancy (code) WHERE upper_inf(known);
CREATE INDEX occupancy_parcel_code_idx ON occupancy (parcel_code) WHERE upper_inf(known);
CREATE INDEX occupancy_upload_id_idx ON occupancy USING brin (upload_id);
COMMENT ON COLUMN occupancy.parcel_code IS 'DKBM 地块代码';
COMMENT ON COLUMN occupancy.occupant_code IS 'JYZBM 经营者编码';
COMMENT ON COLUMN occupancy.since_on IS 'KSRQ 开始日期';
COMMENT ON COLUMN occupancy.surveyed_on IS 'DCRQ 调查日期';
COMMENT ON COLUMN occupancy.as_delivered IS 'values that cannot be true, as they came';
COMMENT ON COLUMN occupancy.valid IS 'true on the ground, half-open';
COMMENT ON COLUMN occupancy.known IS 'in our books, half-open';
COMMENT ON COLUMN occupancy.upload_id IS 'the delivery that brought this version';
