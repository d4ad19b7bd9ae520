import type { Queryable } from '../db/pool.ts'
import { parseDecimal } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import { compare, isRate, priceFor, readPriceRule, type PriceRule } from './margin.ts'

/** Which services get new prices: these, those of a category, or all (both null). */
export interface Chosen {
  readonly services: readonly number[] | null
  readonly category: string | null
}

/** A margin over the cost, or a change of the price in per cent, which may be negative; rounded up to a multiple of the step. */
export type NewPrice = { readonly margin: string; readonly step: string } | { readonly change: string; readonly step: string }

export interface Repriced {
  readonly priced: readonly { readonly service: number; readonly old: string; readonly new: string }[]
  /** A margin needs a cost, which these services do not have. */
  readonly withoutCost: readonly number[]
}

const CHOSEN = `
  select s.id, s.rate, trim_scale(b.cost_rate::numeric * b.multiplier)::text as cost
  from services s left join lateral (
    select p.cost_rate, p.multiplier from service_suppliers p where p.service_id = s.id and p.gone_at is null order by p.position limit 1
  ) b on true
  where ($1::int[] is null or s.id = any($1)) and ($2::text is null or s.category = $2)
  order by s.position, s.id`

/** Works out new prices. Those that would stay the same are left out. Changes nothing. */
export async function findNewPrices(tx: Queryable, chosen: Chosen, by: NewPrice): Promise<Repriced> {
  const { rows } = await tx.query<{ id: number; rate: string; cost: string | null }>(CHOSEN, [chosen.services, chosen.category])
  if (rows.length === 0) throw chosen.category === null ? refuse('no_services_chosen') : refuse('unknown_category', chosen.category)
  const rule = ruleOf(by)
  const priced: { service: number; old: string; new: string }[] = []
  const withoutCost: number[] = []
  for (const { id, rate, cost } of rows) {
    const from = 'margin' in by ? cost : rate
    if (from === null) {
      withoutCost.push(id)
      continue
    }
    const price = priceFor(readCost(from), rule)
    if (!isRate(price)) throw refuse('not_a_price', id, price)
    if (compare(parseDecimal(price), parseDecimal(rate)) !== 0n) priced.push({ service: id, old: rate, new: price })
  }
  return { priced, withoutCost }
}

function ruleOf(by: NewPrice): PriceRule {
  if ('margin' in by) return readPriceRule({ percent: by.margin, add: '0', step: by.step })
  const isLower = by.change.startsWith('-')
  const rule = readPriceRule({ percent: by.change.replace(/^[+-]/, ''), add: '0', step: by.step })
  return isLower ? { ...rule, percent: { ...rule.percent, digits: -rule.percent.digits } } : rule
}

/** A cost times a multiplier may have more digits than a rate. */
function readCost(text: string) {
  const [whole, fraction = ''] = text.split('.')
  return { digits: BigInt(whole! + fraction), places: fraction.length }
}
