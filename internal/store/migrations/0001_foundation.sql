-- +goose Up

-- People and their sign-in. An account belongs to no company.
create table account (
  id            {{id}}   primary key,
  email         {{text}} not null,
  email_key     {{text}} not null unique,
  first_name    {{text}} not null,
  last_name     {{text}} not null,
  password_hash {{text}} not null default '',
  provisional   boolean  not null default false,
  company_id    {{id}},
  language      {{text}} not null default 'en',
  zone          {{text}} not null default 'UTC',
  staff         boolean  not null default false,
  active        boolean  not null default true,
  created_at    {{time}} not null,
  version       bigint   not null default 1
);

create table session (
  token_hash {{text}} primary key,
  id         {{id}}   not null unique,
  account_id {{id}}   not null references account (id),
  company_id {{id}},
  member_id  {{id}},
  bearer     boolean  not null default false,
  device     {{text}} not null default '',
  address    {{text}} not null default '',
  created_at {{time}} not null,
  seen_at    {{time}} not null,
  ends_at    {{time}} not null
);
create index session_account on session (account_id);
create index session_ends on session (ends_at);

-- Failed sign-ins, by account key and by network address.
create table throttle (
  subject  {{text}} primary key,
  failures bigint   not null,
  until_at {{time}},
  seen_at  {{time}} not null
);

-- The seller's catalogue.
create table category (
  id        {{id}}   primary key,
  number    bigint   not null unique,
  parent_id {{id}}   references category (id),
  code      {{text}} not null unique,
  name      {{text}} not null,
  position  bigint   not null default 0,
  products  bigint   not null default 0 -- on it and below it, counted anew after an import
);
create index category_parent on category (parent_id);

-- The number of a product is what the search knows it by; its keys are what it is found and sorted by.
create table product (
  id           {{id}}   primary key,
  number       bigint   not null unique,
  sku          {{text}} not null,
  sku_key      {{text}} not null unique,
  gtin         {{text}} not null default '',
  name         {{text}} not null,
  name_key     {{text}} not null,
  description  {{text}} not null default '',
  unit         {{text}} not null,
  category_id  {{id}}   not null references category (id),
  supplier     {{text}} not null default '',
  minimum      bigint   not null check (minimum > 0),
  step         bigint   not null check (step > 0),
  most         bigint   not null default 0 check (most >= 0),
  lead_days    bigint   not null default 0,
  status       {{text}} not null check (status in ('active', 'obsolete', 'blocked')),
  successor_id {{id}}   references product (id),
  version      bigint   not null default 1
);
create index product_name on product (name_key, number) where status <> 'blocked';
create index product_supplier on product (supplier, name_key, number) where status <> 'blocked';
create index product_gtin on product (gtin) where gtin <> '';

