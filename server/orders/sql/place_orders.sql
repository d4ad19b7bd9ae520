-- Places a batch of orders in one durable commit (docs/decisions/0001; called by place-examined.ts).
--
-- Answers one outcome per order, in the order asked:
--   1 placed · 2 not enough funds · 3 the same add was placed before (its id in `existing`) · 4 its retry key was used with
--   other parameters · 5 the key is revoked or the account suspended · 6 an unfinished order for the link exists ·
--   7 the caller's catalogue is not the newest: price again and ask again · 8 the daily cap of its key is reached ·
--   9 another order has this id: nothing was charged, and it may be asked for again under another id
--
-- p_again: an earlier call with these ids may have placed some of them, and its answer was lost. An order that is stored under its id is
-- the caller's own when book, key, service, quantity, charge, link and the time it was asked for agree: it is answered 1 and not charged
-- again. A call that still runs elsewhere holds the locks of the books, or will fail on the primary key.
-- p_capped: some key of the batch has a daily cap; null costs nothing.
-- p_asked_at: the p_now of the first call. Null: the time is not compared.
-- p_parents, p_post_numbers: the subscription of whose post this is the order, and the number of the post.
create or replace function place_orders(
  p_version bigint, p_now timestamptz, p_again boolean,
  p_ids bigint[], p_books int[], p_keys int[], p_services int[], p_suppliers int[], p_quantities bigint[], p_charges bigint[],
  p_rates text[], p_links text[],
  -- Null when no order of the batch needs them.
  p_rate_sources text[], p_kinds text[], p_parameters jsonb[], p_retry_keys text[], p_fingerprints text[], p_windows int[],
  p_one_active_link boolean[],
  p_capped boolean default null,
  p_active_links text[] default null,
  p_asked_at timestamptz default null,
  p_parents bigint[] default null,
  p_post_numbers int[] default null
) returns table (outcomes smallint[], existing bigint[])
language plpgsql
set plan_cache_mode = force_generic_plan
set random_page_cost = 1.1
-- The planner thinks that an array has few elements and joins it pair by pair: a third of the work at 256 orders a call. Where one
-- look-up an element is wanted, a lateral subquery behind offset 0 leaves no other way.
set enable_nestloop = off
-- A table that was analysed while it was empty is thought to be read fastest whole (0038).
set enable_seqscan = off
as $$
declare
  v_outcomes smallint[] := array_fill(1::smallint, array[cardinality(p_ids)]);
  v_existing bigint[];
  v_short int[] := '{}';
  v_book int := 0;
  v_left bigint;
  r record;
