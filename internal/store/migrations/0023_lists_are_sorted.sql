-- +goose Up
-- By what long lists are sorted besides their usual order.
create index member_status on member (company_id, status, words, id);
create index purchase_order_total on purchase_order (company_id, currency, gross_minor, id);
create index orders_total on orders (company_id, currency, gross_minor, id);
create index invitation_email on invitation (company_id, email, id);
create index invitation_until on invitation (company_id, expires_at, id);
