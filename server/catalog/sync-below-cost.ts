import type { Queryable } from '../db/pool.ts'

/** A price below the cost at the supplier that is asked first. */
export interface BelowCost {
  readonly service: number
  /** Null: the service's own rate, for every account without another one. */
  readonly account: number | null
  readonly email: string | null
  /** `rate`, `custom`, or the discount like `5%`. */
  readonly source: string
  readonly price: string
  readonly cost: string
  readonly supplier: string
}

// The arithmetic of price.ts in exact numerics: a custom rate is final, otherwise the rate less the discount.
const BELOW_COST = `
  with cost as (
    select distinct on (b.service_id) b.service_id, s.rate::numeric as rate, b.cost_rate::numeric * b.multiplier as cost, b.supplier_id
    from service_suppliers b join services s on s.id = b.service_id
    where s.state = 'on sale' and b.gone_at is null and ($2::int[] is null or b.service_id = any($2))
    order by b.service_id, b.position
  ),
  discount as (
    select c.service_id, c.supplier_id, c.cost, d.bps, c.rate * (10000 - d.bps) / 10000 as price
    from cost c
    cross join (select distinct discount_basis_points as bps from agreed_discounts where discount_basis_points > 0) d
    where c.rate * (10000 - d.bps) < c.cost * 10000
  ),
  below as (
    select service_id, null::int as account_id, 'rate' as source, rate as price, cost, supplier_id from cost where rate < cost
    union all
    select c.service_id, r.account_id, 'custom', r.rate::numeric, c.cost, c.supplier_id
    from cost c join agreed_rates r on r.service_id = c.service_id where r.rate::numeric < c.cost
    union all
    select d.service_id, a.account_id, trim_scale(d.bps / 100::numeric) || '%', d.price, d.cost, d.supplier_id
    from discount d join agreed_discounts a on a.discount_basis_points = d.bps
    where not exists (select from agreed_rates r where r.account_id = a.account_id and r.service_id = d.service_id)
  )
  select b.service_id as service, b.account_id as account, a.email, b.source, trim_scale(b.price)::text as price,
    trim_scale(b.cost)::text as cost, s.name as supplier
  from below b join suppliers s on s.id = b.supplier_id left join accounts a on a.id = b.account_id
  where a.suspended_at is null
  order by b.service_id, b.account_id nulls first limit $1`

/**
 * Every service on sale (or of these), with every account that pays less for it than it costs. Answers one row more than `most` when there are more.
 */
export async function listBelowCost(db: Queryable, most: number, services: readonly number[] | null = null): Promise<BelowCost[]> {
  return (await db.query<BelowCost>({ name: 'prices below cost', text: BELOW_COST, values: [most + 1, services] })).rows
}
