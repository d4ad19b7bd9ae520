import type { Queryable } from '../db/pool.ts'

/** How the prices of an account differ from the catalogue. */
export interface PriceList {
  /** Hundredths of a per cent off every service without an agreed rate: the account's own discount or its group's, whichever is larger. */
  readonly discountBasisPoints: number
  /** Service id → the rate agreed with this account, or else with its group. */
  readonly customRates: ReadonlyMap<number, string>
}

/** How the prices of an account differ, and the catalogue's version when they were read. */
export interface AgreedPrices {
  readonly prices: PriceList
  readonly pricesVersion: bigint
}

/** The two columns of an account `a` that `priceListOf` reads. */
export const AGREED_COLUMNS = `
    (select d.discount_basis_points from agreed_discounts d where d.account_id = a.id) as "discountBasisPoints",
    (select jsonb_object_agg(r.service_id, r.rate) from agreed_rates r where r.account_id = a.id) as "customRates"`

const PRICES = `
  select (select c.version from catalogue c) as "pricesVersion", ${AGREED_COLUMNS}
  from accounts a where a.id = $1`

/** The prices of an account for orders without a request: the posts of its subscriptions. */
export async function readPrices(db: Queryable, accountId: number): Promise<AgreedPrices> {
  const { rows } = await db.query<{ pricesVersion: bigint; discountBasisPoints: number; customRates: Record<string, string> | null }>({
    name: 'prices of an account',
    text: PRICES,
    values: [accountId],
  })
  return { prices: priceListOf(rows[0]!), pricesVersion: rows[0]!.pricesVersion }
}

export function priceListOf(row: { discountBasisPoints: number; customRates: Record<string, string> | null }): PriceList {
  const customRates = new Map(Object.entries(row.customRates ?? {}).map(([id, rate]) => [Number(id), rate]))
  return { discountBasisPoints: row.discountBasisPoints, customRates }
}
