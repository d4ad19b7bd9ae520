import type { Queryable } from '../db/pool.ts'

/** How the prices of an account differ from the catalogue. */
export interface PriceList {
  /** Hundredths of a per cent off every service without a custom rate. */
  readonly discountBasisPoints: number
  /** Service id → the rate agreed with this account. */
  readonly customRates: ReadonlyMap<number, string>
}

/** How the prices of an account differ, and the catalogue's version when they were read. */
export interface AgreedPrices {
  readonly prices: PriceList
  readonly pricesVersion: bigint
}

const PRICES = `
  select (select c.version from catalogue c) as "pricesVersion", a.discount_basis_points as "discountBasisPoints",
    (select jsonb_object_agg(r.service_id, r.rate) from custom_rates r where r.account_id = a.id) as "customRates"
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
