import type { Queryable } from '../db/pool.ts'

/** Which services staff ask for; null: whatever it is. */
export interface SheetFilter {
  /** Words that the name, the category or the number must have. */
  readonly text: string
  readonly category: string | null
  readonly state: 'on sale' | 'disabled' | 'hidden' | null
  /** The supplier that is asked first. */
  readonly supplier: number | null
  readonly trouble: 'below cost' | 'no supplier' | 'no cost' | 'paused' | null
}

export const WHOLE_SHEET: SheetFilter = { text: '', category: null, state: null, supplier: null, trouble: null }

/** Where a page of the sheet begins: behind, or in front of, a service in the order of the list. */
export interface SheetPlace {
  readonly position: number
  readonly id: number
}

export interface SheetRow extends SheetPlace {
  readonly name: string
  readonly category: string
  readonly type: string
  readonly rate: string
  readonly min: bigint
  readonly max: bigint
  readonly state: 'on sale' | 'disabled' | 'hidden'
  /** Why a sync took it off sale. */
  readonly syncPause: 'cost' | 'gone' | 'type' | null
  /** Of the supplier that is asked first, in the catalogue's currency; null: not known. */
  readonly cost: string | null
  readonly supplier: string | null
  /** How many suppliers can fulfil it. */
  readonly suppliers: number
}

/** The supplier that is asked first, of those that still list the service. */
const FIRST = `
  left join lateral (
    select b.supplier_id, b.cost_rate, b.multiplier from service_suppliers b
    where b.service_id = s.id and b.gone_at is null order by b.position limit 1
  ) c on true`

const ROWS = (services: string) => `
  select s.id, s.position, s.name, s.category, s.type, s.rate, s.min, s.max, s.state, s.sync_pause as "syncPause",
    trim_scale(c.cost_rate::numeric * c.multiplier)::text as cost, p.name as supplier,
    (select count(*)::int from service_suppliers b where b.service_id = s.id) as suppliers
  from ${services} ${FIRST} left join suppliers p on p.id = c.supplier_id`

const TROUBLES: Readonly<Record<NonNullable<SheetFilter['trouble']>, string>> = {
  'below cost': 'c.cost_rate::numeric * c.multiplier > s.rate::numeric',
  'no supplier': 's.supplier_id is null',
  'no cost': 'c.cost_rate is null',
  paused: 's.sync_pause is not null',
}

/** A page of services in the order of the list, behind `from` or, with `backwards`, in front of it. The sheet is never counted. */
export async function readSheet(
  db: Queryable,
  filter: SheetFilter,
  page: { readonly from: SheetPlace | null; readonly backwards?: boolean; readonly most: number },
): Promise<SheetRow[]> {
  const values: unknown[] = []
  const value = (given: unknown) => `$${values.push(given)}`
  const where = conditions(filter, value)
  const { from, backwards = false, most } = page
  if (from !== null) where.push(`(s.position, s.id) ${backwards ? '<' : '>'} (${value(from.position)}::int, ${value(from.id)}::int)`)
  const order = backwards ? 's.position desc, s.id desc' : 's.position, s.id'
  const isOfFirst = filter.supplier !== null || filter.trouble === 'below cost' || filter.trouble === 'no cost'
  // The services of the page are found first: nothing else is read of the others.
  const found = `
    select s.* from services s ${isOfFirst ? FIRST : ''} where ${where.length === 0 ? 'true' : where.join(' and ')} order by ${order} limit ${value(most)}`
  const text = `${ROWS(`(${found}) s`)} order by ${order}`
  const { rows } = await db.query<SheetRow>(text, values)
  return backwards ? rows.toReversed() : rows
}

const MOST_WORDS = 8

function conditions({ text, category, state, supplier, trouble }: SheetFilter, value: (given: unknown) => string): string[] {
  const words = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
  const where = words.map((word) => {
    const like = value(`%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)
    return `(s.name ilike ${like} or s.category ilike ${like} or s.id::text = ${value(word)})`
  })
  if (category !== null) where.push(`s.category = ${value(category)}`)
  if (state !== null) where.push(`s.state = ${value(state)}`)
  if (supplier !== null) {
    const at = value(supplier)
    // As an array: the services that it could fulfil are looked up by their numbers.
    where.push(`s.id = any (array(select o.service_id from service_suppliers o where o.supplier_id = ${at})) and c.supplier_id = ${at}`)
  }
  if (trouble !== null) where.push(TROUBLES[trouble])
  return where
}

const VALUES = `${ROWS('services s')} where s.id = any($1::int[])`

/** These services, in no order. */
export async function readSheetRows(db: Queryable, services: readonly number[]): Promise<SheetRow[]> {
  return (await db.query<SheetRow>({ name: 'rows of the sheet', text: VALUES, values: [services] })).rows
}