-- Every product that may be seen, once for its category and once for each above it: so the list of a category with
-- all below it is one range of a key, however deep the tree. Both are known by their numbers, which are short.
create table category_product (
  category bigint   not null references category (number),
  name_key {{text}} not null,
  product  bigint   not null references product (number),
  sku_key  {{text}} not null,
  supplier {{text}} not null,
  primary key (category, name_key, product)
) {{#lite}}without rowid{{/lite}};

{{#pg}}
create table product_search (
  rowid bigint primary key,
  words tsvector not null
);
create index product_search_words on product_search using gin (words);
{{/pg}}
{{#lite}}
create virtual table product_search using fts5 (
  words, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);
{{/lite}}

create table price_list (
  id       {{id}}   primary key,
  name     {{text}} not null unique,
  currency {{text}} not null,
  priority bigint   not null default 0,
  base     boolean  not null default false,
  from_at  {{time}},
  until_at {{time}}
);

create table price (
  product_id    {{id}}  not null references product (id),
  price_list_id {{id}}  not null references price_list (id),
  minimum       bigint  not null check (minimum > 0),
  rate_e4       bigint  not null check (rate_e4 >= 0),
  primary key (product_id, price_list_id, minimum)
) {{#lite}}without rowid{{/lite}};

-- Companies. Every table from here on is keyed by its company first.
create table company (
  id             {{id}}   primary key,
  number         {{text}} not null unique,
  name           {{text}} not null,
  status         {{text}} not null check (status in ('pending', 'active', 'rejected', 'blocked', 'closed')),
  currency       {{text}} not null,
  zone           {{text}} not null,
  language       {{text}} not null default 'en',
  fiscal_month   bigint   not null default 1 check (fiscal_month between 1 and 12),
  po_number      {{text}} not null default 'optional' check (po_number in ('off', 'optional', 'required')),
  cost_centre    {{text}} not null default 'optional' check (cost_centre in ('off', 'optional', 'required')),
  budgets_used   boolean  not null default false,
  expiry_days    bigint   not null default 14 check (expiry_days > 0),
  labels         bigint   not null default 0,
  rights_version bigint   not null default 1,
  rules_version  bigint   not null default 1,
  version        bigint   not null default 1,
  created_at     {{time}} not null
);

-- The structure: units and members in one tree. A member who has left stands nowhere.
create table node (
  company_id {{id}}   not null references company (id),
  id         {{id}}   not null,
  kind       {{text}} not null check (kind in ('unit', 'member')),
  parent_id  {{id}},
  path       {{text}} not null,
  primary key (company_id, id),
  unique (company_id, path),
  foreign key (company_id, parent_id) references node (company_id, id)
);
create index node_parent on node (company_id, parent_id);

create table unit (
  company_id     {{id}}   not null references company (id),
  id             {{id}}   not null,
  code           {{text}} not null,
  name           {{text}} not null,
  cost_centre_id {{id}},
  archived       boolean  not null default false,
  version        bigint   not null default 1,
  primary key (company_id, id),
  unique (company_id, code)
);

create table member (
  company_id     {{id}}   not null references company (id),
  id             {{id}}   not null,
  account_id     {{id}}   not null references account (id),
  number         {{text}} not null default '',
  name           {{text}} not null,
  email          {{text}} not null,
  title          {{text}} not null default '',
  words          {{text}} not null,
  status         {{text}} not null check (status in ('invited', 'active', 'inactive')),
  approval_minor bigint,
  version        bigint   not null default 1,
  created_at     {{time}} not null,
  primary key (company_id, id),
  unique (company_id, account_id)
);
create index member_account on member (account_id);
create index member_words on member (company_id, words, id);

create table role (
  company_id  {{id}}   not null references company (id),
  id          {{id}}   not null,
  name        {{text}} not null,
  description {{text}} not null default '',
  shipped     {{text}} not null default '',
  usual       boolean  not null default false,
  permissions {{json}} not null,
  version     bigint   not null default 1,
  primary key (company_id, id),
  unique (company_id, name)
);

create table assignment (
  company_id {{id}}   not null,
  id         {{id}}   not null,
  member_id  {{id}}   not null,
  role_id    {{id}}   not null,
  unit_id    {{id}},
  from_at    {{time}},
  until_at   {{time}},
  created_at {{time}} not null,
  primary key (company_id, id),
  foreign key (company_id, member_id) references member (company_id, id),
  foreign key (company_id, role_id) references role (company_id, id),
  foreign key (company_id, unit_id) references unit (company_id, id)
);
create index assignment_member on assignment (company_id, member_id);
create index assignment_role on assignment (company_id, role_id);

create table address (
  company_id {{id}}   not null references company (id),
  id         {{id}}   not null,
  label      {{text}} not null,
  name       {{text}} not null,
  street     {{text}} not null,
  postcode   {{text}} not null,
  city       {{text}} not null,
  country    {{text}} not null,
  delivers   boolean  not null default true,
  bills      boolean  not null default true,
  usual      boolean  not null default false,
  version    bigint   not null default 1,
  primary key (company_id, id),
  unique (company_id, label)
);

create table cost_centre (
  company_id {{id}}   not null references company (id),
  id         {{id}}   not null,
  code       {{text}} not null,
  name       {{text}} not null,
  manager_id {{id}},
  unit_id    {{id}},
  from_on    {{text}} not null default '',
  until_on   {{text}} not null default '',
  version    bigint   not null default 1,
  primary key (company_id, id),
  unique (company_id, code),
  foreign key (company_id, manager_id) references member (company_id, id),
  foreign key (company_id, unit_id) references unit (company_id, id)
);

-- Contract prices that a company has agreed on, each for a time.
create table contract_price (
  company_id {{id}}   not null references company (id),
  product_id {{id}}   not null references product (id),
  id         {{id}}   not null,
  reference  {{text}} not null,
  minimum    bigint   not null check (minimum > 0),
  rate_e4    bigint   not null check (rate_e4 >= 0),
  currency   {{text}} not null,
  from_at    {{time}},
  until_at   {{time}},
  primary key (company_id, product_id, id)
);

-- Carts.
create table cart (
  company_id   {{id}}   not null references company (id),
  id           {{id}}   not null,
  member_id    {{id}}   not null,
  name         {{text}} not null,
  state        {{text}} not null check (state in ('open', 'submitted')),
  checkout     {{json}} not null,
  version      bigint   not null default 1,
  changed_at   {{time}} not null,
  primary key (company_id, id),
  foreign key (company_id, member_id) references member (company_id, id)
);
create index cart_member on cart (company_id, member_id, id);

create table cart_line (
  company_id {{id}}   not null,
  cart_id    {{id}}   not null,
  id         {{id}}   not null,
  product_id {{id}}   not null references product (id),
  quantity   bigint   not null check (quantity > 0),
  note       {{text}} not null default '',
  position   bigint   not null,
  primary key (company_id, cart_id, id),
  unique (company_id, cart_id, product_id),
  foreign key (company_id, cart_id) references cart (company_id, id)
);

-- Purchase orders: submitted carts, their lines frozen.
create table series (
  company_id {{id}}   not null references company (id),
  kind       {{text}} not null,
  last       bigint   not null,
  primary key (company_id, kind)
);

create table purchase_order (
  company_id     {{id}}   not null references company (id),
  id             {{id}}   not null,
  number         {{text}} not null,
  state          {{text}} not null check (state in ('draft', 'submitted', 'pending_approval', 'returned', 'approved',
                   'approved_pending_payment', 'placed', 'order_failed', 'rejected', 'cancelled', 'expired')),
  requester_id   {{id}}   not null,
  unit_id        {{id}}   not null,
  cost_centre_id {{id}},
  currency       {{text}} not null,
  net_minor      bigint   not null check (net_minor >= 0),
  shipping_minor bigint   not null check (shipping_minor >= 0),
  tax_minor      bigint   not null check (tax_minor >= 0),
  gross_minor    bigint   not null check (gross_minor = net_minor + shipping_minor + tax_minor),
  lines          bigint   not null check (lines > 0),
  reference      {{text}} not null default '',
  note           {{text}} not null default '',
  content        {{json}} not null,
  content_hash   {{text}} not null,
  needs          {{json}} not null,
  plan           {{json}} not null,
  order_id       {{id}},
  reason         {{text}} not null default '',
  submitted_at   {{time}} not null,
  changed_at     {{time}} not null,
  expires_at     {{time}},
  version        bigint   not null default 1,
  primary key (company_id, id),
  unique (company_id, number),
  foreign key (company_id, requester_id) references member (company_id, id),
  foreign key (company_id, unit_id) references unit (company_id, id),
  foreign key (company_id, cost_centre_id) references cost_centre (company_id, id)
);
create index purchase_order_requester on purchase_order (company_id, requester_id, submitted_at);
create index purchase_order_submitted on purchase_order (company_id, submitted_at, id);
create index purchase_order_expires on purchase_order (expires_at) where expires_at is not null;

create table purchase_order_line (
  company_id        {{id}}   not null,
  purchase_order_id {{id}}   not null,
  position          bigint   not null,
  product_id        {{id}}   not null references product (id),
  sku               {{text}} not null,
  name              {{text}} not null,
  unit              {{text}} not null,
  supplier          {{text}} not null default '',
  quantity          bigint   not null check (quantity > 0),
  rate_e4           bigint   not null check (rate_e4 >= 0),
  total_minor       bigint   not null check (total_minor >= 0),
  source            {{json}} not null,
  note              {{text}} not null default '',
  primary key (company_id, purchase_order_id, position),
  foreign key (company_id, purchase_order_id) references purchase_order (company_id, id)
);

-- Who is asked, on which stage, and what they said.
create table ask (
  company_id        {{id}}   not null,
  purchase_order_id {{id}}   not null,
  stage             bigint   not null,
  part              bigint   not null,
  member_id         {{id}}   not null,
  state             {{text}} not null check (state in ('waiting', 'asked', 'approved', 'rejected', 'skipped', 'passed_over')),
  asked_at          {{time}},
  decided_at        {{time}},
  primary key (company_id, purchase_order_id, stage, part, member_id),
  foreign key (company_id, purchase_order_id) references purchase_order (company_id, id),
  foreign key (company_id, member_id) references member (company_id, id)
);
create index ask_member on ask (company_id, member_id, state, asked_at);

create table decision (
  company_id        {{id}}   not null,
  id                {{id}}   not null,
  purchase_order_id {{id}}   not null,
  member_id         {{id}},
  action            {{text}} not null,
  behalf_id         {{id}},
  reason            {{text}} not null default '',
  content_hash      {{text}} not null,
  decided_at        {{time}} not null,
  primary key (company_id, id),
  foreign key (company_id, purchase_order_id) references purchase_order (company_id, id)
);
create index decision_purchase_order on decision (company_id, purchase_order_id, decided_at);

-- Orders: what is placed bindingly.
create table orders (
  company_id        {{id}}   not null references company (id),
  id                {{id}}   not null,
  number            {{text}} not null,
  purchase_order_id {{id}}   not null,
  state             {{text}} not null,
  requester_id      {{id}}   not null,
  unit_id           {{id}}   not null,
  cost_centre_id    {{id}},
  currency          {{text}} not null,
  net_minor         bigint   not null,
  shipping_minor    bigint   not null,
  tax_minor         bigint   not null,
  gross_minor       bigint   not null,
  lines             bigint   not null,
  reference         {{text}} not null default '',
  placed_at         {{time}} not null,
  changed_at        {{time}} not null,
  version           bigint   not null default 1,
  primary key (company_id, id),
  unique (company_id, number),
  unique (company_id, purchase_order_id),
  foreign key (company_id, purchase_order_id) references purchase_order (company_id, id)
);
create index orders_placed on orders (company_id, placed_at, id);
create index orders_requester on orders (company_id, requester_id, placed_at);

-- Approval rules, every version kept.
create table approval_rule (
  company_id {{id}}   not null references company (id),
  id         {{id}}   not null,
  name       {{text}} not null,
  enabled    boolean  not null,
  unit_id    {{id}},
  version    bigint   not null,
  spec       {{json}} not null,
  removed_at {{time}},
  changed_at {{time}} not null,
  primary key (company_id, id)
);
create unique index approval_rule_name on approval_rule (company_id, name) where removed_at is null;

create table approval_rule_version (
  company_id {{id}}   not null,
  rule_id    {{id}}   not null,
  version    bigint   not null,
  spec       {{json}} not null,
  changed_by {{id}},
  changed_at {{time}} not null,
  primary key (company_id, rule_id, version),
  foreign key (company_id, rule_id) references approval_rule (company_id, id)
);

-- Budgets and their ledger.
create table budget (
  company_id     {{id}}   not null references company (id),
  id             {{id}}   not null,
  name           {{text}} not null,
  member_id      {{id}},
  unit_id        {{id}},
  cost_centre_id {{id}},
  project_id     {{id}},
  currency       {{text}} not null,
  limit_minor    bigint   not null check (limit_minor >= 0),
  basis          {{text}} not null check (basis in ('net_shipped', 'net', 'gross')),
  cycle          {{json}} not null,
  exhausted      {{text}} not null check (exhausted in ('block', 'ask', 'warn')),
  warnings       {{json}} not null,
  approvers      {{json}} not null,
  carry          {{text}} not null check (carry in ('none', 'unspent', 'capped')),
  carry_most     bigint   not null default 0 check (carry_most >= 0),
  archived       boolean  not null default false,
  version        bigint   not null default 1,
  created_at     {{time}} not null,
  primary key (company_id, id),
  unique (company_id, name),
  foreign key (company_id, member_id) references member (company_id, id),
  foreign key (company_id, unit_id) references unit (company_id, id),
  foreign key (company_id, cost_centre_id) references cost_centre (company_id, id)
);
create index budget_member on budget (company_id, member_id);
create index budget_unit on budget (company_id, unit_id);
create index budget_cost_centre on budget (company_id, cost_centre_id);

-- A purse is a budget in one period: its head row, and the balances that verify compares with the ledger.
create table purse (
  company_id    {{id}}   not null,
  budget_id     {{id}}   not null,
  period        {{text}} not null,
  from_on       {{text}} not null,
  until_on      {{text}} not null,
  limit_minor   bigint   not null check (limit_minor >= 0),
  held_minor    bigint   not null check (held_minor >= 0),
  spent_minor   bigint   not null check (spent_minor >= 0),
  overrun_minor bigint   not null default 0 check (overrun_minor >= 0),
  closed        boolean  not null default false,
  version       bigint   not null,
  primary key (company_id, budget_id, period),
  check (held_minor + spent_minor <= limit_minor + overrun_minor),
  foreign key (company_id, budget_id) references budget (company_id, id)
);

-- The ledger: rows are added, never changed. What moves from one figure to another comes to nothing; only a limit
-- makes something of nothing.
create table ledger (
  company_id        {{id}}   not null,
  budget_id         {{id}}   not null,
  period            {{text}} not null,
  id                {{id}}   not null,
  purchase_order_id {{id}},
  move              {{text}} not null check (move in ('hold', 'book', 'release', 'adjust', 'credit', 'override', 'limit')),
  key               {{text}} not null,
  available_minor   bigint   not null,
  held_minor        bigint   not null,
  spent_minor       bigint   not null,
  limit_minor       bigint   not null,
  requested_minor   bigint   not null,
  by_id             {{id}},
  reference         {{text}} not null default '',
  note              {{text}} not null default '',
  exchange          {{json}} not null,
  posted_at         {{time}} not null,
  place             bigint   not null,
  primary key (company_id, budget_id, period, place),
  unique (company_id, key),
  check (available_minor + held_minor + spent_minor = limit_minor),
  foreign key (company_id, budget_id, period) references purse (company_id, budget_id, period)
);
create index ledger_purchase_order on ledger (company_id, purchase_order_id);

-- The same request twice: the first outcome.
create table once (
  company_id {{id}}   not null references company (id),
  member_id  {{id}}   not null,
  use_case   {{text}} not null,
  key        {{text}} not null,
  input_hash {{text}} not null,
  outcome    {{json}} not null,
  at         {{time}} not null,
  primary key (company_id, member_id, use_case, key)
);
create index once_at on once (at);

-- What has happened: the audit, chained when sealed, and the outbox.
create table audit (
  company_id {{id}}   not null,
  id         {{id}}   not null,
  at         {{time}} not null,
  actor_kind {{text}} not null,
  account_id {{id}},
  member_id  {{id}},
  actor_name {{text}} not null,
  event      {{text}} not null,
  subject    {{text}} not null,
  body       {{json}} not null,
  request    {{text}} not null default '',
  address    {{text}} not null default '',
  place      bigint,
  hash       {{text}} not null default '',
  primary key (company_id, id),
  unique (company_id, place)
);
create index audit_at on audit (company_id, at, id);
create index audit_subject on audit (company_id, subject, id);
create index audit_unsealed on audit (company_id, id) where place is null;

create table audit_chain (
  company_id {{id}}   primary key,
  last       bigint   not null,
  hash       {{text}} not null
);

-- The place of an event is given by the database: what follows from what else has the higher one.
create table outbox (
{{#lite}}
  place      integer  primary key autoincrement,
{{/lite}}
{{#pg}}
  place      bigint   generated always as identity primary key,
{{/pg}}
  id         {{id}}   not null unique,
  company_id {{id}}   not null,
  event      {{text}} not null,
  subject    {{text}} not null,
  body       {{json}} not null,
  actor      {{json}} not null,
  at         {{time}} not null,
  done_at    {{time}}
);
create index outbox_waiting on outbox (company_id, place) where done_at is null;
create index outbox_done on outbox (done_at) where done_at is not null;

-- What people are told: a sentence as its English and its figures, to be said in the reader's language.
create table notice (
  company_id {{id}}   not null references company (id),
  id         {{id}}   not null,
  member_id  {{id}}   not null,
  event      {{text}} not null,
  subject    {{text}} not null,
  title      {{json}} not null,
  body       {{json}} not null,
  link       {{text}} not null,
  created_at {{time}} not null,
  read_at    {{time}},
  primary key (company_id, id),
  foreign key (company_id, member_id) references member (company_id, id)
);
create index notice_member on notice (company_id, member_id, id);
create index notice_unread on notice (company_id, member_id, id) where read_at is null;

-- Mails on their way. Whoever takes one puts off its next_at: that is the lease.
create table mail (
  id         {{id}}   primary key,
  company_id {{id}}   not null,
  recipient  {{text}} not null,
  name       {{text}} not null,
  thread     {{text}} not null,
  subject    {{text}} not null,
  body_text  {{text}} not null,
  body_html  {{text}} not null,
  state      {{text}} not null check (state in ('ready', 'sent', 'dead')),
  attempts   bigint   not null default 0,
  next_at    {{time}} not null,
  error      {{text}} not null default '',
  created_at {{time}} not null,
  ended_at   {{time}}
);
create index mail_due on mail (next_at, id) where state = 'ready';
create index mail_ended on mail (ended_at) where ended_at is not null;

-- Webhooks. due_at is when the first of its deliveries is due, and null where none is, or the webhook is paused;
-- whoever works on them has the webhook to itself until leased_until.
create table webhook (
  company_id    {{id}}   not null references company (id),
  id            {{id}}   not null,
  name          {{text}} not null,
  url           {{text}} not null,
  filters       {{json}} not null,
  secrets       {{json}} not null,
  active        boolean  not null,
  stopped       {{text}} not null check (stopped in ('', 'person', 'gone', 'failing')),
  failing_since {{time}},
  due_at        {{time}},
  leased_until  {{time}},
  version       bigint   not null default 1,
  created_at    {{time}} not null,
  primary key (company_id, id),
  unique (company_id, name)
);
create index webhook_due on webhook (due_at, id) where due_at is not null;

-- Events on their way to webhooks. Of one subject's deliveries to one webhook only the first that is ready has a
-- due_at, so they go out in the order of their places.
create table delivery (
  company_id {{id}}   not null,
  id         {{id}}   not null,
  webhook_id {{id}}   not null,
  event_id   {{id}}   not null,
  place      bigint   not null,
  event      {{text}} not null,
  subject    {{text}} not null,
  body       {{text}} not null,
  state      {{text}} not null check (state in ('ready', 'sent', 'dead')),
  attempts   bigint   not null default 0,
  due_at     {{time}},
  tried_at   {{time}},
  took       bigint   not null default 0,
  status     bigint   not null default 0,
  reason     {{json}} not null,
  answer     {{text}} not null default '',
  created_at {{time}} not null,
  primary key (company_id, id),
  unique (company_id, webhook_id, place),
  foreign key (company_id, webhook_id) references webhook (company_id, id)
);
create index delivery_due on delivery (company_id, webhook_id, due_at, id) where state = 'ready' and due_at is not null;
create unique index delivery_head on delivery (company_id, webhook_id, subject) where state = 'ready' and due_at is not null;
create index delivery_order on delivery (company_id, webhook_id, subject, place) where state = 'ready';
create index delivery_dead on delivery (company_id, webhook_id, place) where state = 'dead';
create index delivery_tried on delivery (tried_at) where state <> 'ready';

-- Background work. next_at is when a job may be taken: when it is due, or when the lease of whoever has it ends.
create table job (
  id         {{id}}   primary key,
  company_id {{id}},
  kind       {{text}} not null,
  input      {{text}} not null,
  state      {{text}} not null check (state in ('ready', 'running', 'done', 'failed', 'dead')),
  attempts   bigint   not null default 0,
  done       bigint   not null default 0,
  total      bigint   not null default 0,
  next_at    {{time}},
  reason     {{json}} not null,
  made_at    {{time}} not null,
  ended_at   {{time}}
);
create index job_due on job (kind, next_at, id) where next_at is not null;
create index job_company on job (company_id, id);

-- What recurs: each entry of the timetable is taken like a job, so that several nodes do it once.
create table timetable (
  name     {{text}} primary key,
  state    {{text}} not null check (state in ('ready', 'running', 'failed')),
  attempts bigint   not null default 0,
  next_at  {{time}} not null,
  reason   {{json}} not null
);
