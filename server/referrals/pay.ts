import { sqlFunction } from '../db/call.ts'
import { BEGIN_BY_INDEX, type Database, transaction } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { eachByItself } from '../loops/by-itself.ts'

const PAY = sqlFunction('pay_commissions', ['referrer', 'minimum', 'now'], { columns: 'payout, amount' })
const TO_PAY = `
  select c.referrer_id as "referrerId" from commissions c join referrals f on f.id = c.referral_id
  join accounts a on a.id = c.referrer_id and a.suspended_at is null
  cross join lateral (select commission_of(p_kept => c.charged - c.given_back, p_basis_points => f.basis_points) - c.paid as part) w
  where c.due and c.ripens_at <= $1
  group by c.referrer_id having sum(case when f.ended_at is null then w.part else least(w.part, 0) end) >= greatest($2::bigint, 1)
  order by c.referrer_id`

/** Pays all who have come to the minimum. Answers how many were paid. Each is paid in a transaction of its own, once, whoever else does the same. */
export async function payDueCommissions(db: Database, { least }: { readonly least: Units }, now: Date): Promise<number> {
  const { rows } = await db.query<{ referrerId: number }>({ name: 'commissions to pay', text: TO_PAY, values: [now, least] })
  let paid = 0
  await eachByItself(rows, async ({ referrerId }) => {
    const call = PAY.call({ referrer: referrerId, minimum: least, now })
    const { rows: payouts } = await transaction(db, (tx) => tx.query<{ payout: bigint | null }>(call), BEGIN_BY_INDEX)
    if (payouts[0]!.payout !== null) paid += 1
  })
  return paid
}
