import type { Queryable } from '../db/pool.ts'
import { type BeforeAndAfter, DISCOUNT_AFTER, IS, isSamePrice, pricesOf, VALUE_AFTER, valuesAfter, WAS } from './price-changes.ts'

/** What of a service on sale may change, beside its price. */
export const publicFields = [
  'name', 'category', 'type', 'min', 'max', 'dripfeed', 'refill', 'cancel', 'refill days', 'start within', 'finish within',
] as const // prettier-ignore
export type PublicField = (typeof publicFields)[number]

/** A change of a service that everybody may know; prices are those of the caller, or of new accounts. */
export interface PublicChange {
  readonly number: bigint
  readonly at: Date
  readonly service: number
  /** What it was called then. */
  readonly name: string
  readonly what: 'added' | 'ended' | 'rate' | PublicField
  readonly old: string | null
  readonly now: string | null
}

const LINES_AT_ONCE = 100
const MOST_LOOKED_THROUGH = 2000

const LINES = `
  select c.number, c.at, c.what, c.service_id as service, c.old as "wasNoted", c.new as "isNoted",
    ${VALUE_AFTER.within({ number: 'c.number', service: 'c.service_id', account: 'null', what: "'name'", now: 's.name' })} as name,
    ${valuesAfter({ number: 'c.number - 1', service: 'c.service_id', account: '$1::int' }, WAS)},
    ${valuesAfter({ number: 'c.number', service: 'c.service_id', account: '$1::int' }, IS)},
    coalesce(${DISCOUNT_AFTER.within({ number: 'c.number - 1', account: 'a.account_id', now: 'a.discount_basis_points' })}, 0) as "oldDiscount",
    coalesce(${DISCOUNT_AFTER.within({ number: 'c.number', account: 'a.account_id', now: 'a.discount_basis_points' })}, 0) as discount
  from service_changes c
  left join services s on s.id = c.service_id
  left join agreed_rates r on r.service_id = c.service_id and r.account_id = $1::int
  left join agreed_discounts a on a.account_id = $1::int
  where c.number < $2 and c.service_id is not null and c.account_id is null and c.supplier_id is null
    and c.what in ('state', 'rate', ${publicFields.map((field) => `'${field}'`).join(', ')})
  order by c.number desc limit ${LINES_AT_ONCE}`

type Line = BeforeAndAfter & {
  number: bigint
  at: Date
  what: 'state' | 'rate' | PublicField
  wasNoted: string | null
  isNoted: string | null
  name: string | null
}

/**
 * The newest changes of what is on sale, before a given row of the trail; newest first. `before` is where the next page begins; null at the end of the
 * trail. Without an account: at the prices of new accounts. What happened while a service was not on sale is not told.
 */
export async function readPublicChanges(
  db: Queryable,
  { accountId, before, most }: { readonly accountId: number | null; readonly before: bigint; readonly most: number },
): Promise<{ readonly changes: PublicChange[]; readonly before: bigint | null }> {
  const changes: PublicChange[] = []
  let cursor = before
  for (let looked = 0; looked < MOST_LOOKED_THROUGH; looked += LINES_AT_ONCE) {
    const { rows } = await db.query<Line>({ name: 'public changes', text: LINES, values: [accountId, cursor] })
    for (const row of rows) {
      const change = changeOf(row)
      if (change) changes.push(change)
      if (changes.length === most) return { changes, before: row.number }
    }
    if (rows.length < LINES_AT_ONCE) return { changes, before: null }
    cursor = rows.at(-1)!.number
  }
  return { changes, before: cursor }
}

const ON_SALE = 'on sale'

function changeOf(line: Line): PublicChange | undefined {
  const { number, at, service, what, wasNoted: old, isNoted: now } = line
  const told = { number, at, service, name: line.name ?? String(service) }
  if (what === 'state') {
    if (now === ON_SALE) return { ...told, what: 'added', old: null, now: null }
    return old === ON_SALE ? { ...told, what: 'ended', old: null, now: null } : undefined
  }
  if (line.oldState !== ON_SALE || line.state !== ON_SALE) return undefined
  if (what !== 'rate') return { ...told, what, old, now }
  // A new service has its price from the beginning.
  if (old === null || now === null) return undefined
  const { old: oldRate, rate } = pricesOf(line)
  return isSamePrice(oldRate, rate) ? undefined : { ...told, what, old: oldRate, now: rate }
}

const MOMENT_OF = 'select at from service_changes where number <= $1 order by number desc limit 1'

/** When a row of the trail was written; undefined: before all of them. */
export async function momentOfChange(db: Queryable, number: bigint): Promise<Date | undefined> {
  return (await db.query<{ at: Date }>({ name: 'moment of a change', text: MOMENT_OF, values: [number] })).rows[0]?.at
}
