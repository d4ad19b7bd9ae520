-- What a service promises of its orders, what each order was promised, and what is paid back when it was not kept.
-- Owners: services are server/catalog's, promises server/orders', hand_offs server/fulfilment's.

alter table services
  -- Minutes from placement; null: nothing is promised.
  add column start_within int,
  add column finish_within int,
  -- What a missed promise pays back, in hundredths of a per cent of the charge. Null: the order is cancelled instead.
  add column compensation_basis_points int,
  add constraint start_within_is_within_a_year check (start_within between 1 and 525600),
  add constraint finish_within_is_within_a_year check (finish_within between 1 and 525600),
  add constraint an_order_starts_before_it_finishes check (finish_within >= start_within),
  add constraint compensation_is_a_share_of_the_charge check (compensation_basis_points between 1 and 10000);
create index services_that_promise on services (id) where start_within is not null or finish_within is not null;

-- No text of this migration may name the new cause: PostgreSQL reads it only from the next transaction on. It is what is left when the
-- others are named.
alter type transfer_cause add value 'compensation';
alter table transfers
  drop constraint movement_fits_its_cause,
  drop constraint orders_are_what_is_charged_and_refunded,
  drop constraint a_refund_names_its_cause,
  add constraint movement_fits_its_cause check (
    case cause
      when 'deposit' then taken_from = 'paid_in' and given_to = 'wallet'
      when 'charge' then taken_from = 'wallet' and given_to = 'sales'
      when 'correction' then (taken_from, given_to) in (('paid_in', 'wallet'), ('wallet', 'paid_in'))
      else taken_from = 'sales' and given_to = 'wallet'
    end),
  add constraint orders_are_what_is_charged_and_refunded check ((order_id is not null) = (cause not in ('deposit', 'correction'))),
  add constraint a_refund_names_its_cause check (cause in ('deposit', 'charge', 'correction') or reference is not null);
create unique index one_compensation_per_promise on transfers (order_id, reference)
  where cause not in ('deposit', 'charge', 'refund', 'correction');

create or replace function post_transfer(
  p_book int, p_cause transfer_cause, p_amount bigint, p_order bigint, p_reference text, p_note text, p_at timestamptz,
  p_downwards boolean default false
) returns bigint language plpgsql as $$
declare
  source ledger_account;
  target ledger_account;
  v_line bigint;
  v_wallet bigint;
begin
  if p_cause = 'deposit' then source := 'paid_in'; target := 'wallet';
  elsif p_cause = 'charge' then source := 'wallet'; target := 'sales';
  elsif p_cause in ('refund', 'compensation') then source := 'sales'; target := 'wallet';
  elsif p_downwards then source := 'wallet'; target := 'paid_in';
  else source := 'paid_in'; target := 'wallet';
  end if;

  update books set
    paid_in = paid_in + case when source = 'paid_in' then -p_amount when target = 'paid_in' then p_amount else 0 end,
    wallet = wallet + case when source = 'wallet' then -p_amount when target = 'wallet' then p_amount else 0 end,
    sales = sales + case when source = 'sales' then -p_amount when target = 'sales' then p_amount else 0 end,
    lines = lines + 1
  where id = p_book
  returning lines, wallet into strict v_line, v_wallet;

  insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, reference, note, at)
  values (p_book, v_line, p_cause, source, target, p_amount, v_wallet, p_order, p_reference, p_note, p_at);
  return v_line;
end $$;

-- The first sign of work that we heard of: In progress, a start count, a delivery, or its completion. Null also of orders that had
-- begun before this was noted.
alter table orders add column started_at timestamptz;
comment on column orders.refunded is 'All that was given back: refunds and compensations. charge - refunded is what was kept.';

create function has_started(p_status order_status, p_start_count bigint, p_remains bigint, p_quantity bigint) returns boolean
language sql immutable parallel safe return p_status in ('In progress', 'Completed') or p_start_count > 0 or p_remains < p_quantity;

