-- +goose Up
-- Whoever removes a row that others may name has each of these looked through: an import of ten thousand people that is
-- undone did so for every one of them.
create index invitation_member on invitation (company_id, member_id);
create index invitation_inviter on invitation (company_id, inviter_id);
create index invitation_under_member on invitation (company_id, under_member_id);
create index invitation_under_unit on invitation (company_id, under_unit_id);
create index invitation_role_unit on invitation_role (company_id, unit_id);
create index assignment_unit on assignment (company_id, unit_id);
create index cost_centre_manager on cost_centre (company_id, manager_id);
create index cost_centre_unit on cost_centre (company_id, unit_id);
create index import_member on import (company_id, member_id);
create index address_member on address (company_id, member_id);
