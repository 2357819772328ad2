-- 0004 columns: what else the standard tells of a parcel, and the layers and tables that a delivery may hold.
ALTER TABLE parcel ADD COLUMN feature_number BIGINT;
COMMENT ON COLUMN parcel.feature_number IS 'BSM 标识码';
ALTER TABLE parcel ADD COLUMN element_code TEXT COLLATE "C";
COMMENT ON COLUMN parcel.element_code IS 'YSDM 要素代码';
ALTER TABLE parcel ADD COLUMN unit_code TEXT COLLATE "C";
COMMENT ON COLUMN parcel.unit_code IS 'BDCDYH 不动产单元代码';
ALTER TABLE parcel_right ADD COLUMN unit_code TEXT COLLATE "C";
COMMENT ON COLUMN parcel_right.unit_code IS 'BDCDYH 不动产单元代码';

ALTER TABLE upload_layer DROP CONSTRAINT upload_layer_layer_listed_check;
ALTER TABLE upload_layer ADD CONSTRAINT upload_layer_layer_listed_check CHECK (layer IN ('parcel', 'reserved',
    'building', 'landcover', 'landcover_before', 'basic_farmland', 'approval', 'change_patch', 'boundary',
    'register', 'boundary_point', 'boundary_line', 'control_point', 'region_line', 'point_object', 'line_object',
    'area_object', 'annotation', 'issuer', 'contractor', 'member', 'contract', 'parcel_right', 'transfer',
    'transfer_parcel', 'certificate', 'register_entry', 'title_document', 'certificate_replaced',
    'certificate_exchanged', 'certificate_cancelled', 'unit_code'));
