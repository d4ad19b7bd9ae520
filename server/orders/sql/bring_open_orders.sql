-- Adds the open orders of one account of another panel and charges them to its book, which was given their charges before (docs/decisions/0072; called by
-- bring-orders.ts). A charged order is Pending in the feed of its book until an event says more, so the others get one.
create or replace function bring_open_orders(p_account int, p_panel text, p_now timestamptz, p_orders json) returns void language plpgsql as $$
declare
  b books;
  v_key int;
  v_total bigint;
  v_lines bigint;
begin
  select * into strict b from books where account_id = p_account and not play for no key update;
  select id into strict v_key from api_keys where account_id = p_account and of_pages;

  with told as (
    select * from json_to_recordset(p_orders) as t(id bigint, service int, "supplierId" int, link text, quantity bigint, charge bigint, rate text, "startCount" bigint,
      remains bigint, status text, parameters jsonb, "placedAt" timestamptz, sent boolean)
  ),
  item as (
    select t.*, case when t.charge > 0 then b.lines + count(*) filter (where t.charge > 0) over earlier end as line, b.wallet - sum(t.charge) over earlier as wallet_after
    from told t window earlier as (order by t.id rows unbounded preceding)
  ),
  stored as (
    insert into orders (id, book_id, line, key_id, service_id, supplier_id, status, quantity, charge, rate, rate_source, start_count, remains, link, parameters, sent,
      placed_at, moved_in_from)
    select i.id, b.id, i.line, v_key, i.service, i."supplierId", i.status::order_status, i.quantity, i.charge, i.rate, 'moved in', i."startCount", i.remains, i.link,
      i.parameters, i.sent, i."placedAt", p_panel
    from item i order by i.id
  ),
  charged as (
    insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, at)
    select b.id, i.line, 'charge', 'wallet', 'sales', i.charge, i.wallet_after, i.id, p_now from item i where i.charge > 0 order by i.line
  )
  select coalesce(sum(charge), 0), count(*) filter (where charge > 0) into v_total, v_lines from item;

  update books set wallet = wallet - v_total, sales = sales + v_total, lines = lines + v_lines where id = b.id;

  perform add_order_event(b.id, t.id, null, p_now, 'staff', t.status, t."startCount", t.remains, 'moved in from ' || p_panel)
  from json_to_recordset(p_orders) as t(id bigint, charge bigint, status text, "startCount" bigint, remains bigint)
  where t.charge = 0 or t.status <> 'Pending' order by t.id;
end $$;
