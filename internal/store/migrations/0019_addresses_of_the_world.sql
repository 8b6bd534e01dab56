-- +goose Up
-- What an address has in some countries besides: a state or province, and a line for a building or floor.
alter table address add column extra {{text}} not null default '';
alter table address add column region {{text}} not null default '';
