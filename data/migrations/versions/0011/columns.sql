-- 0011 columns: what else is told of a transfer, and the layers and tables that a delivery may hold.
ALTER TABLE transfer ADD COLUMN title_text TEXT;
COMMENT ON COLUMN transfer.title_text IS 'HTMC 合同名称';
ALTER TABLE transfer ADD COLUMN price_yuan DOUBLE PRECISION;
COMMENT ON COLUMN transfer.price_yuan IS 'ZJE 总价款';
ALTER TABLE transfer ADD COLUMN upfront_share DOUBLE PRECISION;
COMMENT ON COLUMN transfer.upfront_share IS 'YFBL 预付比例';
ALTER TABLE transfer ADD COLUMN gain_yuan DOUBLE PRECISION;
COMMENT ON COLUMN transfer.gain_yuan IS 'YLJE 获利金额';
ALTER TABLE transfer ADD COLUMN transferee_kind TEXT;
COMMENT ON COLUMN transfer.transferee_kind IS 'SRFLX 受让方类型';
ALTER TABLE transfer ADD COLUMN upstream_code TEXT COLLATE "C";
COMMENT ON COLUMN transfer.upstream_code IS 'SJLZHTBM 上级流转合同代码';
ALTER TABLE transfer ADD COLUMN holder_consented_on DATE;
COMMENT ON COLUMN transfer.holder_consented_on IS 'CBFTYRQ 承包方同意日期';
ALTER TABLE transfer ADD COLUMN signer_code TEXT COLLATE "C";
COMMENT ON COLUMN transfer.signer_code IS 'QDRBM 签订人编码';
ALTER TABLE transfer ADD COLUMN mandate_no TEXT;
COMMENT ON COLUMN transfer.mandate_no IS 'WTSBH 委托书编号';
ALTER TABLE transfer ADD COLUMN reviewed_on DATE;
COMMENT ON COLUMN transfer.reviewed_on IS 'SCRQ 审查审核日期';
ALTER TABLE transfer ADD COLUMN has_duties TEXT;
COMMENT ON COLUMN transfer.has_duties IS 'QLYWTK 权利义务条款';
ALTER TABLE transfer ADD COLUMN has_compensation TEXT;
COMMENT ON COLUMN transfer.has_compensation IS 'ZSBCTK 征收补偿条款';
ALTER TABLE transfer ADD COLUMN has_breach TEXT;
COMMENT ON COLUMN transfer.has_breach IS 'WYZRTK 违约责任条款';
ALTER TABLE transfer ADD COLUMN is_caretaking TEXT;
COMMENT ON COLUMN transfer.is_caretaking IS 'SFDG 是否代耕';
ALTER TABLE transfer ADD COLUMN punished_on DATE;
COMMENT ON COLUMN transfer.punished_on IS 'CFRQ 处罚日期';

ALTER TABLE upload_layer DROP CONSTRAINT upload_layer_layer_listed_check;
ALTER TABLE upload_layer ADD CONSTRAINT upload_layer_layer_listed_check CHECK (layer IN (
    'parcel', 'reserved', 'building', 'landcover', 'landcover_before', 'basic_farmland', 'approval',
    'change_patch', 'boundary', 'forest_right', 'title_plot', 'recorded_act', 'register', 'boundary_point',
    'boundary_line', 'control_point', 'region_line', 'point_object', 'line_object', 'area_object', 'annotation',
    'issuer', 'contractor', 'member', 'contract', 'parcel_right', 'transfer', 'transfer_parcel', 'certificate',
    'register_entry', 'title_document', 'certificate_replaced', 'certificate_exchanged', 'certificate_cancelled',
    'unit_code', 'collective_contract', 'collective_bid', 'payment', 'expropriation', 'reserved_grant',
    'right_change', 'occupancy'));
ALTER TABLE survey_feature DROP CONSTRAINT survey_feature_layer_listed_check;
ALTER TABLE survey_feature ADD CONSTRAINT survey_feature_layer_listed_check CHECK (layer IN (
    'building', 'landcover', 'landcover_before', 'basic_farmland', 'approval', 'change_patch', 'boundary',
    'forest_right', 'title_plot', 'recorded_act'));