-- Locks in one order everywhere: orders, books, feeds, each by id. Whoever moves money of several orders in several steps takes all
-- of them first.
create function lock_orders(p_ids bigint[]) returns void language plpgsql as $$
begin
  perform 1 from orders o where o.id = any(p_ids) order by o.id for no key update;
  perform 1 from books b where b.id in (select o.book_id from orders o where o.id = any(p_ids)) order by b.id for no key update;
  insert into feeds (book_id)
    select distinct o.book_id from orders o where o.id = any(p_ids) order by 1 on conflict do nothing;
  perform 1 from feeds f where f.book_id in (select o.book_id from orders o where o.id = any(p_ids)) order by f.book_id for no key update;
end $$;

-- As in 0006, and it notes when an order began.
create or replace function settle_orders(
  p_now timestamptz, p_ids bigint[], p_statuses order_status[], p_start_counts bigint[], p_remains bigint[], p_by text,
  p_words text[]
) returns table (order_id bigint, status order_status, given_back bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  r record;
  v_remains bigint;
  v_refund bigint;
  v_started_at timestamptz;
begin
  perform lock_orders(p_ids);

  for r in
    select distinct on (o.id) o.*, t.status as next_status, coalesce(t.start_count, o.start_count) as next_start_count,
      t.remains as told_remains, t.words
    from unnest(p_ids, p_statuses, p_start_counts, p_remains, p_words) with ordinality as t(id, status, start_count, remains, words, n)
    join orders o on o.id = t.id
    where not o.ended
    order by o.id, t.n
  loop
    -- An open state never goes back: a supplier that says Pending after In progress changes only the counts.
    if not is_final(r.next_status) and r.next_status < r.status and r.next_status < 'Active' then
      r.next_status := r.status;
    end if;
    v_remains := coalesce(r.told_remains, case r.next_status when 'Completed' then 0 else r.remains end);
    v_refund := case r.next_status
      when 'Canceled' then r.charge - r.refunded
      when 'Partial' then least(r.charge - r.refunded,
        div(r.charge::numeric * least(greatest(v_remains, 0), r.quantity) * 2 + r.quantity, greatest(r.quantity, 1) * 2::numeric)::bigint)
      else 0
    end;
    v_started_at := r.started_at;
    if v_started_at is null and r.kind = 'drip-feed' then
      -- It is in progress from the moment its first run waits for its turn: what counts is the first run that began.
      select min(c.started_at) into v_started_at from child_orders k join orders c on c.id = k.order_id where k.parent_id = r.id;
    elsif v_started_at is null and has_started(r.next_status, r.next_start_count, v_remains, r.quantity)
      and not has_started(r.status, r.start_count, r.remains, r.quantity) then
      v_started_at := p_now;
    end if;
    continue when r.next_status = r.status and v_remains = r.remains and r.next_start_count = r.start_count
      and v_started_at is not distinct from r.started_at;

    update orders o set
      status = r.next_status, start_count = r.next_start_count, remains = v_remains, refunded = o.refunded + v_refund,
      started_at = v_started_at, ended = is_final(r.next_status), ended_at = case when is_final(r.next_status) then p_now end
    where o.id = r.id;
    if v_refund > 0 then
      perform post_transfer(r.book_id, 'refund', v_refund, r.id, 'order ended', r.next_status::text, p_now);
    end if;
    perform add_order_event(r.book_id, r.id, null, p_now, p_by, r.next_status::text, r.next_start_count, v_remains, r.words);
    order_id := r.id; status := r.next_status; given_back := v_refund;
    return next;
  end loop;
end $$;

-- What an order was promised when it was placed: what the operator promises later, or no longer, changes nothing of it.
create table promises (
  order_id bigint not null,
  promise text not null,
  due_at timestamptz not null,
  -- Null: a miss cancels the order.
  compensation_basis_points int,
  state text not null default 'open',
  -- When it is looked at next: at its hour, and once more after its supplier was asked how the order stands.
  judge_at timestamptz not null,
  asked_supplier boolean not null default false,
  judged_at timestamptz,
  -- What was paid back for it.
  compensation bigint not null default 0,
  primary key (order_id, promise),
  constraint promise_is_known check (promise in ('start', 'finish')),
  -- void: the order was cancelled before its hour.
  constraint promise_state_is_known check (state in ('open', 'kept', 'missed', 'void')),
  constraint judged_matches_state check ((judged_at is null) = (state = 'open')),
  constraint only_a_missed_promise_pays check (compensation = 0 or (compensation > 0 and state = 'missed' and compensation_basis_points is not null))
);
create index promises_to_judge on promises (judge_at) where state = 'open';
create index missed_promises on promises (judged_at) where state = 'missed';

-- In the commit that places the order. A drip-feed is to finish as long after its last run is due; its runs and a subscription
-- itself are promised nothing, the orders of a subscription's posts are ordinary ones. No plan may read services whole.
create function make_promises() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  if not exists (select from services where start_within is not null or finish_within is not null) then return null; end if;
  insert into promises (order_id, promise, due_at, judge_at, compensation_basis_points)
  select o.id, p.promise, p.due_at, p.due_at, s.compensation_basis_points
  from placed o
  cross join lateral (
    select s.start_within, s.finish_within, s.compensation_basis_points from services s
    where s.id = o.service_id and (s.start_within is not null or s.finish_within is not null) offset 0
  ) s
  cross join lateral (values
    ('start', o.placed_at + make_interval(mins => s.start_within)),
    ('finish', o.placed_at + make_interval(mins => s.finish_within) + case o.kind
      when 'drip-feed' then ((o.parameters ->> 'runs')::int - 1) * make_interval(mins => (o.parameters ->> 'interval')::int)
      else interval '0' end)
  ) as p(promise, due_at)
  where p.due_at is not null and o.kind <> 'subscription' and not coalesce(o.rate_source like 'run of order %', false);
  return null;
end $$;
create trigger orders_are_promised_what_their_service_promises after insert on orders
  referencing new table as placed for each statement execute function make_promises();

-- Pays back for a missed promise. The caller holds the locks of lock_orders() and has found that so much of the charge is left.
create function compensate_order(p_now timestamptz, p_order bigint, p_promise text, p_amount bigint, p_words text) returns void
language plpgsql as $$
declare r record;
begin
  update orders set refunded = refunded + p_amount where id = p_order returning book_id, status, start_count, remains into strict r;
  perform post_transfer(r.book_id, 'compensation', p_amount, p_order, p_promise || ' promise missed', p_words, p_now);
  perform add_order_event(r.book_id, p_order, null, p_now, 'docket', r.status::text, r.start_count, r.remains, p_words);
end $$;

-- A call that was lost may have arrived: sent again under its retry key, the supplier's answer tells. Until then it is no order that
-- was never sent, and no cancel ends it. Of those that wait now nothing was noted.
alter table hand_offs add column maybe_there boolean not null default false;
update hand_offs set maybe_there = true where state = 'waiting';

-- What is open of one order is closed wherever it moves on.
create index open_alerts_of_an_order on alerts (order_id) where closed_at is null;

-- A cancel was asked for. What certainly nobody has waits for nobody: it is let go, and answered. Staff see it of what nobody knows;
-- the supplier of what is at work hears of it soon. The caller holds the orders' row locks.
create function tell_hand_offs_of_cancel(p_now timestamptz, p_ids bigint[]) returns setof bigint language sql as $$
  insert into alerts (kind, supplier_id, order_id, words, first_at, last_at)
  select 'cancel requested', h.supplier_id, h.order_id, 'Nobody knows whether the supplier has it, and a cancel was asked for', p_now, p_now
  from hand_offs h where h.order_id = any(p_ids) and h.state = 'unconfirmed'
  on conflict (kind, coalesce(supplier_id, 0), coalesce(order_id, 0)) where closed_at is null do nothing;

  update hand_offs set cancel_sent = false, due_at = case when due_at = 'infinity' then due_at else least(due_at, p_now) end
  where order_id = any(p_ids) and state = 'sent';

  with let_go as (
    update hand_offs set state = 'settled', due_at = 'infinity', words = 'cancelled before it was sent'
    where order_id = any(p_ids) and state in ('waiting', 'attention') and not maybe_there returning order_id
  ),
  told as (update alerts a set closed_at = p_now from let_go l where a.order_id = l.order_id and a.closed_at is null)
  select order_id from let_go;
$$;
