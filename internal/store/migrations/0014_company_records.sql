-- +goose Up
-- What a company is called, registered as and known by; where it is registered; what the seller lets it do, and how it pays.
alter table company add column trade_name {{text}} not null default '';
alter table company add column vat_id {{text}} not null default '';
alter table company add column registration_number {{text}} not null default '';
alter table company add column reseller_id {{text}} not null default '';
alter table company add column external_id {{text}} not null default '';
alter table company add column legal_street {{text}} not null default '';
alter table company add column legal_postcode {{text}} not null default '';
alter table company add column legal_city {{text}} not null default '';
alter table company add column legal_region {{text}} not null default '';
alter table company add column legal_country {{text}} not null default '';
alter table company add column ordering boolean not null default true;
alter table company add column on_account boolean not null default true;
alter table company add column own_rules boolean not null default true;
alter table company add column payments {{json}} not null default '[]';
alter table company add column net_days bigint not null default 0 check (net_days between 0 and 365);
alter table company add column inherits_terms boolean not null default false;
create unique index company_external_id_key on company (external_id) where external_id <> '';

-- Why a company has the status that it has, and since when; and, of the seller's own organisation, what those see that wait.
alter table company add column status_reason {{text}} not null default '';
alter table company add column status_at {{time}};
alter table company add column pending_sees {{text}} not null default 'catalogue' check (pending_sees in ('nothing', 'catalogue', 'catalogue_and_prices'));

-- The ways of paying of the companies of a group that have no selection of their own; none is all.
alter table customer_group add column payments {{json}} not null default '[]';
