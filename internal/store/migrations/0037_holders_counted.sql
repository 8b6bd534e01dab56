-- +goose Up
-- How many have a role is counted from the index alone, however many roles were given.
drop index assignment_role;
create index assignment_role on assignment (company_id, role_id, member_id, until_at);
