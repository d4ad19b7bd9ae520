-- Books one movement and answers its first line. The amount is above zero; cause and direction (p_downwards: out of the wallet) say between which
-- accounts. What comes into the wallet pays first what the book owes, with a line of its own (settlement). A reversal, and a bonus or commission that is
-- taken back, takes from the wallet what is there, and with a second line from `owed` what is missing. A settlement that is asked for excuses what is
-- owed. Raises check_violation: balance_is_never_negative when the wallet is short for a correction or a payout, owed_is_never_a_credit when more is
-- excused than is owed.
create or replace function post_transfer(
  p_book int, p_cause transfer_cause, p_amount bigint, p_order bigint, p_reference text, p_note text, p_at timestamptz,
  p_downwards boolean default false
) returns bigint language plpgsql as $$
declare
  source ledger_account;
  target ledger_account;
  -- The book afterwards, and how many lines it gained.
  v_line bigint;
  v_wallet bigint;
  v_owed bigint;
  v_gained int;
  -- What the wallet gives or gets, what is missing in it, and what of it pays what is owed.
  v_amount bigint := p_amount;
  v_missing bigint := 0;
  v_settled bigint := 0;
begin
  case p_cause
    when 'deposit' then source := 'paid_in'; target := 'wallet';
    when 'charge' then source := 'wallet'; target := 'sales';
    when 'refund' then source := 'sales'; target := 'wallet';
    when 'compensation' then source := 'given'; target := 'wallet';
    when 'settlement' then source := 'given'; target := 'owed';
    when 'rent' then source := 'wallet'; target := 'sales';
    when 'payout' then source := 'wallet'; target := 'paid_in';
    when 'bonus', 'commission' then source := 'given'; target := 'wallet';
    else source := 'paid_in'; target := 'wallet';
  end case;
  if p_downwards and source <> 'wallet' then target := source; source := 'wallet'; end if;

  if p_downwards and p_cause in ('reversal', 'bonus', 'commission') then
    select least(p_amount, b.wallet) into strict v_amount from books b where b.id = p_book for no key update;
    v_missing := p_amount - v_amount;
  end if;

  update books set
    paid_in = paid_in + case when source = 'paid_in' then -p_amount when target = 'paid_in' then p_amount else 0 end,
    wallet = wallet + case when source = 'wallet' then -v_amount when target = 'wallet' then p_amount - least(p_amount, -owed) else 0 end,
    sales = sales + case when source = 'sales' then -p_amount when target = 'sales' then p_amount else 0 end,
    given = given + case when source = 'given' then -p_amount when target = 'given' then p_amount else 0 end,
    owed = owed - v_missing + case target when 'owed' then p_amount when 'wallet' then least(p_amount, -owed) else 0 end,
    lines = lines + case when target = 'wallet' and owed < 0 then 2 when v_missing > 0 and v_amount > 0 then 2 else 1 end
  where id = p_book
  returning lines, wallet, owed into strict v_line, v_wallet, v_owed;

  -- A book that owed had nothing in its wallet, so what is not there now has paid it.
  if target = 'wallet' and v_wallet < p_amount then v_settled := p_amount - v_wallet; end if;
  v_gained := (v_amount > 0)::int + (v_missing > 0)::int + (v_settled > 0)::int;

  -- An amount of nothing, or below, is refused here by its constraint.
  if v_amount > 0 or v_missing = 0 then
    insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, owed_after, order_id, reference, note, at)
    values (p_book, v_line - v_gained + 1, p_cause, source, target, v_amount, v_wallet + v_settled, case when target = 'owed' then v_owed end, p_order,
      p_reference, p_note, p_at);
  end if;
  if v_missing > 0 then
    insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, owed_after, reference, note, at)
    values (p_book, v_line, p_cause, 'owed', target, v_missing, 0, v_owed, case when v_amount = 0 then p_reference end, p_note, p_at);
  elsif v_settled > 0 then
    insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, owed_after, at)
    values (p_book, v_line, 'settlement', 'wallet', 'owed', v_settled, v_wallet, v_owed, p_at);
  end if;
  return v_line - v_gained + 1;
end $$;
