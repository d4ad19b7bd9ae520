import type { Queryable } from '../db/pool.ts'
import { type Decimal, parseDecimal } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import { type PriceRule, readPriceRule, withoutPercentSign } from './margin.ts'

/** How the operator turns a supplier's costs into prices. Absent fields stay as they are. */
export interface PriceSettings {
  readonly percent?: string | undefined
  readonly add?: string | undefined
  readonly step?: string | undefined
  /** The value of one unit of the supplier's currency in the catalogue's; null: removes the rate. */
  readonly exchange?: { readonly currency: string; readonly rate: string } | null | undefined
  readonly hourly?: boolean | undefined
}

const SET = `
  insert into price_lists as l (supplier_id, margin_percent, margin_add, rounding_step, exchange_currency, exchange_rate, hourly, due_at)
  values ($1, coalesce($2, '0'), coalesce($3, '0'), coalesce($4, '0.0001'), $6, $7, coalesce($8, true), $9)
  on conflict (supplier_id) do update set margin_percent = coalesce($2, l.margin_percent), margin_add = coalesce($3, l.margin_add),
    rounding_step = coalesce($4, l.rounding_step), exchange_currency = case when $5 then $6 else l.exchange_currency end,
    exchange_rate = case when $5 then $7 else l.exchange_rate end, hourly = coalesce($8, l.hourly)`

/** Sets up reading a supplier's list, or changes how it is read. Throws a Refusal for a rule that cannot be read. */
export async function setPriceSettings(db: Queryable, supplierId: number, settings: PriceSettings, now: Date): Promise<void> {
  const { percent, add, step, exchange, hourly } = settings
  readPriceRule({ percent: percent ?? '0', add: add ?? '0', step: step ?? '1' })
  if (exchange) readExchangeRate(exchange.rate)
  const bare = percent === undefined ? undefined : withoutPercentSign(percent)
  const values = [bare, add, step, exchange !== undefined, exchange?.currency.toUpperCase(), exchange?.rate, hourly]
  await db.query(SET, [supplierId, ...values.map((value) => value ?? null), now])
}

/** The settings in force, for a person to read. */
export interface PriceSettingsInForce {
  readonly percent: string
  readonly add: string
  readonly step: string
  readonly exchangeCurrency: string | null
  readonly exchangeRate: string | null
  readonly hourly: boolean
}

const IN_FORCE = `
  select margin_percent as percent, margin_add as add, rounding_step as step, exchange_currency as "exchangeCurrency",
    exchange_rate as "exchangeRate", hourly
  from price_lists where supplier_id = $1`

/** Undefined: nothing was set, and the list was never read. */
export async function showPriceSettings(db: Queryable, supplierId: number): Promise<PriceSettingsInForce | undefined> {
  return (await db.query<PriceSettingsInForce>(IN_FORCE, [supplierId])).rows[0]
}

function readExchangeRate(text: string): Decimal {
  if (!/^\d{1,12}(\.\d{1,12})?$/.test(text) || !/[1-9]/.test(text)) throw refuse('incorrect_exchange_rate', text)
  return parseDecimal(text)
}

/** A reading of a supplier's list that is under way. */
export interface Reading {
  readonly supplierId: number
  readonly number: bigint
}

const LEASE_SECONDS = 300
const READING = 'l.supplier_id as "supplierId", l.reading as number'
const TAKE_DUE = `
  update price_lists l set reading = l.reading + 1, reading_until = $2
  where l.supplier_id = (
    select d.supplier_id from price_lists d join suppliers s on s.id = d.supplier_id
    where d.hourly and d.due_at <= $1 and (d.reading_until is null or d.reading_until <= $1) and not s.paused and s.protocol = 'api-v2'
    order by d.due_at limit 1 for update of d skip locked
  )
  returning ${READING}`
const TAKE = `
  update price_lists l set reading = l.reading + 1, reading_until = $3
  where l.supplier_id = $1 and (l.reading_until is null or l.reading_until <= $2) returning ${READING}`

/** Begins the reading that has been due longest. */
export async function takeDueReading(db: Queryable, now: Date): Promise<Reading | undefined> {
  return (await db.query<Reading>(TAKE_DUE, [now, leaseEnd(now)])).rows[0]
}

