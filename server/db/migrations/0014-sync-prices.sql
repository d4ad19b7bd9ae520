-- What suppliers ask, how it becomes a price, and the trail of every change. Owner: server/catalog.

alter table catalogue
  -- Of every rate, and of every cost once it is exchanged.
  add column currency text not null default 'USD',
  -- How many lines the trail has. Its row lock lasts until the commit, so lines are numbered in the order in which they appear.
  add column changes bigint not null default 0,
  add constraint catalogue_currency_is_an_iso_code check (currency ~ '^[A-Z]{3}$');
update catalogue set currency = c.currency
from (select currency from accounts group by currency order by count(*) desc, currency limit 1) c;

-- A supplier whose list is read: how its costs become prices, and when it is read next.
create table price_lists (
  supplier_id int primary key references suppliers,
  -- A price is cost + percent + add, rounded up to a multiple of the step.
  margin_percent text not null default '0',
  margin_add text not null default '0',
  rounding_step text not null default '0.0001',
  -- What one of this currency is worth in the catalogue's. Of a supplier that names no currency, this is its currency.
  exchange_currency text,
  exchange_rate text,
  hourly boolean not null default true,
  due_at timestamptz not null,
  -- Each reading has a number; only the newest may change anything, and until its lease runs out nobody begins another.
  reading bigint not null default 0,
  reading_until timestamptz,
  -- The last list that was believed.
  read_at timestamptz,
  listed text[] not null default '{}',
  constraint margin_is_a_plain_decimal check (
    margin_percent ~ '^[0-9]{1,12}(\.[0-9]{1,12})?$' and margin_add ~ '^[0-9]{1,12}(\.[0-9]{1,12})?$'),
  constraint rounding_step_is_above_zero check (rounding_step ~ '^[0-9]{1,12}(\.[0-9]{1,12})?$' and rounding_step ~ '[1-9]'),
  constraint exchange_is_a_rate_for_a_currency check (
    (exchange_currency is null) = (exchange_rate is null) and length(exchange_currency) <= 10
    and exchange_rate ~ '^[0-9]{1,12}(\.[0-9]{1,12})?$' and exchange_rate ~ '[1-9]')
);

-- What their list last said of it; null where it has not been read. What we sell by is ours to differ.
alter table service_suppliers
  add column their_type text,
  add column their_min bigint,
  add column their_max bigint,
  add column their_dripfeed boolean,
  add column their_refill boolean,
  add column their_cancel boolean,
  -- Not on their list any more, or there as another type.
  add column gone_at timestamptz;
create index bindings_of_a_supplier on service_suppliers (supplier_id, their_service);

alter table services
  add column when_cost_passes text not null default 'pause',
  -- Why a sync disabled it. Only what a sync disabled does a sync put back on sale.
  add column sync_pause text,
  add constraint when_cost_passes_is_known check (when_cost_passes in ('raise', 'pause', 'flag')),
  add constraint sync_pause_is_known check (sync_pause in ('cost', 'gone', 'type')),
  add constraint a_sync_pause_is_disabled check (sync_pause is null or state = 'disabled');

create function forget_sync_pause() returns trigger language plpgsql as $$
begin
  new.sync_pause := null;
  return new;
end $$;
create trigger a_state_set_by_hand_stands before update on services
  for each row when (old.sync_pause is not null and new.state <> old.state and new.sync_pause is not distinct from old.sync_pause)
  execute function forget_sync_pause();

-- Binding it says which of their services it is: what was noted of the one before is forgotten.
create function forget_their_word() returns trigger language plpgsql as $$
begin
  new.their_type := null; new.their_min := null; new.their_max := null;
  new.their_dripfeed := null; new.their_refill := null; new.their_cancel := null; new.gone_at := null;
  return new;
end $$;
create trigger bound_anew_is_read_anew before update of their_service on service_suppliers
  for each row execute function forget_their_word();

