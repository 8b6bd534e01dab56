-- +goose Up
-- A queue is read in its order, from its beginning, however long it is: the purchase order stands in the index too.
drop index ask_member;
create index ask_member on ask (company_id, member_id, state, asked_at, purchase_order_id);
