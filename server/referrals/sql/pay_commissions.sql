-- Pays a referrer what is ripe, in one line of the ledger, when it comes to the minimum: for each line the share of what its order kept by now, less what
-- was paid for it before. What was given back after it had been paid for is taken off here, from what would be paid otherwise; a balance never pays it.
-- Answers the payout and its amount; null: nothing was paid. Two nodes meet at the lock of the referrer, and the second finds nothing due.
create or replace function pay_commissions(p_referrer int, p_minimum bigint, p_now timestamptz, out payout bigint, out amount bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  v_book int;
  v_line bigint;
  v_behind boolean;
  v_lines bigint[];
  v_parts bigint[];
begin
  perform from referrers where account_id = p_referrer for update;
  -- All that is committed is read first: a refund of a moment ago counts.
  loop
    select is_behind into v_behind from read_referrals(array(select id from referrals where referrer_id = p_referrer and ended_at is null order by id), 5000, p_now);
    exit when not v_behind;
  end loop;
  -- Referrals are locked in the order of their ids, like there; those that have ended too.
  perform from referrals where referrer_id = p_referrer order by id for update;

  select array_agg(d.id), array_agg(d.part), sum(d.part) into v_lines, v_parts, amount from (
    select c.id, case when f.ended_at is null then w.part else least(w.part, 0) end as part
    from commissions c join referrals f on f.id = c.referral_id
    cross join lateral (select commission_of(p_kept => c.charged - c.given_back, p_basis_points => f.basis_points) - c.paid as part) w
    where c.referrer_id = p_referrer and c.due and c.ripens_at <= p_now
  ) d;
  if amount is null or amount < greatest(p_minimum, 1) then amount := null; return; end if;

  select id into strict v_book from books where account_id = p_referrer and not play;
  payout := nextval(pg_get_serial_sequence('commission_payouts', 'id'));
  v_line := post_transfer(p_book => v_book, p_cause => 'commission', p_amount => amount, p_order => null, p_reference => 'commission ' || payout,
    p_note => null, p_at => p_now);
  insert into commission_payouts (id, referrer_id, book_id, line, amount, at) values (payout, p_referrer, v_book, v_line, amount, p_now);
  update referrers r set paid = r.paid + pay_commissions.amount where account_id = p_referrer;
  insert into commission_parts (payout_id, commission_id, amount)
  select payout, d.id, d.part from unnest(v_lines, v_parts) as d(id, part) where d.part <> 0;
  update commissions c set paid = c.paid + d.part, due = false from unnest(v_lines, v_parts) as d(id, part) where c.id = d.id;
end $$;
