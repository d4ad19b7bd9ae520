import type { Queryable } from '../db/pool.ts'
import { type BelowCost, listBelowCost } from './sync-below-cost.ts'

/** What new prices do to customers and to the margin. */
export interface PriceEffects {
  /** Accounts with an agreed rate for one of these services: the new price does not reach them. */
  readonly agreed: readonly { readonly account: number; readonly email: string; readonly service: number; readonly rate: string }[]
  readonly more_agreed: boolean
  /** How many accounts pay the new price less which discount. */
  readonly discounts: readonly { readonly discount_percent: number; readonly accounts: number }[]
  /** Prices that are below cost now, and were not before. */
  readonly below_cost: readonly BelowCost[]
}

const MOST_TOLD = 100
const MOST_BELOW = 2000

const AGREED = `
  select r.account_id as account, a.email, r.service_id as service, r.rate
  from agreed_rates r join accounts a on a.id = r.account_id
  where r.service_id = any($1::int[]) and a.suspended_at is null order by r.service_id, r.account_id limit ${MOST_TOLD + 1}`
const DISCOUNTS = `
  select d.discount_basis_points / 100.0 as percent, count(*)::int as accounts
  from agreed_discounts d where d.discount_basis_points > 0 group by 1 order by 1`

/** What was below cost before, to be compared with afterwards. */
export async function belowCostOf(tx: Queryable, services: readonly number[]): Promise<readonly BelowCost[]> {
  return services.length === 0 ? [] : listBelowCost(tx, MOST_BELOW, services)
}

/** Asked in the transaction that has set the new prices; `before` is what was below cost until then. */
export async function readPriceEffects(tx: Queryable, services: readonly number[], before: readonly BelowCost[]): Promise<PriceEffects> {
  const { rows: agreed } = await tx.query<PriceEffects['agreed'][number]>(AGREED, [services])
  const { rows: discounts } = await tx.query<{ percent: string; accounts: number }>(DISCOUNTS)
  const nameOf = ({ service, account }: BelowCost) => `${service} ${account ?? ''}`
  const known = new Set(before.map(nameOf))
  return {
    agreed: agreed.slice(0, MOST_TOLD),
    more_agreed: agreed.length > MOST_TOLD,
    discounts: discounts.map(({ percent, accounts }) => ({ discount_percent: Number(percent), accounts })),
    below_cost: (await belowCostOf(tx, services)).filter((each) => !known.has(nameOf(each))),
  }
}
