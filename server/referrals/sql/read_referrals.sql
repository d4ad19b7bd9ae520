-- Reads what happened in the books of referred accounts since it was last read, behind the commits, and notes it per order. At most so many lines and
-- so many changes of each. Answers how much was read, and whether there may be more. The same line is never read twice: the cursor moves in the
-- transaction that notes it, under the lock of the referral.
create or replace function read_referrals(p_referrals int[], p_most int, p_now timestamptz, out count bigint, out is_behind boolean) language plpgsql as $$
declare
  r record;
  v_lines bigint;
  v_changes bigint;
begin
  count := 0;
  is_behind := false;
  for r in
    select f.*, b.id as book from referrals f join books b on b.account_id = f.account_id and not b.play
    where f.id = any(p_referrals) and f.ended_at is null order by f.id for update of f
  loop
    with lines as materialized (
      select t.line, t.cause, t.taken_from, t.given_to, t.amount, t.order_id, t.at from transfers t
      where t.book_id = r.book and t.line > r.line order by t.line limit p_most
    ),
    of_orders as materialized (
      select l.order_id, sum(l.amount) filter (where l.cause = 'charge') as charged, sum(l.amount) filter (where l.cause <> 'charge') as given_back,
        min(l.at) as at
      from lines l where l.order_id is not null group by l.order_id
    ),
    -- An order is charged once, and before anything of it is given back.
    added as (
      insert into commissions (referral_id, referrer_id, order_id, charged, given_back, at, ripens_at)
      select r.id, r.referrer_id, o.order_id, o.charged, coalesce(o.given_back, 0), o.at,
        case when s.ended then coalesce(s.ended_at, p_now) + make_interval(days => r.days) end
      from of_orders o cross join lateral (select ended, ended_at from orders where id = o.order_id offset 0) s
      where o.charged > 0 order by o.order_id
      returning charged - given_back as kept
    ),
    changed as (
      update commissions c set given_back = c.given_back + o.given_back, due = true
      from of_orders o where o.charged is null and c.order_id = o.order_id
      returning -o.given_back as kept
    ),
    -- A reversal that the wallet could not cover took money that orders had spent; what comes in pays it again. What is excused is never paid.
    owed as (
      select coalesce(sum(case when taken_from = 'owed' then amount when given_to = 'owed' and taken_from = 'wallet' then -amount end), 0) as units from lines
    ),
    sums as (
      select coalesce(sum(kept), 0) as kept from (select kept from added union all select kept from changed) of_all
    ),
    moved as (
      update referrals f set line = coalesce((select max(line) from lines), f.line), kept = f.kept + s.kept, unpaid = greatest(f.unpaid + w.units, 0)
      from sums s, owed w where f.id = r.id
      returning f.kept, f.unpaid
    ),
    not_kept as (
      insert into commissions as c (referral_id, referrer_id, given_back, at, ripens_at)
      select r.id, r.referrer_id, least(m.unpaid, m.kept), p_now, p_now from moved m
      where m.unpaid > 0 or exists (select from commissions k where k.referral_id = r.id and k.order_id is null)
      on conflict (referral_id) where order_id is null do update set given_back = excluded.given_back, due = true
      where c.given_back <> excluded.given_back
    )
    select count(*) into v_lines from lines;

    -- What ended: its own statement, because it needs what the first one has written.
    with changes as materialized (
      select e.change, e.order_id from order_events e where e.book_id = r.book and e.change > r.change order by e.change limit p_most
    ),
    ended as (
      update commissions c set ripens_at = coalesce(o.ended_at, p_now) + make_interval(days => r.days)
      from (select distinct order_id from changes) e cross join lateral (select ended, ended_at from orders where id = e.order_id offset 0) o
      where c.order_id = e.order_id and c.ripens_at is null and o.ended
    ),
    moved as (
      update referrals f set change = s.change from (select max(change) as change from changes) s where f.id = r.id and s.change is not null
    )
    select count(*) into v_changes from changes;

    -- Whoever pays with the card of the referrer is the referrer.
    update referrals f set ended_at = p_now, ended_by_rule = 'same card'
    where f.id = r.id and exists (
      select from saved_cards mine join saved_cards theirs on theirs.method_id = mine.method_id and theirs.card_id = mine.card_id
      where mine.account_id = f.account_id and theirs.account_id = f.referrer_id);

    count := count + v_lines + v_changes;
    is_behind := is_behind or v_lines = p_most or v_changes = p_most;
  end loop;
end $$;
