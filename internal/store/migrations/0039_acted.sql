-- +goose Up
-- Who of the seller's staff submitted a purchase order for a member: should they be, or become, a member of that company,
-- too, it is an order of their own, which they never decide on. Of those submitted before, the audit knows.
alter table purchase_order add column acted_account_id {{id}} references account (id);
