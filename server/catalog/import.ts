import { z } from 'zod'
import { serviceTypeByName } from '../../contract/service-types.ts'
import type { Database, Queryable, Transaction } from '../db/pool.ts'
import { shortDecimal } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import { changeCatalogue } from './catalogue.ts'
import { changeServices } from './change-services.ts'
import { KEEP_IDS_AHEAD } from './service-numbers.ts'
import { contradictionIn, inWords, listedTerms, type Terms } from './terms.ts'

const rate = z
  .union([z.string(), z.number().transform((value) => plainNumber(value))])
  .pipe(z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be digits and one dot, like 0.90'))
const whole = z
  .union([z.string().regex(/^\d{1,12}$/), z.number().int().min(0).max(1e12)], 'must be a whole number')
  .transform((value) => Number(value))
const yesNo = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform((word) => word === 'true' || word === '1'),
  z.number().transform((value) => value !== 0),
])

const plainTypes = new Map([...serviceTypeByName.keys()].map((name) => [bareName(name), name]))

/** `custom_comments` and `CUSTOM COMMENTS` both mean Custom Comments. */
function typeNamed(written: string, context: z.RefinementCtx): string {
  const name = plainTypes.get(bareName(written))
  if (name !== undefined) return name
  context.addIssue({ code: 'custom', message: 'is not a known service type' })
  return z.NEVER
}

function bareName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** The values of a new service for fields that the list leaves out; a service that exists keeps its own. */
const NEW_SERVICE = {
  type: 'Default',
  category: '',
  min: 1,
  max: 1_000_000,
  dripfeed: false,
  refill: false,
  cancel: false,
  refill_days: 30,
  description: '',
  one_active_link: false,
} satisfies Partial<z.output<typeof listedService>>

/** A service as the `services` answer shows it, and optional fields that the answer does not show. */
const listedService = z.object({
  service: z.union([z.string().regex(/^[1-9]\d{0,8}$/), z.number().int().positive().max(999_999_999)]).transform(Number),
  name: z.string().trim().min(1).max(1000),
  type: z.string().transform(typeNamed).optional(),
  // Panel scripts in use write null for a service without a category.
  category: z
    .string()
    .trim()
    .max(500)
    .nullable()
    .transform((name) => name ?? '')
    .optional(),
  rate,
  min: whole.optional(),
  max: whole.optional(),
  dripfeed: yesNo.optional(),
  refill: yesNo.optional(),
  cancel: yesNo.optional(),
  refill_days: z.number().int().positive().max(36_500).nullable().optional(),
  description: z.string().max(20_000).optional(),
  one_active_link: yesNo.optional(),
  ...listedTerms,
  // A list without translations leaves those that were entered before.
  translations: z.record(z.string(), z.object({ name: z.string(), category: z.string(), description: z.string() }).partial()).optional(),
})

export type ListedService = z.output<typeof listedService>

/** A JSON number as plain digits: nobody means 1e-7 as a rate. */
function plainNumber(value: number): string {
  const text = String(value)
  return /e/i.test(text) ? shortDecimal(value.toFixed(12)) : text
}

const MOST_FAULTS = 100

/** Where and why a list is refused: `entry 3, service 101: rate "1,250.00" must be digits and one dot`. */
function faultIn(list: unknown, { path, message }: z.core.$ZodIssue): string {
  const [index, field] = path
  if (typeof index !== 'number') return `the file: ${message}`
  const entry = (list as readonly unknown[])[index] as Record<string, unknown> | null
  const isNumbered = typeof entry?.['service'] === 'number' || typeof entry?.['service'] === 'string'
  const place = `entry ${index + 1}${isNumbered ? `, service ${String(entry['service'])}` : ''}`
  if (typeof field !== 'string') return `${place}: ${message}`
  const given = entry?.[field]
  return `${place}: ${field} ${given === undefined ? '' : `${JSON.stringify(given).slice(0, 80)} `}${message}`
}

/** Reads a JSON array of services. Throws one Refusal that names every fault and its place. */
export function readServiceList(text: string): ListedService[] {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw refuse('no_json_file', (error as Error).message)
  }
  const parsed = z.array(listedService).safeParse(value)
  if (!parsed.success) {
    const faults = parsed.error.issues.slice(0, MOST_FAULTS).map((issue) => faultIn(value, issue))
    const further = parsed.error.issues.length - faults.length
    const rest = further > 0 ? `\nand ${further} more` : ''
    throw refuse('malformed_file', `${faults.length === 1 ? ' ' : '\n'}${faults.join('\n')}${rest}`)
  }
  const seen = new Set<number>()
  for (const service of parsed.data) {
    if (service.min !== undefined && service.max !== undefined && service.min > service.max)
      throw refuse('malformed_file', ` Service ${service.service}: min is above max`)
    const contradiction = contradictionIn(service)
    if (contradiction) throw refuse('malformed_file', ` Service ${service.service}: ${contradiction}`)
    if (seen.has(service.service)) throw refuse('malformed_file', ` Service ${service.service} is listed twice`)
    seen.add(service.service)
  }
  return parsed.data
}