-- The trail: what changed of a service, of an account's rate for it, of an account's discount (no service), of a supplier's cost.
create table service_changes (
  number bigint primary key,
  service_id int,
  account_id int,
  supplier_id int,
  what text not null,
  old text,
  new text,
  cause text not null,
  at timestamptz not null
);
create index changes_of_a_service on service_changes (service_id, what, number);
create index changes_of_a_discount on service_changes (account_id, number) where what = 'discount';
create index changes_of_prices on service_changes (number) where what in ('state', 'rate', 'custom rate', 'discount');
create index changes_by_time on service_changes (at);

insert into service_changes (number, service_id, what, new, cause, at)
select row_number() over (order by s.position, s.id, c.what desc), s.id, c.what, c.new, 'on sale before the trail', now()
from services s cross join lateral (values ('state', s.state), ('rate', s.rate)) c(what, new);
insert into service_changes (number, service_id, account_id, what, new, cause, at)
select (select count(*) from service_changes) + row_number() over (order by service_id, account_id), service_id, account_id, 'custom rate', rate,
  'agreed before the trail', now()
from custom_rates;
update catalogue set changes = (select count(*) from service_changes);
create trigger service_changes_are_append_only before update or delete or truncate on service_changes
  for each statement execute function refuse_change();

-- Who changes the catalogue says why (server/catalog/sync-trail.ts); whoever says nothing is the operator.
create function write_service_changes(
  p_services int[], p_accounts int[], p_suppliers int[], p_whats text[], p_olds text[], p_news text[]
) returns void language plpgsql as $$
declare v_before bigint;
begin
  if p_whats is null then return; end if;
  update catalogue set changes = changes + cardinality(p_whats) returning changes - cardinality(p_whats) into strict v_before;
  insert into service_changes (number, service_id, account_id, supplier_id, what, old, new, cause, at)
  select v_before + t.n, t.service, t.account, t.supplier, t.what, t.old, t.new,
    coalesce(nullif(current_setting('docket.cause', true), ''), 'operator'),
    coalesce(nullif(current_setting('docket.at', true), '')::timestamptz, now())
  from unnest(p_services, p_accounts, p_suppliers, p_whats, p_olds, p_news) with ordinality as t(service, account, supplier, what, old, new, n);
end $$;

create function note_services() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    perform write_service_changes(array_agg(c.id order by c.position, c.id, c.what), array_agg(null::int), array_agg(null::int),
      array_agg(c.what order by c.position, c.id, c.what), array_agg(c.old order by c.position, c.id, c.what),
      array_agg(c.new order by c.position, c.id, c.what))
    from (
      select r.id, r.position, replace(f.key, '_', ' ') as what, r.was ->> f.key as old, f.value as new
      from (
        select n.id, n.position, to_jsonb(o) as was, to_jsonb(n) as now from new_rows n join old_rows o on o.id = n.id
        where n is distinct from o offset 0
      ) r cross join lateral jsonb_each_text(r.now) f
      where f.key not in ('id', 'position') and f.value is distinct from r.was ->> f.key
    ) c;
  elsif tg_op = 'INSERT' then
    perform write_service_changes(array_agg(s.id order by s.position, s.id, c.what desc), array_agg(null::int), array_agg(null::int),
      array_agg(c.what order by s.position, s.id, c.what desc), array_agg(null::text), array_agg(c.new order by s.position, s.id, c.what desc))
    from new_rows s cross join lateral (values ('state', s.state), ('rate', s.rate)) c(what, new);
  else
    perform write_service_changes(array_agg(s.id), array_agg(null::int), array_agg(null::int), array_agg(c.what), array_agg(c.old),
      array_agg(null::text))
    from old_rows s cross join lateral (values ('state', s.state), ('rate', s.rate)) c(what, old);
  end if;
  return null;
end $$;
create trigger the_trail_notes_new_services after insert on services
  referencing new table as new_rows for each statement execute function note_services();
create trigger the_trail_notes_changed_services after update on services
  referencing old table as old_rows new table as new_rows for each statement execute function note_services();
create trigger the_trail_notes_deleted_services after delete on services
  referencing old table as old_rows for each statement execute function note_services();

