-- +goose Up
-- Who submitted a purchase order that was handed over since: they never decide on it. Of those handed over before, the audit knows.
alter table purchase_order add column submitter_id {{id}};
