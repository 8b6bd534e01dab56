-- +goose Up
-- An address is the company's, or one member's own. The usual one for invoices may be another than the usual one for goods.
create table address_before as
  select company_id, id, label, name, street, postcode, city, country, delivers, bills, usual, version from address;
drop table address;
create table address (
  company_id    {{id}}   not null references company (id),
  id            {{id}}   not null,
  member_id     {{id}},
  label         {{text}} not null,
  name          {{text}} not null,
  street        {{text}} not null,
  postcode      {{text}} not null,
  city          {{text}} not null,
  country       {{text}} not null,
  delivers      boolean  not null default true,
  bills         boolean  not null default true,
  usual         boolean  not null default false,
  usual_billing boolean  not null default false,
  version       bigint   not null default 1,
  primary key (company_id, id),
  foreign key (company_id, member_id) references member (company_id, id)
);
insert into address (company_id, id, label, name, street, postcode, city, country, delivers, bills, usual, version)
  select company_id, id, label, name, street, postcode, city, country, delivers, bills, usual, version from address_before;
drop table address_before;
create unique index address_company_id_label_key on address (company_id, label) where member_id is null;
create unique index address_company_id_member_id_label_key on address (company_id, member_id, label) where member_id is not null;

-- What a unit says of addresses: where its goods and invoices usually go, and where its goods may go at all.
create table unit_address (
  company_id {{id}}  not null,
  unit_id    {{id}}  not null,
  address_id {{id}}  not null,
  delivery   boolean not null,
  billing    boolean not null,
  allowed    boolean not null,
  primary key (company_id, unit_id, address_id),
  foreign key (company_id, unit_id) references unit (company_id, id),
  foreign key (company_id, address_id) references address (company_id, id),
  check (delivery or billing or allowed)
);
create unique index unit_address_delivery on unit_address (company_id, unit_id) where delivery;
create unique index unit_address_billing on unit_address (company_id, unit_id) where billing;
create index unit_address_address on unit_address (company_id, address_id);

-- Where the goods and invoices of what a member orders usually go.
create table member_address (
  company_id {{id}}  not null,
  member_id  {{id}}  not null,
  address_id {{id}}  not null,
  delivery   boolean not null,
  billing    boolean not null,
  primary key (company_id, member_id, address_id),
  foreign key (company_id, member_id) references member (company_id, id),
  foreign key (company_id, address_id) references address (company_id, id),
  check (delivery or billing)
);
create unique index member_address_delivery on member_address (company_id, member_id) where delivery;
create unique index member_address_billing on member_address (company_id, member_id) where billing;
create index member_address_address on member_address (company_id, address_id);

-- Whom the seller turns to in a company, and for what.
create table contact (
  company_id {{id}}   not null references company (id),
  id         {{id}}   not null,
  name       {{text}} not null,
  purpose    {{text}} not null,
  email      {{text}} not null default '',
  phone      {{text}} not null default '',
  version    bigint   not null default 1,
  primary key (company_id, id)
);
create index contact_name on contact (company_id, name, id);

-- Over which channel a member wants to hear of what; what they did not say is as usual.
create table wish (
  company_id {{id}}   not null references company (id),
  member_id  {{id}}   not null,
  event      {{text}} not null,
  channel    {{text}} not null,
  wanted     boolean  not null,
  primary key (company_id, member_id, event, channel),
  foreign key (company_id, member_id) references member (company_id, id)
);

alter table member add column phone {{text}} not null default '';
