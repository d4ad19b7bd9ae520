import { refusals } from '../../contract/refusals.ts'
import type { Catalogue, CatalogueShelf } from '../catalog/catalogue.ts'
import { invalidKey } from '../customers/callers.ts'
import { booleanArray, numberArray, textArray } from '../db/arrays.ts'
import { openPipeline } from '../db/pipeline.ts'
import { type Database, isConflict, isConnectionLoss, sqlState, violatedConstraint } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { busy, Refusal } from '../refusal.ts'
import { openOrderIds } from './order-ids.ts'
import { isPlain, placePlain } from './place-plain.ts'

/** An order that is checked and priced, by the catalogue it was priced with. */
export interface PricedOrder {
  readonly bookId: number
  readonly keyId: number
  readonly serviceId: number
  readonly supplierId: number | null
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  /** What is counted: all runs together, 1 for a package, 0 for a subscription. */
  readonly quantity: bigint
  readonly charge: Units
  readonly rate: string
  readonly rateSource: string | null
  readonly link: string
  readonly parameters: Readonly<Record<string, string>> | null
  readonly oneActiveLink: boolean
  /** Its key has a daily cap, which is counted where it is charged. */
  readonly capped: boolean
  readonly retry: Retry | null
}

/** How a repeated add is recognised: the customer's key, or the add's own likeness for a while. */
export interface Retry {
  readonly key: string
  readonly fingerprint: string
  /** 0: for as long as the order. */
  readonly windowSeconds: number
}

export interface Placing {
  /** Places one order and answers its id once it is durably committed with its charge, or throws a Refusal and has changed
   * nothing. `price` is asked again whenever the catalogue turns before the commit. Per book, orders are served in order
   * of arrival. */
  place(bookId: number, price: (catalogue: Catalogue) => PricedOrder): Promise<bigint>
  /** Orders that wait or are under way. */
  depth(): number
  /** Settles when nothing waits any more. */
  drained(): Promise<void>
  /** Gives up the connection on which it places; for when nothing will be placed any more. */
  close(): Promise<void>
}

/** The orders of one book that wait, in order of arrival. */
interface Line {
  readonly waiting: Waiting[]
  /** Some of the book's orders are under way: the others wait for them. */
  inFlight: boolean
}

interface Waiting {
  readonly line: Line
  readonly price: (catalogue: Catalogue) => PricedOrder
  readonly resolve: (id: bigint) => void
  readonly reject: (error: unknown) => void
  /** Once an order has been asked for under an id it keeps it: a lost call that commits late then meets itself. */
  id?: bigint
}

interface Item extends Waiting {
  order: PricedOrder
}

interface Numbered extends Item {
  id: bigint
}

interface Outcome {
  readonly outcomes: readonly number[]
  readonly existing: readonly (bigint | null)[] | null
}

const PLACED = 1
const OLD_CATALOGUE = 7
/** With more, the database and this node wait for each other instead of working side by side. */
const MOST_IN_A_BATCH = 96
/** One that the database works on, and one behind it on the same connection. */
const BATCHES_IN_FLIGHT = 2
/** How long a lost batch is looked for before its callers are told that its outcome is unknown. */
const SETTLE_WITHIN_MS = 15_000

/** Group commit: the orders that arrive while a batch is in flight make the next one, at most half of all there are; batches in flight
 * together never share a book (docs/decisions/0001). */
