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
  b books;
  v_lines bigint;
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
    when 'payout' then source := 'wallet'; target := 'paid_in';
    when 'bonus', 'commission' then source := 'given'; target := 'wallet';
    else source := 'paid_in'; target := 'wallet';
  end case;
  if p_downwards and source <> 'wallet' then target := source; source := 'wallet'; end if;

  select * into strict b from books where id = p_book for no key update;
  if p_downwards and p_cause in ('reversal', 'bonus', 'commission') then
    v_amount := least(p_amount, b.wallet);
    v_missing := p_amount - v_amount;
  elsif target = 'wallet' then
    v_settled := least(p_amount, -b.owed);
  end if;

  update books set
    paid_in = paid_in + case when source = 'paid_in' then -p_amount when target = 'paid_in' then p_amount else 0 end,
    wallet = wallet + case when source = 'wallet' then -v_amount when target = 'wallet' then v_amount - v_settled else 0 end,
    sales = sales + case when source = 'sales' then -p_amount when target = 'sales' then p_amount else 0 end,
    given = given + case when source = 'given' then -p_amount when target = 'given' then p_amount else 0 end,
    owed = owed + v_settled - v_missing + case when target = 'owed' then p_amount else 0 end,
    lines = lines + (v_amount > 0)::int + (v_missing > 0)::int + (v_settled > 0)::int
  where id = p_book
  returning lines into v_lines;

  insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, owed_after, order_id, reference, note, at)
  select p_book, b.lines + row_number() over (order by part.number), part.cause, part.taken_from, part.given_to, part.amount, part.wallet_after,
    case when part.taken_from = 'owed' or part.given_to = 'owed' then part.owed_after end,
    case when part.cause = p_cause then p_order end, case when part.number = v_first then p_reference end,
    case when part.cause = p_cause then p_note end, p_at
  from (select case when v_amount > 0 then 1 else 2 end as v_first) first, (values
    (1, p_cause, source, target, v_amount,
      b.wallet + case when source = 'wallet' then -v_amount when target = 'wallet' then v_amount else 0 end,
      b.owed + case when target = 'owed' then p_amount else 0 end),
    (2, p_cause, 'owed'::ledger_account, target, v_missing, 0::bigint, b.owed - v_missing),
    (3, 'settlement'::transfer_cause, 'wallet'::ledger_account, 'owed'::ledger_account, v_settled, b.wallet + v_amount - v_settled, b.owed + v_settled)
  ) as part(number, cause, taken_from, given_to, amount, wallet_after, owed_after)
  where part.amount > 0;
  return b.lines + 1;
end $$;
