-- +goose Up
-- What somebody has called a list as they had narrowed, sorted and laid it out: its address, without the place in it.
create table saved_view (
  company_id {{id}}   not null,
  id         {{id}}   not null,
  member_id  {{id}}   not null,
  list       {{text}} not null,
  name       {{text}} not null,
  query      {{text}} not null,
  created_at {{time}} not null,
  primary key (company_id, id),
  unique (company_id, member_id, list, name),
  foreign key (company_id, member_id) references member (company_id, id)
);
