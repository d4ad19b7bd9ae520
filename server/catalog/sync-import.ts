import type { Queryable } from '../db/pool.ts'
import { parseDecimal } from '../ledger/money.ts'
import { compare, isRate, priceFor, type PriceRule } from './margin.ts'
import { HOLD_NUMBERS, KEEP_IDS_AHEAD, NEXT_NUMBER } from './service-numbers.ts'
import { isReadable, type Offer } from './sync-decide.ts'

export interface ImportOptions {
  readonly rule: PriceRule
  readonly whenCostPasses: 'raise' | 'pause' | 'flag'
  /** Keeps the supplier's id where no service of ours has it, for a move from another panel whose ids customers know. */
  readonly keepIds: boolean
  /** Also gives services that are here already the price by the rule. */
  readonly reprice: boolean
  /** With `reprice`: also those whose price an operator set by hand. */
  readonly repriceByHand?: boolean
  /** The caller rolls back, so nothing may be done that would outlive a rollback. */
  readonly dryRun?: boolean
}

/** The result of an import. */
export interface ImportResult {
  readonly added: readonly { readonly service: number; readonly theirs: string; readonly cost: string; readonly rate: string }[]
  /** Services that are bound to this supplier already. */
  readonly known: number
  readonly repriced: readonly { readonly service: number; readonly old: string; readonly new: string }[]
  /** Services that `reprice` would have changed, but whose price an operator set by hand. */
  readonly keptByHand: readonly { readonly service: number; readonly rate: string; readonly byMargin: string }[]
  readonly skipped: readonly { readonly theirs: string; readonly why: string }[]
}

const TAKEN = 'select id from services'
const KNOWN = `
  select b.their_service as theirs, s.id, s.rate, b.multiplier, (
    select c.cause from service_changes c where c.service_id = s.id and c.what = 'rate' order by c.number desc limit 1
  ) as cause
  from service_suppliers b join services s on s.id = b.service_id
  where b.supplier_id = $1 and b.their_service <> '' order by s.position, s.id`

/** Puts a supplier's services on sale, in one new version of the catalogue whatever their number. */
export async function importOffers(
  tx: Queryable,
  supplierId: number,
  offers: readonly Offer[],
  options: ImportOptions,
): Promise<ImportResult> {
  await tx.query(HOLD_NUMBERS)
  const { rows: known } = await tx.query<Known>(KNOWN, [supplierId])
  const knownIds = new Set(known.map((each) => each.theirs))
  const skipped: { theirs: string; why: string }[] = []
  const priced: { offer: Offer; rate: string }[] = []
  for (const offer of offers.filter((each) => !knownIds.has(each.theirService))) {
    const rate = offer.cost === null ? '' : priceFor(parseDecimal(offer.cost), options.rule)
    const why = whyNot(offer, rate)
    if (why === null) priced.push({ offer, rate })
    else skipped.push({ theirs: offer.theirService, why })
  }
  const numbers = await numbersFor(tx, priced, options.keepIds)
  const added = priced.map(({ offer, rate }, index) => ({ service: numbers[index]!, offer, rate }))
  await writeServices(tx, supplierId, added, options)
  const byTheirs = new Map(offers.map((offer) => [offer.theirService, offer]))
  const due = options.reprice ? pricesByRule(known, byTheirs, options.rule) : []
  const isKept = (each: Due) => each.byHand && options.repriceByHand !== true
  const repriced = due.filter((each) => !isKept(each)).map(({ service, old, price }) => ({ service, old, new: price }))
  if (repriced.length > 0) await tx.query(REPRICE, [JSON.stringify(repriced.map(({ service, new: rate }) => ({ service, rate })))])
  return {
    added: added.map(({ service, offer, rate }) => ({ service, theirs: offer.theirService, cost: offer.cost!, rate })),
    known: offers.filter((offer) => knownIds.has(offer.theirService)).length,
    repriced,
    keptByHand: due.filter(isKept).map(({ service, old, price }) => ({ service, rate: old, byMargin: price })),
    skipped,
  }
}

interface Known {
  theirs: string
  id: number
  rate: string
  multiplier: number
  /** Why the rate is what it is, as noted in the trail of changes. */
  cause: string | null
}

/** Why a person must look before this service goes on sale; null: nobody needs to. */
function whyNot(offer: Offer, rate: string): string | null {
  if (offer.name === '') return 'it has no name'
  if (offer.type === null) return `its type "${offer.typeWords}" is unknown`
  if (!isReadable(offer)) return 'its rate or its range cannot be read'
  if (!isRate(rate)) return 'its price is too high to be right'
  return parseDecimal(rate).digits === 0n ? 'it costs nothing, so its price would be zero' : null
}

const OWN_NUMBER = /^[1-9]\d{0,8}$/

