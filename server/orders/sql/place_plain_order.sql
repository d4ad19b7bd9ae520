-- place_plain_orders() for a batch of one: without arrays it takes a sixth less time. Returns whether the order was placed.
create or replace function place_plain_order(
  p_version bigint, p_now timestamptz, p_id bigint, p_book int, p_key int, p_service int, p_supplier int, p_quantity bigint,
  p_charge bigint, p_rate text, p_link text, p_rate_source text, p_parameters jsonb,
  out placed boolean
) language plpgsql
set plan_cache_mode = force_generic_plan
as $$
declare
  v_locked boolean;
  v_wallet bigint;
  v_line bigint;
begin
  v_locked := pg_advisory_xact_lock_shared(7301) is null;

  update books b set wallet = b.wallet - p_charge, sales = b.sales + p_charge, lines = b.lines + 1
  where b.id = p_book and b.wallet >= p_charge
    and (select c.version from catalogue c) = p_version
    and not exists (select from api_keys k where k.refused and k.id = p_key)
  returning b.wallet, b.lines into v_wallet, v_line;
  placed := found;
  if not placed then return; end if;

  insert into orders (id, book_id, line, key_id, service_id, supplier_id, quantity, charge, rate, rate_source, remains, link, parameters,
    placed_at)
  values (p_id, p_book, v_line, p_key, p_service, p_supplier, p_quantity, p_charge, p_rate, p_rate_source, p_quantity, p_link,
    p_parameters, p_now);

  insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, at)
  values (p_book, v_line, 'charge', 'wallet', 'sales', p_charge, v_wallet, p_id, p_now);
end $$;
