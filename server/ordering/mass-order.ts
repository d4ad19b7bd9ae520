import { createHash } from 'node:crypto'
import type { Caller } from '../customers/callers.ts'
import { pageCaller } from '../customers/page-callers.ts'
import { formatUnits } from '../ledger/money.ts'
import {
  type CheckedLine,
  claimLeftMassOrder,
  countMassOrder,
  forgetMassOrders,
  forgetOlderDrafts,
  giveUpPlacing,
  type LineRefusal,
  type MassOrder,
  type MassOrderLine,
  noteRefusals,
  readMassOrderLines,
  retryOfLine,
  storeMassOrder,
} from '../orders/mass-orders.ts'
import { isAnswer, isRefusal } from '../refusal.ts'
import { byNewestPrices } from './by-newest-prices.ts'
import type { OrderContext } from './call.ts'
import { type ReadLine, readMassOrderText } from './mass-order-text.ts'
import { placeOrder } from './place-order.ts'
import { type Quoted, quoteOrders } from './quote-orders.ts'

/** How many unplaced lists an account keeps. */
const DRAFTS_KEPT = 20

/**
 * Reads a list, checks each row as the API would, and stores it for the customer to look at. Places nothing. `form` is the id of the form: with the
 * same text again it is the same list. Throws a Refusal when the text as a whole cannot be read.
 */
export async function checkMassOrder(
  context: OrderContext,
  caller: Caller,
  { text, form }: { text: string; form: string },
): Promise<bigint> {
  const { heading, lines } = readMassOrderText(text)
  const quotes = await quoteOrders(
    context,
    caller,
    lines.map((line) => line.parameters),
  )
  const named = `${form}:${createHash('sha256').update(text).digest('base64url')}`
  const checked = lines.map((line, at) => checkedLine(line, quotes[at]!))
  const id = await storeMassOrder(context.db, { bookId: caller.bookId, form: named, heading, lines: checked, at: context.now() })
  await forgetOlderDrafts(context.db, caller.bookId, DRAFTS_KEPT)
  return id
}

function checkedLine({ number, source, parameters, refusal }: ReadLine, quoted: Quoted): CheckedLine {
  const refused = refusal ?? (quoted.refusal && { code: quoted.refusal.code, text: quoted.refusal.message })
  return { number, source, parameters: parameters ?? null, charge: quoted.order?.charge ?? null, refusal: refused ?? null }
}

/** Rows that are placed in one step. Between two steps other requests are served, and the page shows the progress. */
const LINES_IN_A_STEP = 250

/**
 * Places the next rows, and answers how far the list is. Several nodes may do so at the same time: each row becomes one order, by its retry key.
 * Throws when the result of some rows is unknown; the next step finds it out.
 */
export async function placeNextLines(context: OrderContext, caller: Caller, massOrder: MassOrder): Promise<MassOrder> {
  const lines = await readMassOrderLines(context.db, massOrder.id, 'open', { after: 0, most: LINES_IN_A_STEP })
  const outcomes = await Promise.all(lines.map((line) => placeLine(context, caller, massOrder.id, line)))
  await noteRefusals(context.db, massOrder.id, outcomes.flatMap(({ refused }) => refused ?? [])) // prettier-ignore
  const counted = await countMassOrder(context.db, massOrder.id, context.now())
  const failed = outcomes.find((outcome) => 'error' in outcome)
  if (failed) throw failed.error
  return counted
}

interface LineOutcome {
  readonly refused?: LineRefusal & { readonly number: number }
  readonly error?: unknown
}

async function placeLine(
  context: OrderContext,
  caller: Caller,
  massOrder: bigint,
  { number, parameters, charge }: MassOrderLine,
): Promise<LineOutcome> {
  try {
    const call = { caller, parameters: { ...parameters, max_charge: formatUnits(charge!) } }
    await placeOrder(context, call, retryOfLine(massOrder, number))
    return {}
  } catch (error) {
    // A limit, a failure, or an account that may not order at all does not decide about this row, which stays open.
    const ofLine = isRefusal(error) && error.kind === 'order'
    return ofLine ? { refused: { number, code: error.code, text: error.message } } : { error }
  }
}

/** Places rows until the list is done or the time is up. Prices that change meanwhile are read again. */
export async function placeFor(context: OrderContext, massOrder: MassOrder, milliseconds: number): Promise<MassOrder> {
  const until = performance.now() + milliseconds
  const findCaller = () => pageCaller(context.db, massOrder.accountId, context.now())
  let now = massOrder
  while (now.doneAt === null && performance.now() < until) {
    now = await byNewestPrices(context.catalogue, await findCaller(), findCaller, (caller) => placeNextLines(context, caller, now))
  }
  return now
}

const SECOND_MS = 1000
/** A page that is placing a list notes that every second or so. After this time without a note, the page is gone. */
const LEFT_AFTER_MS = 15 * SECOND_MS
/** After this time nobody expects the list to go on by itself: its owner must start it again. */
export const GIVEN_UP_AFTER_MS = 15 * 60 * SECOND_MS
const TURN_MS = 10 * SECOND_MS

/** Continues a list whose page was closed or whose node died. Answers how many lists it found. */
export async function placeLeftMassOrder(context: OrderContext): Promise<number> {
  const now = context.now()
  const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds)
  const left = await claimLeftMassOrder(context.db, now, ago(GIVEN_UP_AFTER_MS), ago(LEFT_AFTER_MS))
  if (!left) return 0
  try {
    await placeFor(context, left, TURN_MS)
  } catch (error) {
    if (!isAnswer(error)) throw error
    await giveUpPlacing(context.db, left.id)
  }
  return 1
}

const DAY_MS = 24 * 3600 * SECOND_MS
export const KEPT_DAYS = 90

/** Deletes old lists; their orders stay. */
export async function forgetOldMassOrders({ db, now }: Pick<OrderContext, 'db' | 'now'>): Promise<void> {
  await forgetMassOrders(db, new Date(now().getTime() - KEPT_DAYS * DAY_MS))
}
