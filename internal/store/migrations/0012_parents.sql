-- +goose Up
-- The company that one belongs to, and what it has of that one as long as it says so.
alter table company add column parent_id {{id}} references company (id);
alter table company add column inherits_group boolean not null default false;
alter table company add column inherits_prices boolean not null default false;
create index company_parent on company (parent_id) where parent_id is not null;
