-- +goose Up
-- Whether the approval rules of the company that one belongs to count for its orders too, before its own.
alter table company add column inherits_rules boolean not null default false;
