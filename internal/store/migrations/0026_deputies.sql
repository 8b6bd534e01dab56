-- +goose Up
-- Who stands in for which approver, from when until when, and in what. What is over stays: one can still read who could decide.
create table deputy (
  company_id   {{id}}   not null references company (id),
  id           {{id}}   not null,
  principal_id {{id}}   not null,
  deputy_id    {{id}}   not null,
  from_at      {{time}} not null,
  until_at     {{time}} not null,
  rules        {{json}} not null,
  units        {{json}} not null,
  currency     {{text}} not null default '',
  up_to_minor  bigint check (up_to_minor > 0),
  both_may     boolean  not null,
  note         {{text}} not null default '',
  maker_id     {{id}},
  made_at      {{time}} not null,
  changed_at   {{time}} not null,
  begun_at     {{time}},
  ended_at     {{time}},
  ender_id     {{id}},
  version      bigint   not null default 1,
  primary key (company_id, id),
  foreign key (company_id, principal_id) references member (company_id, id),
  foreign key (company_id, deputy_id) references member (company_id, id),
  check (until_at > from_at)
);
-- Of those that are not over: who is on duty, and what is to be told.
create index deputy_open on deputy (company_id, until_at) where ended_at is null;
create index deputy_begins on deputy (from_at) where begun_at is null and ended_at is null;
create index deputy_ends on deputy (until_at) where ended_at is null;
-- Of all: whose they are, and what has changed since a purchase order was looked at.
create index deputy_principal on deputy (company_id, principal_id, until_at);
create index deputy_deputy on deputy (company_id, deputy_id, until_at);
create index deputy_changed on deputy (company_id, changed_at);
