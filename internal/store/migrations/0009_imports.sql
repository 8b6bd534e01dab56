-- +goose Up
-- Whom a file puts into a company is a member who is invited, until they accept; joined_at is when somebody first acted.
alter table member add column joined_at {{time}};
update member set joined_at = created_at where status <> 'invited';

-- An invitation may be for somebody who waits as a member: then it offers nothing of its own.
alter table invitation add column waiting_id {{id}};
create index invitation_waiting on invitation (company_id, waiting_id) where waiting_id is not null;
create index member_invited on member (company_id, id) where status = 'invited';

-- The job that applies an import or takes it back, and why the last one did not.
alter table import add column job_id {{id}};
alter table import add column trouble {{json}};
