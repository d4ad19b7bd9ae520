import type { Queryable } from '../db/pool.ts'

/** The rate that an account pays for a service by agreement. */
export interface CustomRate {
  readonly account: number
  readonly email: string
  readonly service: number
  readonly name: string
  readonly customRate: string
  /** The rate that others pay, before their discounts. */
  readonly rate: string
}

const CUSTOM_RATES = `
  select r.account_id as account, a.email, r.service_id as service, s.name, r.rate as "customRate", s.rate
  from custom_rates r join accounts a on a.id = r.account_id join services s on s.id = r.service_id
  where $1::int is null or r.account_id = $1 order by r.account_id, s.position, s.id`

export async function listCustomRates(db: Queryable, accountId: number | null): Promise<CustomRate[]> {
  return (await db.query<CustomRate>(CUSTOM_RATES, [accountId])).rows
}