async function numbersFor(tx: Queryable, priced: readonly { offer: Offer }[], keepIds: boolean): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(TAKEN)
  const taken = new Set(rows.map((row) => row.id))
  const kept = priced.map(({ offer }) => {
    const theirs = Number(offer.theirService)
    return keepIds && OWN_NUMBER.test(offer.theirService) && !taken.has(theirs) ? theirs : null
  })
  let next = Math.max(
    (await tx.query<{ next: number }>(NEXT_NUMBER)).rows[0]!.next,
    ...batchesOf(kept).map((batch) => Math.max(...batch) + 1),
  )
  return kept.map((number) => number ?? next++)
}

/** A function call takes a limited number of arguments, so a long list goes in batches. */
function batchesOf(numbers: readonly (number | null)[]): number[][] {
  const given = numbers.filter((number) => number !== null)
  return Array.from({ length: Math.ceil(given.length / 10_000) }, (_, batch) => given.slice(batch * 10_000, (batch + 1) * 10_000))
}

const ADD_SERVICES = `
  with last as (select coalesce(max(position), 0) as position from services)
  insert into services (id, position, name, type, category, rate, min, max, dripfeed, refill, cancel, supplier_id, when_cost_passes)
  select l.service, last.position + l.n, l.name, l.type, l.category, l.rate, l.min, l.max, l.dripfeed, l.refill, l.cancel, $1, $3
  from jsonb_to_recordset($2::jsonb) as l(service int, n int, name text, category text, type text, rate text, min bigint, max bigint,
    dripfeed boolean, refill boolean, cancel boolean), last
  order by l.n`
const BIND_SERVICES = `
  insert into service_suppliers (service_id, supplier_id, position, their_service, cost_rate, their_type, their_min, their_max,
    their_dripfeed, their_refill, their_cancel)
  select l.service, $1, 1, l.theirs, l.cost, l.type, l."theirMin", l."theirMax", l.dripfeed, l.refill, l.cancel
  from jsonb_to_recordset($2::jsonb) as l(service int, theirs text, cost text, type text, "theirMin" bigint, "theirMax" bigint,
    dripfeed boolean, refill boolean, cancel boolean)`

const LONGEST_NAME = 1000
const LONGEST_CATEGORY = 500
// The range that `service import` uses when the list has none.
const LEAST = 1n
const MOST = 1_000_000n

async function writeServices(
  tx: Queryable,
  supplierId: number,
  added: readonly { service: number; offer: Offer; rate: string }[],
  { whenCostPasses, dryRun }: ImportOptions,
): Promise<void> {
  if (added.length === 0) return
  const rows = added.map(({ service, offer, rate }, index) => {
    const { theirService: theirs, name, category, type, cost, dripfeed, refill, cancel } = offer
    const min = offer.min ?? LEAST
    const range = {
      min: String(min),
      max: String(offer.max ?? (min > MOST ? min : MOST)),
      theirMin: text(offer.min),
      theirMax: text(offer.max),
    }
    const words = { name: name.slice(0, LONGEST_NAME), category: category.slice(0, LONGEST_CATEGORY) }
    return { service, n: index + 1, theirs, ...words, type, rate, cost, ...range, dripfeed, refill, cancel }
  })
  const json = JSON.stringify(rows)
  await tx.query(ADD_SERVICES, [supplierId, json, whenCostPasses])
  await tx.query(BIND_SERVICES, [supplierId, json])
  // A sequence keeps its value through a rollback, so a dry run would use up ids.
  if (dryRun !== true) await tx.query(KEEP_IDS_AHEAD)
}

function text(value: bigint | null): string | null {
  return value === null ? null : value.toString()
}

const REPRICE = `
  update services s set rate = t.rate from jsonb_to_recordset($1::jsonb) as t(service int, rate text) where s.id = t.service`

interface Due {
  readonly service: number
  readonly old: string
  readonly price: string
  readonly byHand: boolean
}

/** Imports and syncs name themselves in the trail; every other cause is a person. */
const BY_MARGIN = /^(import from|sync of) /

/** The services whose price changes under the margin rule. */
function pricesByRule(known: readonly Known[], offers: ReadonlyMap<string, Offer>, rule: PriceRule): Due[] {
  return known.flatMap(({ theirs, id, rate, multiplier, cause }) => {
    const offer = offers.get(theirs)
    if (!offer || !isReadable(offer)) return []
    const { digits, places } = parseDecimal(offer.cost!)
    const price = priceFor({ digits: digits * BigInt(multiplier), places }, rule)
    const isSame = isRate(price) && compare(parseDecimal(price), parseDecimal(rate)) === 0n
    return isSame || !isRate(price) ? [] : [{ service: id, old: rate, price, byHand: !BY_MARGIN.test(cause ?? '') }]
  })
}