// One statement imports 5,000 services. Terms that the list leaves out stay as they are; only when_missed can remove a compensation.
const IMPORT = `
  with listed as (
    select t.*, e.n::int, s.start_within as old_start, s.finish_within as old_finish, s.compensation_basis_points as old_share, s.refill_count as old_count,
      s.translations as old_words,
      e.entry ? 'start_within' as has_start, e.entry ? 'finish_within' as has_finish, e.entry ? 'refill_count' as has_count,
      e.entry ? 'compensation_basis_points' or e.entry ->> 'when_missed' = 'cancel' as has_share
    from jsonb_array_elements($1::jsonb) with ordinality as e(entry, n)
    cross join lateral jsonb_to_record(e.entry) as t(service int, name text, type text, category text, rate text, min bigint, max bigint,
      dripfeed boolean, refill boolean, cancel boolean, refill_days int, description text, one_active_link boolean, translations jsonb,
      start_within int, finish_within int, compensation_basis_points int, refill_count int)
    left join services s on s.id = t.service
  ),
  last as (select coalesce(max(position), 0) as position from services)
  insert into services as s (id, position, name, type, category, rate, min, max, dripfeed, refill, cancel, refill_days, description,
    one_active_link, translations, start_within, finish_within, compensation_basis_points, refill_count)
  select l.service, last.position + l.n, l.name, l.type, l.category, l.rate, l.min, l.max, l.dripfeed, l.refill, l.cancel,
    l.refill_days, l.description, l.one_active_link, coalesce(l.translations, l.old_words, '{}'),
    case when l.has_start then l.start_within else l.old_start end, case when l.has_finish then l.finish_within else l.old_finish end,
    case when l.has_share then l.compensation_basis_points else l.old_share end, case when l.has_count then l.refill_count else l.old_count end
  from listed l, last order by l.n
  on conflict (id) do update set name = excluded.name, type = excluded.type, category = excluded.category, rate = excluded.rate,
    min = excluded.min, max = excluded.max, dripfeed = excluded.dripfeed, refill = excluded.refill, cancel = excluded.cancel,
    refill_days = excluded.refill_days, description = excluded.description, one_active_link = excluded.one_active_link,
    translations = excluded.translations, start_within = excluded.start_within, finish_within = excluded.finish_within,
    compensation_basis_points = excluded.compensation_basis_points, refill_count = excluded.refill_count
  returning (xmax = 0) as added`

/** Adds new services under their own ids, and updates those that exist; services that are not on the list stay as they are. */
export function importServices(
  db: Database | Transaction,
  services: readonly ListedService[],
  dryRun = false,
): Promise<{ added: number; updated: number }> {
  if (services.length === 0) return Promise.resolve({ added: 0, updated: 0 })
  return changeCatalogue(db, async (tx) => {
    const whole = await completed(tx, services)
    const { rows } = await tx.query<{ added: boolean }>(IMPORT, [JSON.stringify(whole)]).catch((error: unknown) => {
      throw inWords(error)
    })
    // A sequence is not rolled back.
    if (!dryRun) await tx.query(KEEP_IDS_AHEAD)
    const added = rows.filter((row) => row.added).length
    return { added, updated: rows.length - added }
  })
}

const READ_KNOWN = `
  select id as service, type, category, min, max, dripfeed, refill, cancel, refill_days, description, one_active_link from services
  where id = any($1::int[]) order by id for update`

/** Fills in the fields that the list leaves out: from the existing service, or from the defaults of a new one. */
async function completed(tx: Queryable, services: readonly ListedService[]) {
  const { rows } = await tx.query<Omit<typeof NEW_SERVICE, 'min' | 'max'> & { service: number; min: bigint; max: bigint }>(READ_KNOWN, [
    services.map(({ service }) => service),
  ])
  const known = new Map(rows.map((row) => [row.service, { ...row, min: Number(row.min), max: Number(row.max) }]))
  return services.map((listed) => ({ ...NEW_SERVICE, ...known.get(listed.service), ...listed }))
}

/** An absent value stays as it is, null is a value. */
export interface ServiceChange {
  readonly name?: string | undefined
  readonly category?: string | undefined
  readonly description?: string | undefined
  readonly refillDays?: number | null | undefined
  readonly rate?: string | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly state?: 'on sale' | 'disabled' | 'hidden' | undefined
  readonly cancel?: boolean | undefined
  readonly refill?: boolean | undefined
  readonly dripfeed?: boolean | undefined
  readonly oneActiveLink?: boolean | undefined
  /** When every supplier has refused an order: cancel it with its refund, or keep it for staff. */
  readonly whenAllRefuse?: 'cancel' | 'attention' | undefined
  readonly startWithin?: Terms['startWithin'] | undefined
  readonly finishWithin?: Terms['finishWithin'] | undefined
  readonly compensationBasisPoints?: Terms['compensationBasisPoints'] | undefined
  readonly refillCount?: Terms['refillCount'] | undefined
}

/**
 * Changes one service. Orders that are under way keep their price and their promises. Throws a Refusal for an unknown service, and for settings that
 * contradict each other.
 */
export async function setService(tx: Queryable, id: number, change: ServiceChange): Promise<void> {
  const { oneActiveLink, whenAllRefuse, startWithin, finishWithin, compensationBasisPoints, refillCount, refillDays, ...same } = change
  const values = {
    ...same,
    refill_days: refillDays,
    one_active_link: oneActiveLink,
    when_all_refuse: whenAllRefuse,
    start_within: startWithin,
    finish_within: finishWithin,
    compensation_basis_points: compensationBasisPoints,
    refill_count: refillCount,
  }
  await changeServices(tx, [{ service: id, values }])
}

const SET_CUSTOM_RATE = `
  insert into custom_rates (account_id, service_id, rate) values ($1, $2, $3)
  on conflict (account_id, service_id) do update set rate = excluded.rate`
const DROP_CUSTOM_RATE = 'delete from custom_rates where account_id = $1 and service_id = $2'

/** Agrees a rate with an account, or ends the agreement. */
export async function setCustomRate(tx: Queryable, accountId: number, serviceId: number, customRate: string | null): Promise<void> {
  if (customRate === null) await tx.query(DROP_CUSTOM_RATE, [accountId, serviceId])
  else await tx.query(SET_CUSTOM_RATE, [accountId, serviceId, customRate])
}
