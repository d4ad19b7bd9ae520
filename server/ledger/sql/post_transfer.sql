-- Books one movement and answers its line. The amount is above zero; the cause gives the direction, and a correction with p_downwards
-- takes from the wallet. Raises check_violation (balance_is_never_negative) when the wallet is short.
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
