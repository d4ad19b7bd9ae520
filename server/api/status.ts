import { invalidKey } from '../customers/callers.ts'
import { formatDigits, formatUnits } from '../ledger/money.ts'
import { type ExtendedRow, type OrderRow, type ParentRow, readExtended, readParents } from '../orders/read.ts'
import { refuse } from '../refusal.ts'
import type { Call } from '../ordering/call.ts'
import type { ApiContext, Handler } from './context.ts'
import { explanationOf } from './explanation.ts'
import { errorJson, idTexts, readIds } from './ids.ts'
import { retryKeyOf } from '../ordering/retry.ts'

export const status: Handler = async (context, call) => {
  const asked = readIds(call.parameters, 'order', 'orders')
  if (asked.form === 'list') {
    const answers = await statuses(context, call, idTexts(asked.elements))
    const entries = asked.elements.map(({ text }) => `${JSON.stringify(text)}:${answers.get(text) ?? errorJson('incorrect_order')}`)
    const rest = asked.further.map(({ text }) => `${JSON.stringify(text)}:${errorJson('too_many_ids')}`)
    return `{${[...entries, ...rest].join(',')}}`
  }
  const id = asked.form === 'one' ? (asked.element.isId ? asked.element.text : undefined) : await idByRetryKey(context, call)
  if (id === undefined) await context.checkKey(call.caller)
  const answer = id === undefined ? undefined : (await statuses(context, call, [id])).get(id)
  if (answer === undefined) throw refuse('incorrect_order')
  // A caller who asked by its own retry key does not know the id yet.
  const told = asked.form === 'one' ? answer : `{"order":${id},${answer.slice(1)}`
  return call.parameters['explain'] === '1' ? explained(context, call, id!, told) : told
}

/** Only for a single order: each of its ledger lines is hashed from the newest seal on. */
async function explained(context: ApiContext, { caller }: Call, id: string, told: string): Promise<string> {
  return `${told.slice(0, -1)},"explain":${await explanationOf(context, caller, id)}}`
}

/** Answers the question "Did my lost order arrive?" */
async function idByRetryKey(context: ApiContext, call: Call): Promise<string | undefined> {
  const key = retryKeyOf(call.parameters)
  if (key === undefined) return undefined
  return (await context.retries({ bookId: call.caller.bookId, key }))?.orderId.toString()
}

/** The JSON of each order among these ids that belongs to the caller. */
export async function statuses(
  context: ApiContext,
  { caller, parameters }: Call,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const orders = await context.orders({ ids, bookId: caller.bookId, keyId: caller.keyId })
  if (orders === null) throw invalidKey()
  const parentIds = [...orders.values()].filter((order) => order.kind !== 'single').map((order) => order.id)
  const parents = parentIds.length > 0 ? await readParents(context.db, parentIds) : undefined
  const now = context.now()
  const extended = parameters['extended'] === '1' && orders.size > 0 ? await readExtended(context.db, [...orders.keys()], now) : undefined
  const answers = new Map<string, string>()
  for (const [id, order] of orders) {
    answers.set(
      id,
      `{${fields(order, caller.currency)}${parentFields(order, parents?.get(id), extended !== undefined)}${extendedFields(extended?.get(id))}}`,
    )
  }
  return answers
}

function fields(order: OrderRow, currency: string): string {
  return `"charge":"${formatDigits(order.kept)}","start_count":"${order.startCount}","status":"${order.status}","remains":"${order.remains}","currency":"${currency}"`
}

/** Clients read `runs` and `posts` as the number done, and refund their own customers accordingly. */
function parentFields(order: OrderRow, parent: ParentRow | undefined, isExtended: boolean): string {
  if (!parent) return ''
  const children = `"orders":[${parent.children.join(',')}]`
  if (order.kind === 'drip-feed') return `,"runs":"${parent.runsDone}",${children}${isExtended ? `,"runs_ordered":"${parent.runs}"` : ''}`
  const ordered = isExtended ? `,"posts_ordered":"${parent.posts ?? 0}"` : ''
  return `,"posts":"${parent.postsServed}","expiry":"${parent.expiry}",${children}${ordered}`
}

function extendedFields(row: ExtendedRow | undefined): string {
  if (!row) return ''
  const { refillUntil, refillFrom } = row
  const refillsLeft = row.refillable ? row.refillsLeft : 0
  const comesInTime = refillsLeft !== 0 && (!refillUntil || refillFrom! < refillUntil)
  const more = {
    quantity: row.quantity.toString(),
    link: row.link,
    created: row.created,
    started: row.started,
    finished: row.finished,
    start_by: row.startBy,
    finish_by: row.finishBy,
    compensated: formatUnits(row.compensated),
    refill_until: refillUntil,
    // Null: the only limits are one refill at a time and a day between two.
    refills_left: refillsLeft,
    refill_available_at: comesInTime ? refillFrom : null,
  }
  return `,${JSON.stringify(more).slice(1, -1)}`
}