export function openPlacing(deps: {
  db: Database
  catalogue: CatalogueShelf
  now: () => Date
  queueLimit: number
  onBatch?: (size: number, seconds: number) => void
}): Placing {
  const pipeline = openPipeline(deps.db)
  const ids = openOrderIds(pipeline)
  /** One a book that ever ordered here, kept with its array: what is thrown away after having lived for a while is found late by the
   * garbage collector, and until then keeps alive what it pointed to last (docs/decisions/0021). */
  const lines = new Map<number, Line>()
  /** Those in which somebody waits, in turn. */
  let turns: Line[] = []
  let waitingCount = 0
  let inFlight = 0
  let orders = 0
  /** Orders that waited or were under way when a batch ended last. */
  let crowd = 0
  let scheduled = false
  let whenDrained: (() => void)[] = []

  function place(bookId: number, price: (catalogue: Catalogue) => PricedOrder): Promise<bigint> {
    if (waitingCount >= deps.queueLimit) return Promise.reject(busy('Too many orders are waiting, please try again', 'overloaded'))
    return new Promise((resolve, reject) => {
      const line = lineOf(bookId)
      if (line.waiting.push({ line, price, resolve, reject }) === 1) turns.push(line)
      waitingCount += 1
      schedule()
    })
  }

  function lineOf(bookId: number): Line {
    let line = lines.get(bookId)
    if (!line) lines.set(bookId, (line = { waiting: [], inFlight: false }))
    return line
  }

  /** Half of the orders that there are: while the database commits the one half, this node answers and reads the other. */
  function mostTogether(): number {
    return Math.min(MOST_IN_A_BATCH, Math.ceil(Math.max(crowd, waitingCount + orders) / 2))
  }

  /** Whoever waits may leave when nothing is in flight; behind a batch that is, only as many as go together. */
  function mayLeave(): boolean {
    return inFlight === 0 ? waitingCount > 0 : inFlight < BATCHES_IN_FLIGHT && waitingCount >= mostTogether()
  }

  function schedule() {
    if (scheduled || !mayLeave()) return
    scheduled = true
    // Whoever finds the database idle does not wait for others; else what arrives in this turn of the event loop goes together.
    if (inFlight === 0) queueMicrotask(flush)
    else setImmediate(flush)
  }

  function flush() {
    scheduled = false
    if (!mayLeave()) return
    const batch = takeBatch()
    // Nobody whose book is not in flight: the end of that batch flushes again.
    if (batch.length === 0) return noteDrained()
    void run(batch)
    schedule()
  }

  function noteDrained() {
    if (waitingCount + orders > 0) return
    whenDrained.forEach((drained) => drained())
    whenDrained = []
  }

  async function run(batch: readonly Item[]) {
    for (const { line } of batch) line.inFlight = true
    inFlight += 1
    orders += batch.length
    const started = performance.now()
    const tell = await commitBatch(batch).catch((error: unknown) => () => batch.forEach((item) => item.reject(error)))
    for (const { line } of batch) line.inFlight = false
    inFlight -= 1
    crowd = waitingCount + orders
    orders -= batch.length
    deps.onBatch?.(batch.length, (performance.now() - started) / 1000)
    // The next batch leaves first: the database works on it while this node writes the answers.
    flush()
    if (inFlight > 0) setImmediate(tell)
    else tell()
    noteDrained()
  }

  /** The next batch: in order of arrival per book, no book that is in flight, and nothing that the batch itself would have
   * to compare (the same retry key, the same exclusive link): those wait one turn. */
  function takeBatch(): Item[] {
    const catalogue = deps.catalogue.current()
    const most = mostTogether()
    const batch: Item[] = []
    const compared = new Set<string>()
    const passed: Line[] = []
    const left: Line[] = []
    for (const line of turns) {
      if (line.inFlight || batch.length >= most) {
        passed.push(line)
        continue
      }
      let taken = 0
      while (taken < line.waiting.length && batch.length < most) {
        const item = line.waiting[taken]!
        const order = priceOrReject(item, catalogue)
        if (order) {
          const names = comparedNames(order)
          if (names.some((name) => compared.has(name))) break
          names.forEach((name) => compared.add(name))
          batch.push(Object.assign(item, { order }))
        }
        taken += 1
      }
      waitingCount -= taken
      line.waiting.splice(0, taken)
      if (line.waiting.length > 0) left.push(line)
    }
    // Whoever had a turn goes to the back, so that one busy book never keeps the others waiting.
    turns = [...passed, ...left]
    return batch
  }

  /** Commits, and answers what tells its callers. */
  async function commitBatch(batch: readonly Item[], version = deps.catalogue.current().version): Promise<() => void> {
    const askedBefore = batch.some((item) => item.id !== undefined)
    const fresh = (await ids.take(batch.filter((item) => item.id === undefined).length)).values()
    const numbered = batch.map((item): Numbered => Object.assign(item, { id: item.id ?? fresh.next().value! }))
    const outcome = await callUntilKnown(version, numbered, askedBefore)
    // One order that the database refuses must not refuse its neighbours.
    if (outcome === 'refused as a whole') return commitOneByOne(numbered, version)
    const tell = () => numbered.forEach((item, index) => answer(item, outcome.outcomes[index]!, outcome.existing?.[index] ?? null))
    const outdated = numbered.filter((_, index) => outcome.outcomes[index] === OLD_CATALOGUE)
    if (outdated.length === 0) return tell
    // First of all: what is placed is answered so, even if the catalogue cannot be read for the others.
    tell()
    await deps.catalogue.refresh(version)
    priceAgain(outdated)
    return () => {}
  }

  async function commitOneByOne(batch: readonly Numbered[], version: bigint): Promise<() => void> {
    for (const item of batch) {
      const tell = await commitBatch([item], version).catch((error: unknown) => () => item.reject(error))
      tell()
    }
    return () => {}
  }

  /** Back to the head of their lines, to be priced by the new catalogue: whoever came earlier is served earlier. */
  function priceAgain(items: readonly Numbered[]) {
    for (const item of items.toReversed()) {
      if (item.line.waiting.unshift(item) === 1) turns.push(item.line)
      waitingCount += 1
    }
  }

  /** Calls until the outcome is known. After a lost connection the same ids are asked for again, and the database looks for
   * them under the books' locks before it charges: found, they were placed; not found, they are now. */
  async function callUntilKnown(version: bigint, batch: readonly Numbered[], askedBefore: boolean) {
    const giveUpAt = performance.now() + SETTLE_WITHIN_MS
    let lost = false
    for (let again = askedBefore, pause = 20; ; again = true, pause = Math.min(pause * 2, 1000)) {
      try {
        return again || !batch.every((item) => isPlain(item.order))
          ? await placeExamined(version, batch, again)
          : await placeSwiftly(version, batch)
      } catch (error) {
        const metItself = again && violatedConstraint(error) === 'orders_pkey'
        const refused = sqlState(error) !== undefined && !isConnectionLoss(error) && !isConflict(error)
        lost ||= !refused && !isConflict(error)
        // Once a call was lost, a refusal of the next says nothing of it: a server may be read-only or full for a while.
        if (refused && !metItself && !lost) {
          if (batch.length === 1) throw error
          return 'refused as a whole' as const
        }
        if (performance.now() > giveUpAt) throw outcomeUnknown()
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
  }

  /** Plain orders by the short way; whoever it leaves out is examined, and told why. */
  async function placeSwiftly(version: bigint, batch: readonly Numbered[]): Promise<Outcome> {
    const ids = batch.map((item) => item.id)
    const orders = batch.map((item) => item.order)
    const leftOut = new Set(await placePlain(pipeline, version, deps.now(), ids, orders))
    if (leftOut.size === 0) return { outcomes: batch.map(() => PLACED), existing: null }
    const examined = batch.filter((item) => leftOut.has(item.order.bookId))
    const told = (await placeExamined(version, examined, false)).outcomes.values()
    return { outcomes: batch.map((item) => (leftOut.has(item.order.bookId) ? told.next().value! : PLACED)), existing: null }
  }

  async function placeExamined(version: bigint, batch: readonly Numbered[], again: boolean): Promise<Outcome> {
    const values = batchArguments(
      batch.map((item) => item.id),
      batch.map((item) => item.order),
    )
    const { rows } = await pipeline.query<Outcome>({ ...PLACE_ORDERS, values: [version, deps.now(), again, ...values] })
    return rows[0]!
  }

  return {
    place,
    depth: () => waitingCount + orders,
    drained: () => (waitingCount + orders === 0 ? Promise.resolve() : new Promise((resolve) => whenDrained.push(resolve))),
    close: () => pipeline.end(),
  }
}

function priceOrReject(item: Waiting, catalogue: Catalogue): PricedOrder | undefined {
  try {
    return item.price(catalogue)
  } catch (error) {
    item.reject(error)
    return undefined
  }
}

const NOTHING: readonly string[] = []

/** What two orders of one batch must not share. */
function comparedNames(order: PricedOrder): readonly string[] {
  if (!order.retry && !order.oneActiveLink) return NOTHING
  const names: string[] = []
  if (order.retry) names.push(`retry ${order.bookId} ${order.retry.key}`)
  if (order.oneActiveLink) names.push(`link ${order.bookId} ${order.serviceId} ${order.link}`)
  return names
}

function answer(item: Numbered, outcome: number, existing: bigint | null) {
  switch (outcome) {
    case PLACED:
      return item.resolve(item.id)
    case 2:
      return item.reject(new Refusal(refusals.notEnoughFunds, { code: 'not_enough_funds' }))
    case 3:
      return item.resolve(existing!)
    case 4:
      return item.reject(new Refusal(refusals.keyReused, { code: 'idempotency_key_reused' }))
    case 5:
      return item.reject(invalidKey())
    case 6:
      return item.reject(new Refusal(refusals.activeLink, { code: 'active_order_with_link' }))
    case OLD_CATALOGUE:
      return
    case 8:
      return item.reject(new Refusal(refusals.dailyLimit, { code: 'daily_limit' }))
    default:
      return item.reject(new Error(`place_orders answered ${outcome}`))
  }
}

function outcomeUnknown(): Refusal {
  return new Refusal(
    'The database could not be reached, so it is not known whether this order was placed: ask its status by idempotency_key before sending it again',
    { code: 'outcome_unknown', status: 503, retryAfter: 5 },
  )
}

const PLACE_ORDERS = {
  name: 'place orders',
  text: 'select outcomes, existing from place_orders($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)',
  query_timeout: 10_000,
}

/** The orders as one array a column; columns that no order of the batch uses are null, and cost nothing. */
export function batchArguments(ids: readonly bigint[], orders: readonly PricedOrder[]): (string | null)[] {
  const some = (needed: boolean, column: () => string) => (needed ? column() : null)
  const retried = orders.some((order) => order.retry)
  return [
    numberArray(ids),
    numberArray(orders.map((order) => order.bookId)),
    numberArray(orders.map((order) => order.keyId)),
    numberArray(orders.map((order) => order.serviceId)),
    numberArray(orders.map((order) => order.supplierId)),
    numberArray(orders.map((order) => order.quantity)),
    numberArray(orders.map((order) => order.charge)),
    textArray(orders.map((order) => order.rate)),
    textArray(orders.map((order) => order.link)),
    some(
      orders.some((order) => order.rateSource),
      () => textArray(orders.map((order) => order.rateSource)),
    ),
    some(
      orders.some((order) => order.kind !== 'single'),
      () => textArray(orders.map((order) => order.kind)),
    ),
    some(
      orders.some((order) => order.parameters),
      () => textArray(orders.map((order) => order.parameters && JSON.stringify(order.parameters))),
    ),
    some(retried, () => textArray(orders.map((order) => order.retry?.key ?? null))),
    some(retried, () => textArray(orders.map((order) => order.retry?.fingerprint ?? null))),
    some(retried, () => numberArray(orders.map((order) => order.retry?.windowSeconds ?? 0))),
    some(
      orders.some((order) => order.oneActiveLink),
      () => booleanArray(orders.map((order) => order.oneActiveLink)),
    ),
    orders.some((order) => order.capped) ? 'true' : null,
  ]
}