create function note_custom_rates() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    perform write_service_changes(array_agg(n.service_id), array_agg(n.account_id), array_agg(null::int), array_agg('custom rate'::text),
      array_agg(o.rate), array_agg(n.rate))
    from new_rows n join old_rows o using (account_id, service_id) where n.rate <> o.rate;
  elsif tg_op = 'INSERT' then
    perform write_service_changes(array_agg(n.service_id), array_agg(n.account_id), array_agg(null::int), array_agg('custom rate'::text),
      array_agg(null::text), array_agg(n.rate))
    from new_rows n;
  else
    perform write_service_changes(array_agg(o.service_id), array_agg(o.account_id), array_agg(null::int), array_agg('custom rate'::text),
      array_agg(o.rate), array_agg(null::text))
    from old_rows o;
  end if;
  return null;
end $$;
create trigger the_trail_notes_new_custom_rates after insert on custom_rates
  referencing new table as new_rows for each statement execute function note_custom_rates();
create trigger the_trail_notes_changed_custom_rates after update on custom_rates
  referencing old table as old_rows new table as new_rows for each statement execute function note_custom_rates();
create trigger the_trail_notes_ended_custom_rates after delete on custom_rates
  referencing old table as old_rows for each statement execute function note_custom_rates();

create function note_discounts() returns trigger language plpgsql as $$
begin
  perform write_service_changes(array_agg(null::int), array_agg(n.id), array_agg(null::int), array_agg('discount'::text),
    array_agg(o.discount_basis_points::text), array_agg(n.discount_basis_points::text))
  from new_rows n join old_rows o using (id) where n.discount_basis_points <> o.discount_basis_points;
  return null;
end $$;
create trigger the_trail_notes_discounts after update on accounts
  referencing old table as old_rows new table as new_rows for each statement execute function note_discounts();

create function note_bindings() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    perform write_service_changes(array_agg(n.service_id), array_agg(null::int), array_agg(n.supplier_id), array_agg(c.what),
      array_agg(c.old), array_agg(c.new))
    from new_rows n join old_rows o using (service_id, supplier_id) cross join lateral (values
      ('cost', o.cost_rate, n.cost_rate), ('multiplier', o.multiplier::text, n.multiplier::text),
      ('their service', o.their_service, n.their_service),
      ('listed', case when o.gone_at is null then 'yes' else 'no' end, case when n.gone_at is null then 'yes' else 'no' end)
    ) c(what, old, new) where c.old is distinct from c.new;
  elsif tg_op = 'INSERT' then
    perform write_service_changes(array_agg(n.service_id), array_agg(null::int), array_agg(n.supplier_id), array_agg('cost'::text),
      array_agg(null::text), array_agg(n.cost_rate))
    from new_rows n where n.cost_rate is not null;
  else
    perform write_service_changes(array_agg(o.service_id), array_agg(null::int), array_agg(o.supplier_id), array_agg('cost'::text),
      array_agg(o.cost_rate), array_agg(null::text))
    from old_rows o where o.cost_rate is not null;
  end if;
  return null;
end $$;
create trigger the_trail_notes_new_bindings after insert on service_suppliers
  referencing new table as new_rows for each statement execute function note_bindings();
create trigger the_trail_notes_changed_bindings after update on service_suppliers
  referencing old table as old_rows new table as new_rows for each statement execute function note_bindings();
create trigger the_trail_notes_ended_bindings after delete on service_suppliers
  referencing old table as old_rows for each statement execute function note_bindings();

-- What it was after line p_number of the trail, by the first change since; p_now when there was none.
create function service_value_after(p_number bigint, p_service int, p_account int, p_what text, p_now text) returns text
language sql stable parallel safe as $$
  select case when c.number is null then p_now else c.old end
  from (values (true)) one(row) left join lateral (
    select number, old from service_changes
    where service_id = p_service and what = p_what and number > p_number and account_id is not distinct from p_account
    order by number limit 1
  ) c on true
$$;
create function discount_after(p_number bigint, p_account int, p_now int) returns int
language sql stable parallel safe as $$
  select coalesce((
    select old::int from service_changes where what = 'discount' and account_id = p_account and number > p_number order by number limit 1), p_now)
$$;
