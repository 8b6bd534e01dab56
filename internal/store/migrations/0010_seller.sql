-- +goose Up
-- The seller's own organisation is a company of its own kind: its members are the staff. There is one at most.
create table customer_group (
  id          {{id}}   primary key,
  code        {{text}} not null unique,
  name        {{text}} not null,
  description {{text}} not null default '',
  version     bigint   not null default 1
);

alter table company add column seller boolean not null default false;
alter table company add column consents boolean not null default false;
alter table company add column words {{text}} not null default '';
update company set words = lower(name) || '	' || lower(number);
create index company_words on company (words, id);
alter table company add column customer_group_id {{id}} references customer_group (id);
create unique index company_seller on company (seller) where seller;
create index company_customer_group on company (customer_group_id) where customer_group_id is not null;

-- Roles that the seller offers to companies; some come with every new one.
create table role_template (
  id          {{id}}   primary key,
  name        {{text}} not null unique,
  description {{text}} not null default '',
  permissions {{json}} not null,
  starts      boolean  not null default false,
  version     bigint   not null default 1
);

-- A session in which one of the staff acts for a customer: company and member are whom they act for.
alter table session add column acting boolean not null default false;
