-- +goose Up
-- What a company knows a member by besides: the first of two parts of the name, where somebody has said which that is (otherwise
-- it is all but the last word), and what another system knows them by.
alter table member add column first_name {{text}};
alter table member add column external_id {{text}} not null default '';
create unique index member_company_id_external_id_key on member (company_id, external_id) where external_id <> '';
