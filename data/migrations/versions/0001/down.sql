-- 0001 down: take all our tables away again, with what is in them; the extensions stay.
DROP TABLE event, legal_move, sighting, finding_version, finding CASCADE;
DROP TABLE certificate, register_entry, transfer_parcel, transfer, contract CASCADE;
DROP TABLE certificate_token, parcel_right, household_member, contractor, issuer CASCADE;
DROP TABLE survey_feature, reserved_land, parcel CASCADE;
DROP TABLE run, rejected_row, upload_layer, upload CASCADE;
DROP TABLE sign_in, account, admin_unit_alias, admin_unit, deployment CASCADE;
DROP SEQUENCE survey_number;
DROP FUNCTION follow_event, take_event, parties_brought_by, brought_by;
DROP FUNCTION keep_on_the_ground, keep_versions, keep_for_ever, only_close_known, refuse_change;
