-- +goose Up
-- The company above that lends a member: they act here as long as they act there, and this company belongs to that one.
alter table member add column home_id {{id}} references company (id);
create index member_home on member (home_id) where home_id is not null;
