-- +goose Up
-- A place in a company that waits for somebody. Of the link that they hold there is the digest alone; of one address
-- there is one open invitation in a company at a time.
create table invitation (
  company_id      {{id}}   not null references company (id),
  id              {{id}}   not null,
  email           {{text}} not null,
  email_key       {{text}} not null,
  first_name      {{text}} not null default '',
  last_name       {{text}} not null default '',
  title           {{text}} not null default '',
  language        {{text}} not null,
  under_unit_id   {{id}},
  under_member_id {{id}},
  inviter_id      {{id}},
  member_id       {{id}},
  state           {{text}} not null check (state in ('open', 'accepted', 'revoked', 'expired')),
  digest          {{text}} not null,
  sent            bigint   not null check (sent > 0),
  sent_at         {{time}} not null,
  expires_at      {{time}} not null,
  created_at      {{time}} not null,
  ended_at        {{time}},
  version         bigint   not null default 1,
  primary key (company_id, id),
  unique (company_id, digest),
  foreign key (company_id, under_unit_id) references unit (company_id, id),
  foreign key (company_id, under_member_id) references member (company_id, id),
  foreign key (company_id, inviter_id) references member (company_id, id),
  foreign key (company_id, member_id) references member (company_id, id),
  check ((state = 'open') = (ended_at is null)),
  check ((state = 'accepted') = (member_id is not null))
);
create unique index invitation_company_id_email_key_key on invitation (company_id, email_key) where state = 'open';
create index invitation_made on invitation (company_id, created_at);
create index invitation_expires on invitation (expires_at);

create table invitation_role (
  company_id    {{id}}   not null,
  invitation_id {{id}}   not null,
  position      bigint   not null,
  role_id       {{id}}   not null,
  unit_id       {{id}},
  primary key (company_id, invitation_id, position),
  foreign key (company_id, invitation_id) references invitation (company_id, id),
  foreign key (company_id, role_id) references role (company_id, id),
  foreign key (company_id, unit_id) references unit (company_id, id)
);
create index invitation_role_role on invitation_role (company_id, role_id);

-- A mail with a link that lets somebody in forgets its text once it has left.
alter table mail add column secret boolean not null default false;
