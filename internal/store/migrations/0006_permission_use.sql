-- +goose Up
-- On which days, first and last, a member has used a permission. Days are those of UTC, as 2026-03-05.
create table permission_use (
    company_id {{id}} not null,
    member_id  {{id}} not null,
    permission {{text}} not null,
    first_on   {{text}} not null,
    last_on    {{text}} not null,
    primary key (company_id, member_id, permission),
    foreign key (company_id, member_id) references member (company_id, id)
);
