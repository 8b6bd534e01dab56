-- +goose Up
-- A member may have several carts and works on the one they chose last. One that came back, with the lines of a purchase
-- order that expired, has not been chosen yet; a purchase order comes back once.
alter table cart add column chosen_at {{time}};
alter table cart add column purchase_order_id {{id}};
update cart set chosen_at = changed_at;
create unique index cart_purchase_order on cart (company_id, purchase_order_id) where purchase_order_id is not null;
