import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { inWords } from './terms.ts'

/** What staff edit of a service, under the names of the table's columns. */
export interface ServiceValues {
  readonly name: string
  readonly category: string
  readonly description: string
  readonly rate: string
  readonly min: number
  readonly max: number
  readonly dripfeed: boolean
  readonly refill: boolean
  readonly cancel: boolean
  /** Days after completion; null: for ever. */
  readonly refill_days: number | null
  readonly one_active_link: boolean
  readonly state: 'on sale' | 'disabled' | 'hidden'
  /** When every supplier has refused an order: cancel it with its refund, or keep it for staff. */
  readonly when_all_refuse: 'cancel' | 'attention'
  readonly when_cost_passes: 'raise' | 'pause' | 'flag'
  readonly start_within: number | null
  readonly finish_within: number | null
  readonly compensation_basis_points: number | null
  readonly refill_count: number | null
  readonly translations: object
}

/** Some values of a service; an absent one stays as it is, null is a value. */
export type SomeValues = { readonly [column in keyof ServiceValues]?: ServiceValues[column] | undefined }

export interface ServiceRow {
  readonly service: number
  readonly values: SomeValues
}

const COLUMNS: readonly string[] = [
  'name', 'category', 'description', 'rate', 'min', 'max', 'dripfeed', 'refill', 'cancel', 'refill_days', 'one_active_link', 'state',
  'when_all_refuse', 'when_cost_passes', 'start_within', 'finish_within', 'compensation_basis_points', 'refill_count', 'translations',
] // prettier-ignore

export function isServiceColumn(name: string): name is keyof ServiceValues {
  return COLUMNS.includes(name)
}

// A state that is given ends the pause of a sync, also when the service is disabled already.
const CHANGE = `
  update services s set (${COLUMNS.join(', ')}) = (
      select ${COLUMNS.map((name) => `c.${name}`).join(', ')} from jsonb_populate_record(s, v."values") c),
    sync_pause = case when v."values" ? 'state' then null else s.sync_pause end
  from jsonb_to_recordset($1::jsonb) as v(service int, "values" jsonb) where s.id = v.service
  returning s.id`

/**
 * Changes services, all or none. Orders that are under way keep their price and their promises. Throws a Refusal for an unknown service, and for
 * settings that contradict each other.
 */
export async function changeServices(tx: Queryable, rows: readonly ServiceRow[]): Promise<void> {
  const result = await tx.query<{ id: number }>(CHANGE, [JSON.stringify(rows)]).catch((error: unknown) => {
    throw inWords(error)
  })
  const changed = new Set(result.rows.map(({ id }) => id))
  const missing = rows.find(({ service }) => !changed.has(service))
  if (missing) throw refuse('unknown_service', missing.service)
}

const HOLD = `
  select s.id, to_jsonb(s) as "values" from services s where s.id = any($1::int[]) order by s.id for no key update`

/** The services as they are, held until the end of the transaction. Throws a Refusal for an unknown one. */
export async function holdServices(tx: Queryable, services: readonly number[]): Promise<Map<number, ServiceValues>> {
  const { rows } = await tx.query<{ id: number; values: ServiceValues }>(HOLD, [services])
  const held = new Map(rows.map((row) => [row.id, row.values]))
  const missing = services.find((id) => !held.has(id))
  if (missing !== undefined) throw refuse('unknown_service', missing)
  return held
}

/** A value that somebody else changed while it was edited. */
interface Clash {
  readonly service: number
  readonly column: string
  readonly seen: unknown
  readonly is: unknown
  readonly wanted: unknown
}

const MOST_CLASHES = 20

/** Throws a Refusal that tells both values when one of those that were seen is not as it was. What is as it is wanted already does no harm. */
export function refuseClashes(
  held: ReadonlyMap<number, ServiceValues>,
  rows: readonly { readonly service: number; readonly seen: SomeValues; readonly values: SomeValues }[],
): void {
  const clashes: Clash[] = rows.flatMap(({ service, seen, values }) =>
    Object.entries(seen).flatMap(([column, was]) => {
      const is = held.get(service)![column as keyof ServiceValues]
      const wanted = values[column as keyof ServiceValues]
      return was === undefined || isSame(is, was) || isSame(is, wanted) ? [] : [{ service, column, seen: was, is, wanted }]
    }),
  )
  if (clashes.length === 0) return
  const told = clashes.slice(0, MOST_CLASHES).map(clashWords)
  throw refuse('services_changed_meanwhile', told.join('\n'), clashes.length - told.length)
}

export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

function clashWords({ service, column, seen, is, wanted }: Clash): string {
  const word = (value: unknown) =>
    value === null || value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)
  return `service ${service}, ${column.replaceAll('_', ' ')}: it was ${word(seen)}, somebody made it ${word(is)}, and you want ${word(wanted)}`
}

/** The values that differ, before and after, by service: for the log, from which an undo reads them again. */
export function differences(
  held: ReadonlyMap<number, ServiceValues>,
  rows: readonly ServiceRow[],
): { before: { services: Record<number, object> }; after: { services: Record<number, object> } } {
  const told = { before: { services: {} as Record<number, object> }, after: { services: {} as Record<number, object> } }
  for (const { service, values } of rows) {
    const was = held.get(service)!
    const changed = Object.entries(values).filter(
      ([name, value]) => value !== undefined && !isSame(was[name as keyof ServiceValues], value),
    )
    if (changed.length === 0) continue
    told.before.services[service] = Object.fromEntries(changed.map(([name]) => [name, was[name as keyof ServiceValues]]))
    told.after.services[service] = Object.fromEntries(changed)
  }
  return told
}
