-- +goose Up
-- Files by which a company's organisation is brought in. Rows and undo are packed: the rows as they were read, and what was
-- there before. Both go when the import can neither be applied nor undone any more.
create table import (
  company_id {{id}}   not null references company (id),
  id         {{id}}   not null,
  member_id  {{id}},
  name       {{text}} not null,
  size       bigint   not null,
  state      {{text}} not null check (state in ('staged', 'applied', 'undone')),
  mapping    {{json}} not null,
  counts     {{json}} not null,
  rows       {{blob}},
  undo       {{blob}},
  made_at    {{time}} not null,
  ends_at    {{time}} not null,
  applied_at {{time}},
  undone_at  {{time}},
  version    bigint   not null default 1,
  primary key (company_id, id),
  foreign key (company_id, member_id) references member (company_id, id)
);
create index import_ends on import (ends_at);
