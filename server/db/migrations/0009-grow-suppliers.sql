-- Suppliers behind one port, several a service, and hand-offs that know what they do not know.

alter table suppliers drop constraint protocol_is_known;
alter table suppliers
  add constraint protocol_is_known check (protocol in ('simulated', 'api-v2', 'manual')),
  add column url text,
  -- The key to call it with, sealed by the house's secret: it must be read again, so it cannot be a hash.
  add column sealed_key bytea,
  -- It stands in the operator's own network.
  add column private_network boolean not null default false,
  add column calls_at_once int not null default 4,
  add column calls_a_minute int not null default 600,
  add column paused boolean not null default false,
  -- It keeps retry keys (a Docket does): a lost answer can be asked for again. Null: not known yet.
  add column keeps_retry_keys boolean,
  add constraint budgets_are_positive check (calls_at_once between 1 and 100 and calls_a_minute between 1 and 100000),
  add constraint api_suppliers_have_an_address check (protocol <> 'api-v2' or (url is not null and sealed_key is not null));

-- Who can fulfil a service, the preferred first. services.supplier_id is the first of them.
create table service_suppliers (
  service_id int not null references services,
  supplier_id int not null references suppliers,
  position int not null,
  -- Their id for it.
  their_service text not null default '',
  -- What they ask per 1000 (a package: per package); null: not known, never checked.
  cost_rate text,
  -- Their quantity for one of ours.
  multiplier int not null default 1,
  primary key (service_id, supplier_id),
  constraint one_supplier_a_position unique (service_id, position) deferrable initially deferred,
  constraint cost_rate_is_a_plain_decimal check (cost_rate ~ '^[0-9]{1,12}(\.[0-9]{1,12})?$'),
  constraint multiplier_is_positive check (multiplier between 1 and 1000000)
);
insert into service_suppliers (service_id, supplier_id, position) select id, supplier_id, 1 from services where supplier_id is not null;

alter table services
  add column when_all_refuse text not null default 'cancel',
  add constraint when_all_refuse_is_known check (when_all_refuse in ('cancel', 'attention'));

-- calling: claimed; if the claim runs out, nobody knows whether the supplier has it.
-- waiting: certainly not with the supplier; tried again when due.
-- sent: with the supplier, watched. unconfirmed: nobody knows; asked by retry key where the supplier keeps them, else by a person.
-- attention: a person decides. settled: ended; the row stays for refills, and for what it cost.
alter table hand_offs
  add column state text not null default 'calling',
  add column words text,
  -- What the supplier says it charged us, as it said it.
  add column cost text,
  add column claimed_at timestamptz,
  add constraint hand_off_state_is_known check (state in ('calling', 'waiting', 'sent', 'unconfirmed', 'attention', 'settled'));
update hand_offs set state = 'sent' where reference is not null;
drop index hand_offs_due;
create index hand_offs_due on hand_offs (supplier_id, state, due_at);

-- What staff should know. One open alert for one matter, however often it comes up.
create table alerts (
  id bigint generated always as identity primary key,
  kind text not null,
  supplier_id int,
  order_id bigint,
  words text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  times int not null default 1,
  closed_at timestamptz
);
create unique index one_open_alert_a_matter on alerts (kind, coalesce(supplier_id, 0), coalesce(order_id, 0)) where closed_at is null;

-- Refills on their way. A refill without a row here is not asked of anybody yet.
create table refill_hand_offs (
  refill_id bigint primary key,
  supplier_id int not null references suppliers,
  reference text,
  state text not null default 'calling',
  due_at timestamptz not null,
  attempts int not null default 0,
  words text,
  constraint refill_hand_off_state_is_known check (state in ('calling', 'waiting', 'sent', 'unconfirmed'))
);
create index refill_hand_offs_due on refill_hand_offs (supplier_id, due_at);
create index refills_to_hand_off on refills (id) where status = 'Pending';

-- This installation's own name: it stands before the retry keys sent to suppliers, so that two desks that share an account
-- there never name two orders alike.
create table installation (name text not null);
create unique index one_installation on installation ((true));
insert into installation (name) values (substr(md5(gen_random_uuid()::text), 1, 10));
