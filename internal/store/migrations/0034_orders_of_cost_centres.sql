-- +goose Up
-- What the orders of a cost centre usually come to, and the list of its orders.
create index orders_cost_centre on orders (company_id, cost_centre_id, placed_at) where cost_centre_id is not null;