/** Begins a reading by hand. Throws a Refusal while another one is under way. */
export async function takeReading(db: Queryable, supplierId: number, now: Date): Promise<Reading> {
  await setPriceSettings(db, supplierId, {}, now)
  const { rows } = await db.query<Reading>(TAKE, [supplierId, now, leaseEnd(now)])
  if (!rows[0]) throw refuse('list_being_read')
  return rows[0]
}

function leaseEnd(now: Date): Date {
  return new Date(now.getTime() + LEASE_SECONDS * 1000)
}

const RELEASE =
  'update price_lists set reading_until = null, due_at = $3 where supplier_id = $1 and reading = $2 and reading_until is not null'

/** Ends a reading that was not accepted, and sets when the next one is due. Does nothing to one that was. */
export async function releaseReading(db: Queryable, { supplierId, number }: Reading, nextAt: Date): Promise<void> {
  await db.query(RELEASE, [supplierId, number, nextAt])
}

/** The settings and facts that a reading works with. */
export interface PriceListRow {
  readonly rule: PriceRule
  readonly exchange: { readonly currency: string; readonly rate: Decimal } | null
  /** The catalogue's currency. */
  readonly currency: string
  /** The ids on the last list that was accepted; before the first list, the ids that are bound. */
  readonly listed: readonly string[]
}

const READ = `
  select l.margin_percent as percent, l.margin_add as add, l.rounding_step as step, l.exchange_currency as "exchangeCurrency",
    l.exchange_rate as "exchangeRate", c.currency,
    case when l.read_at is not null then l.listed
      else array(select b.their_service from service_suppliers b where b.supplier_id = l.supplier_id and b.their_service <> '') end as listed
  from price_lists l cross join catalogue c where l.supplier_id = $1`

export async function readPriceList(db: Queryable, supplierId: number): Promise<PriceListRow> {
  const { rows } = await db.query<{
    percent: string
    add: string
    step: string
    exchangeCurrency: string | null
    exchangeRate: string | null
    currency: string
    listed: string[]
  }>(READ, [supplierId])
  const { percent, add, step, exchangeCurrency, exchangeRate, currency, listed } = rows[0]!
  const exchange = exchangeCurrency === null ? null : { currency: exchangeCurrency, rate: parseDecimal(exchangeRate!) }
  return { rule: readPriceRule({ percent, add, step }), exchange, currency, listed }
}

const HOLD = 'select reading from price_lists where supplier_id = $1 for update'
const BELIEVE = 'update price_lists set read_at = $2, listed = $3, reading_until = null, due_at = $4 where supplier_id = $1'

/** Locks the reading until the commit. False: it took so long that another one has begun, so its list may be the older one. */
export async function holdReading(tx: Queryable, { supplierId, number }: Reading): Promise<boolean> {
  const { rows } = await tx.query<{ reading: bigint }>(HOLD, [supplierId])
  return rows[0]?.reading === number
}

/** Stores the list as accepted, which ends its reading: the next list is compared with it. */
export async function believeList(
  tx: Queryable,
  supplierId: number,
  accepted: { readonly listed: readonly string[]; readonly at: Date; readonly nextAt: Date },
): Promise<void> {
  await tx.query(BELIEVE, [supplierId, accepted.at, accepted.listed, accepted.nextAt])
}

const SET_CURRENCY = 'update catalogue set currency = $1'

/** The currency of all rates and costs. */
export async function setCatalogueCurrency(db: Queryable, currency: string): Promise<void> {
  if (!/^[A-Z]{3}$/.test(currency)) throw refuse('incorrect_currency', currency)
  await db.query(SET_CURRENCY, [currency])
}

export async function catalogueCurrency(db: Queryable): Promise<string> {
  return (await db.query<{ currency: string }>('select currency from catalogue')).rows[0]!.currency
}

const SET_WHEN_COST_PASSES = `
  update services set when_cost_passes = $2 where ($1::int[] is null or id = any($1)) and when_cost_passes <> $2 returning id`

/** Sets how a sync reacts when these services (null: all) cost more than their price. Answers how many changed. */
export async function setWhenCostPasses(
  tx: Queryable,
  services: readonly number[] | null,
  way: 'raise' | 'pause' | 'flag',
): Promise<number> {
  return (await tx.query(SET_WHEN_COST_PASSES, [services, way])).rowCount ?? 0
}
