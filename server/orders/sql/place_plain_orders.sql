-- The short function for most orders (docs/decisions/0001; called by place-plain.ts).
-- An order is plain when it costs something and needs no look-up first: no retry key, no runs, no subscription, no exclusive link. A batch of plain
-- orders needs three statements instead of eleven. Books that this function cannot serve (an old price, a revoked key, a short wallet) are not
-- changed, and place_orders() then examines them and answers.
--
-- Places every order of the books that can pay for all their orders, and returns the books that were left out; null when there are none.
--
-- The p_lot_ arrays hold one debit per book, by ascending id: the update takes the row locks in this order, because only the nested loop join is
-- allowed. The other arrays have one element per order: p_lots is the number of its debit, p_spents what its book has spent in this batch up to and
-- including it, p_places its place among the lines that the book gains.
create or replace function place_plain_orders(
  p_version bigint, p_now timestamptz,
  p_lot_books int[], p_lot_totals bigint[], p_lot_lines bigint[],
  p_lots int[], p_spents bigint[], p_places bigint[],
  p_ids bigint[], p_books int[], p_keys int[], p_services int[], p_suppliers int[], p_quantities bigint[], p_charges bigint[],
  p_rates text[], p_links text[],
  -- Null when no order of the batch needs them.
  p_rate_sources text[], p_parameters jsonb[],
  out left_out int[]
) language plpgsql
set plan_cache_mode = force_generic_plan
set enable_hashjoin = off
set enable_mergejoin = off
set enable_seqscan = off
as $$
declare
  v_locked boolean;
  v_books int[];
  v_wallets bigint[];
  v_lines bigint[];
begin
  -- As in place_orders(): a price turns between two batches, never inside one. The next statement sees what came before the lock.
  v_locked := pg_advisory_xact_lock_shared(7301) is null;

  with paid as (
    update books b set wallet = b.wallet - lot.total, sales = b.sales + lot.total, lines = b.lines + lot.lines
    from unnest(p_lot_books, p_lot_totals, p_lot_lines) as lot(book, total, lines)
    where b.id = lot.book and b.wallet >= lot.total
      and (select c.version from catalogue c) = p_version
      and not exists (select from api_keys k where k.refused and k.id = any(p_keys))
    returning b.id, b.wallet + lot.total as wallet, b.lines - lot.lines as lines
  )
  select array_agg(p.id), array_agg(p.wallet), array_agg(p.lines) into v_books, v_wallets, v_lines from paid p;

  if v_books is null then
    left_out := p_lot_books;
    return;
  end if;
  if v_books <> p_lot_books then
    select array_agg(lot.book) filter (where at.n is null), array_agg(v_wallets[at.n] order by lot.n), array_agg(v_lines[at.n] order by lot.n)
    into left_out, v_wallets, v_lines
    from unnest(p_lot_books) with ordinality as lot(book, n), lateral (select array_position(v_books, lot.book) as n) as at;
  end if;

  insert into orders (id, book_id, line, key_id, service_id, supplier_id, quantity, charge, rate, rate_source, remains, link, parameters,
    placed_at)
  select t.id, t.book, v_lines[t.lot] + t.place, t.key, t.service, t.supplier, t.quantity, t.charge, t.rate, t.rate_source, t.quantity,
    t.link, t.parameters, p_now
  from unnest(p_ids, p_books, p_keys, p_services, p_suppliers, p_quantities, p_charges, p_rates, p_links, p_rate_sources, p_parameters,
    p_lots, p_places)
    as t(id, book, key, service, supplier, quantity, charge, rate, link, rate_source, parameters, lot, place)
  where v_lines[t.lot] is not null;

  insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, at)
  select t.book, v_lines[t.lot] + t.place, 'charge', 'wallet', 'sales', t.charge, v_wallets[t.lot] - t.spent, t.id, p_now
  from unnest(p_ids, p_books, p_charges, p_lots, p_spents, p_places) as t(id, book, charge, lot, spent, place)
  where v_lines[t.lot] is not null;
end $$;
