-- +goose Up
-- What people keep to order again. A list without a member is a template, which is the company's. Prices are not kept.
create table order_list (
  company_id  {{id}}   not null references company (id),
  id          {{id}}   not null,
  member_id   {{id}},
  name        {{text}} not null,
  name_key    {{text}} not null,
  description {{text}} not null default '',
  lines       bigint   not null default 0 check (lines between 0 and 1000),
  version     bigint   not null default 1,
  changed_at  {{time}} not null,
  primary key (company_id, id),
  unique (company_id, member_id, name_key),
  foreign key (company_id, member_id) references member (company_id, id)
);

-- The number and name are those that whoever put the product on the list has seen.
create table order_list_line (
  company_id    {{id}}   not null,
  order_list_id {{id}}   not null,
  id            {{id}}   not null,
  product_id    {{id}}   not null references product (id),
  sku           {{text}} not null,
  name          {{text}} not null,
  quantity      bigint   not null check (quantity > 0),
  note          {{text}} not null default '',
  position      bigint   not null,
  primary key (company_id, order_list_id, id),
  unique (company_id, order_list_id, product_id),
  foreign key (company_id, order_list_id) references order_list (company_id, id)
);
create index order_list_line_product on order_list_line (company_id, product_id, order_list_id);

-- Neither a member nor a unit is the whole company.
create table order_list_share (
  company_id    {{id}}  not null,
  order_list_id {{id}}  not null,
  position      bigint  not null,
  member_id     {{id}},
  unit_id       {{id}},
  writes        boolean not null default false,
  primary key (company_id, order_list_id, position),
  foreign key (company_id, order_list_id) references order_list (company_id, id),
  foreign key (company_id, member_id) references member (company_id, id),
  foreign key (company_id, unit_id) references unit (company_id, id),
  check (member_id is null or unit_id is null)
);
create index order_list_share_member on order_list_share (company_id, member_id, order_list_id);
create index order_list_share_unit on order_list_share (company_id, unit_id, order_list_id);
