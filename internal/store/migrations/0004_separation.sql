-- +goose Up
-- What nobody of a company may hold together: permissions by code, or roles. As many as the cardinality are too many.
create table separation (
  company_id  {{id}}   not null references company (id),
  id          {{id}}   not null,
  name        {{text}} not null,
  permissions {{json}} not null,
  roles       {{json}} not null,
  cardinality bigint   not null check (cardinality >= 2),
  excuses     boolean  not null,
  enabled     boolean  not null,
  version     bigint   not null default 1,
  primary key (company_id, id),
  unique (company_id, name)
);
