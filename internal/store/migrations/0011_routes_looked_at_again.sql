-- +goose Up
-- Which rights of its company the plan of a purchase order was last looked up with, and when: where the rights have changed
-- since, or an assignment has begun or ended, other people may have to decide.
alter table company add column routes_version bigint not null default 0; -- rises with what is no right, and yet says who decides
alter table purchase_order add column routed_version bigint not null default 0;
alter table purchase_order add column routed_at {{time}};
create index purchase_order_waiting on purchase_order (company_id, submitted_at, id) where state = 'pending_approval';
create index assignment_begins on assignment (company_id, from_at) where from_at is not null;
create index assignment_ends on assignment (company_id, until_at) where until_at is not null;
