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

/** Lists that were only checked, of one account. */
const DRAFTS_KEPT = 20

/** Reads a list, checks each of its lines as the API would, and keeps it to be looked at. Places nothing. `form` names the form that was
 * sent: with the same text again it is the same list. Throws a Refusal when the text as a whole is no list. */
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

/** Orders that share the commits of one step; between two steps others have their turn, and a page learns how far it is. */
const LINES_IN_A_STEP = 250

/** Places the next lines and answers how far the list is. Whoever else does the same at the same time, wherever: each line is one order,
 * by its retry key. Throws when it could not be found out what became of some; the next step finds out. */
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
    // A limit, a fault, or an account that may not order at all: no word about this line, which stays to be placed.
    const ofLine = isRefusal(error) && error.kind === 'order'
    return ofLine ? { refused: { number, code: error.code, text: error.message } } : { error }
  }
}

/** Places until the list is done or the time is up. Prices that turn meanwhile are read again. */
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
/** A page that places says so each second or so: after this long there is none any more. */
const LEFT_AFTER_MS = 15 * SECOND_MS
/** Later than this nobody counts on it any more: placing goes on when its person says so. */
export const GIVEN_UP_AFTER_MS = 15 * 60 * SECOND_MS
const TURN_MS = 10 * SECOND_MS

/** Goes on with a list whose page was closed or whose node died. Answers how many it found. */
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

/** Lists are kept for a while; their orders stay. */
export async function forgetOldMassOrders({ db, now }: Pick<OrderContext, 'db' | 'now'>): Promise<void> {
  await forgetMassOrders(db, new Date(now().getTime() - KEPT_DAYS * DAY_MS))
}
