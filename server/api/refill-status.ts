import { type RefillRow, readNewestRefills, readRefills } from '../orders/refill.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { Handler } from './context.ts'
import { type Element, errorJson, idJson, idTexts, type ListedCode, readIds } from './ids.ts'

/** Finds refills by `refill` or `refills`, or by `orders` the newest refill of each order. */
export const refillStatus: Handler = async (context, { caller, parameters }) => {
  await context.checkKey(caller)
  const byRefill = readIds(parameters, 'refill', 'refills')
  const asked = byRefill.form === 'none' ? readIds(parameters, 'order', 'orders') : byRefill
  if (asked.form === 'none') throw notFound()

  const elements = asked.form === 'one' ? [asked.element] : asked.elements
  const read = asked === byRefill ? readRefills : readNewestRefills
  const found = await read(context.db, caller.bookId, idTexts(elements))
  if (asked.form === 'one') {
    const row = found.get(asked.element.text)
    if (!row) throw notFound()
    return `{"status":"${row.status}"}`
  }
  const tooMany = asked === byRefill ? 'too_many_refills' : 'too_many_ids'
  const entries = [
    ...elements.map((element) => entry(element, found.get(element.text))),
    ...asked.further.map((element) => missed(element, tooMany)),
  ]
  return `[${entries.join(',')}]`
}

function entry(element: Element, row: RefillRow | undefined): string {
  return row ? `{"refill":${row.id},"status":"${row.status}"}` : missed(element, 'refill_not_found')
}

function missed(element: Element, code: ListedCode): string {
  return `{"refill":${idJson(element)},"status":${errorJson(code)}}`
}

function notFound(): Refusal {
  return refuse('refill_not_found')
}