begin
  -- A node of the version before tells it by the retry key alone.
  if p_parents is null and array_to_string(p_retry_keys, ' ') like E'%\x01post:%' then
    select array_agg(case when t.key like E'\x01post:%' then split_part(t.key, ':', 2)::bigint end order by t.n),
      array_agg(case when t.key like E'\x01post:%' then split_part(t.key, ':', 3)::int end order by t.n)
    into p_parents, p_post_numbers from unnest(p_retry_keys) with ordinality as t(key, n);
  end if;

  -- Catalogue changes take this lock alone, last: a price turns between two batches, never inside one.
  perform pg_advisory_xact_lock_shared(7301);

  for r in
    select b.id, b.wallet, b.owed, asked.total
    from (select t.book, sum(t.charge) as total from unnest(p_books, p_charges) as t(book, charge) group by t.book) asked
    join books b on b.id = asked.book and b.id = any(p_books)
    order by b.id for no key update of b
  loop
    -- Who owes orders nothing, not even what is free.
    if r.wallet < r.total or r.owed < 0 then v_short := v_short || r.id; end if;
  end loop;

  if (select c.version from catalogue c) <> p_version then
    v_outcomes := array_fill(7::smallint, array[cardinality(p_ids)]);
  end if;

  for r in
    select t.n from unnest(p_keys) with ordinality as t(key, n)
    where t.key in (select k.id from api_keys k where k.id = any(p_keys) and k.refused)
  loop
    v_outcomes[r.n] := 5;
  end loop;

  if p_retry_keys is not null then
    v_existing := array_fill(null::bigint, array[cardinality(p_ids)]);
    for r in
      select t.n, k.order_id, k.fingerprint = t.fingerprint as same
      from unnest(p_books, p_retry_keys, p_fingerprints) with ordinality as t(book, key, fingerprint, n)
      cross join lateral (
        select k.order_id, k.fingerprint from retry_keys k
        where k.book_id = t.book and k.key = t.key and (k.valid_until is null or k.valid_until > p_now) offset 0
      ) k
    loop
      if v_outcomes[r.n] = 1 then
        v_outcomes[r.n] := case when r.same then 3 else 4 end;
        v_existing[r.n] := r.order_id;
      end if;
    end loop;
  end if;

  if p_one_active_link is not null then
    for r in
      select t.n
      from unnest(p_books, p_services, p_links, p_one_active_link, p_active_links) with ordinality
        as t(book, service, link, one_active, active_link, n)
      where t.one_active and exists (
        select from orders o where o.book_id = t.book and o.service_id = t.service and md5(coalesce(o.active_link, o.link)) = md5(coalesce(t.active_link, t.link))
          and o.one_active_link and not o.ended offset 0)
    loop
      if v_outcomes[r.n] = 1 then v_outcomes[r.n] := 6; end if;
    end loop;
  end if;

  -- 0 for now: nothing is charged for what is stored already.
  if p_again then
    for r in
      select t.n, stored.is_own
      from unnest(p_ids, p_books, p_keys, p_services, p_quantities, p_charges, p_links) with ordinality
        as t(id, book, key, service, quantity, charge, link, n)
      cross join lateral (
        select (o.book_id, o.key_id, o.service_id, o.quantity, o.charge, o.link, o.placed_at)
          = (t.book, t.key, t.service, t.quantity, t.charge, t.link, coalesce(p_asked_at, o.placed_at)) as is_own
        from orders o where o.id = t.id offset 0
      ) stored
    loop
      if r.is_own then v_outcomes[r.n] := 0;
      elsif v_outcomes[r.n] = 1 then v_outcomes[r.n] := 9;
      end if;
    end loop;
  end if;

  -- Who can pay for all it asks needs no loop; the others are served in order of arrival.
  if p_capped then
    v_outcomes := cover_capped_orders(p_now, p_books, p_keys, p_charges, v_short, v_outcomes);
  elsif v_short <> '{}' then
    for r in
      select t.n, t.book, t.charge, case when b.owed < 0 then -1 else b.wallet end as wallet
      from unnest(p_books, p_charges) with ordinality as t(book, charge, n)
      join books b on b.id = t.book and b.id = any(v_short)
      where t.book = any(v_short) order by t.book, t.n
    loop
      if r.book <> v_book then v_book := r.book; v_left := r.wallet; end if;
      if v_outcomes[r.n] = 1 then
        if r.charge <= v_left then v_left := v_left - r.charge; else v_outcomes[r.n] := 2; end if;
      end if;
    end loop;
  end if;

  with paid as (
    update books b
    set wallet = b.wallet - asked.total, sales = b.sales + asked.total, lines = b.lines + asked.n
    from (
      select t.book, sum(t.charge)::bigint as total, count(*) filter (where t.charge > 0) as n
      from unnest(p_books, p_charges, v_outcomes) as t(book, charge, outcome) where t.outcome = 1 group by t.book
    ) asked
    where b.id = asked.book and b.id = any(p_books)
    returning b.id, b.wallet + asked.total as wallet_before, b.lines - asked.n as lines_before
  ),
  item as (
    select t.*,
      paid.wallet_before - sum(t.charge) over earlier as wallet_after,
      case when t.charge > 0 then paid.lines_before + count(*) filter (where t.charge > 0) over earlier end as line
    from unnest(p_ids, p_books, p_keys, p_services, p_suppliers, p_quantities, p_charges, p_rates, p_links, p_rate_sources,
        p_kinds, p_parameters, p_one_active_link, p_active_links, p_parents, v_outcomes) with ordinality
      as t(id, book, key, service, supplier, quantity, charge, rate, link, rate_source, kind, parameters, one_active_link, active_link,
        parent, outcome, n)
    join paid on paid.id = t.book
    where t.outcome = 1
    window earlier as (partition by t.book order by t.n rows unbounded preceding)
  ),
  stored as (
    insert into orders (id, book_id, line, key_id, service_id, supplier_id, kind, status, quantity, charge, rate, rate_source,
      remains, link, parameters, one_active_link, active_link, placed_at, parent_id, origin)
    select i.id, i.book, i.line, i.key, i.service, i.supplier, coalesce(i.kind, 'single'),
      case when i.kind = 'subscription' then 'Active'::order_status else 'Pending' end,
      i.quantity, i.charge, i.rate, i.rate_source, i.quantity, i.link, i.parameters, coalesce(i.one_active_link, false), i.active_link,
      p_now, i.parent, case when i.parent is not null then 'post' end
    from item i
  )
  insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, at)
  select i.book, i.line, 'charge', 'wallet', 'sales', i.charge, i.wallet_after, i.id, p_now from item i where i.charge > 0;

  if p_kinds is not null then
    insert into drip_feeds (order_id, runs, interval_minutes, run_quantity)
    select t.id, (t.p ->> 'runs')::int, (t.p ->> 'interval')::int, t.quantity / (t.p ->> 'runs')::int
    from unnest(p_ids, p_kinds, p_parameters, p_quantities, v_outcomes) as t(id, kind, p, quantity, outcome)
    where t.outcome = 1 and t.kind = 'drip-feed';

    insert into subscriptions (order_id, username, min, max, posts, old_posts, delay_minutes, expiry)
    select t.id, t.p ->> 'username', (t.p ->> 'min')::bigint, (t.p ->> 'max')::bigint, (t.p ->> 'posts')::int,
      coalesce((t.p ->> 'old_posts')::int, 0), (t.p ->> 'delay')::int, (t.p ->> 'expiry')::date
    from unnest(p_ids, p_kinds, p_parameters, v_outcomes) as t(id, kind, p, outcome)
    where t.outcome = 1 and t.kind = 'subscription';
  end if;

  -- Nothing is charged for a subscription or a free service, so no line of the book tells the feed of it.
  if 0 = any(p_charges) then
    perform add_order_event(t.book, t.id, null, p_now, 'customer', case when t.kind = 'subscription' then 'Active' else 'Pending' end, null, null, null)
    from unnest(p_ids, p_books, p_charges, p_kinds, v_outcomes) as t(id, book, charge, kind, outcome)
    where t.outcome = 1 and t.charge = 0 order by t.book, t.id;
  end if;

  if p_retry_keys is not null then
    insert into retry_keys as k (book_id, key, order_id, fingerprint, valid_until)
    select t.book, t.key, t.id, t.fingerprint, p_now + make_interval(secs => nullif(t.time_window, 0))
    from unnest(p_ids, p_books, p_retry_keys, p_fingerprints, p_windows, v_outcomes) as t(id, book, key, fingerprint, time_window, outcome)
    where t.outcome = 1 and t.key is not null
    on conflict (book_id, key) do update
      set order_id = excluded.order_id, fingerprint = excluded.fingerprint, valid_until = excluded.valid_until
      where k.valid_until <= p_now;
  end if;

  if p_parents is not null then
    perform follow_their_child(t.id, t.parent, t.number)
    from unnest(p_ids, p_parents, p_post_numbers, v_outcomes) as t(id, parent, number, outcome)
    where t.outcome = 1 and t.parent is not null;
  end if;

  return query select array_replace(v_outcomes, 0::smallint, 1::smallint), v_existing;
end $$;
