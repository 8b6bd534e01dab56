-- +goose Up
-- Who of the seller's staff looks after a company. They are known by their accounts, for they are members of another one.
create table partner_manager (
  company_id {{id}}  not null references company (id),
  account_id {{id}}  not null references account (id),
  leads      boolean not null default false,
  primary key (company_id, account_id)
);
create index partner_manager_account on partner_manager (account_id);
create unique index partner_manager_company_id_key on partner_manager (company_id) where leads;
