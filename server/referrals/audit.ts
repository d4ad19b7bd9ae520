import type { Question } from '../ledger/audit.ts'

/** What `docket audit` proves of commissions, from the raw rows. */
export const referralQuestions: readonly Question[] = [
  {
    name: 'commissions_are_explained',
    proves: 'every commission that was booked is a payout, and every payout is the sum of its parts, each of one order',
    checked: "select count(*) from transfers where cause::text = 'commission'",
    offending: `
      with explained as (
        select p.id, p.book_id, p.line, p.amount, coalesce((select sum(s.amount) from commission_parts s where s.payout_id = p.id), 0) as parts
        from commission_payouts p
      )
      select coalesce(t.book_id, e.book_id) as book, coalesce(t.line, e.line) as line, t.amount as booked, e.amount as paid, e.parts
      from (select * from transfers where cause::text = 'commission') t
      full join explained e on e.book_id = t.book_id and e.line = t.line
      where t.amount is distinct from e.amount or e.amount is distinct from e.parts or t.given_to is distinct from 'wallet'`,
  },
  {
    name: 'commissions_follow_their_orders',
    proves:
      'what each commission counts of its order are the lines of the ledger, up to where the book is read, and all of them together what was kept',
    checked: 'select count(*) from commissions where order_id is not null',
    offending: `
      with read as (
        select f.id as referral_id, t.order_id,
          sum(t.amount) filter (where t.cause = 'charge') as charged, coalesce(sum(t.amount) filter (where t.cause <> 'charge'), 0) as given_back
        from referrals f join books b on b.account_id = f.account_id and not b.play
        join transfers t on t.book_id = b.id and t.line <= f.line and t.order_id is not null
        group by f.id, t.order_id having sum(t.amount) filter (where t.cause = 'charge') > 0
      )
      select coalesce(c.referral_id, r.referral_id) as referral, coalesce(c.order_id, r.order_id) as "order", c.charged, r.charged as charged_by_lines,
        c.given_back, r.given_back as given_back_by_lines
      from (select * from commissions where order_id is not null) c
      full join read r on r.referral_id = c.referral_id and r.order_id = c.order_id
      where (c.charged, c.given_back) is distinct from (r.charged, r.given_back)
      union all
      select f.id, null, f.kept, coalesce(sum(c.charged - c.given_back), 0), null, null
      from referrals f left join commissions c on c.referral_id = f.id and c.order_id is not null
      group by f.id having f.kept <> coalesce(sum(c.charged - c.given_back), 0)`,
  },
  {
    name: 'no_more_than_the_share_is_paid',
    proves: 'what was paid for each order are its parts, and its share of what is kept; what was given back since is still to be taken off',
    checked: 'select count(*) from commissions',
    offending: `
      select c.id as commission, c.order_id as "order", c.paid, s.parts, w.share
      from commissions c join referrals f on f.id = c.referral_id
      cross join lateral (select commission_of(p_kept => c.charged - c.given_back, p_basis_points => f.basis_points) as share) w
      cross join lateral (select coalesce(sum(p.amount), 0) as parts from commission_parts p where p.commission_id = c.id) s
      where c.paid <> s.parts or (c.paid > w.share and not c.due) or (c.paid < w.share and not c.due and f.ended_at is null)
        or c.paid > commission_of(p_kept => c.charged, p_basis_points => f.basis_points)`,
  },
]
