-- +goose Up
-- Which purchase order a submitted cart became. Of those submitted before, it is not said.
alter table cart add column became_id {{id}};
