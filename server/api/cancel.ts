import { requestCancels } from '../orders/cancel.ts'
import { refuse } from '../refusal.ts'
import type { Handler } from './context.ts'
import { errorJson, idJson, idTexts, readIds } from './ids.ts'

/** The answer is always an array, also for one order. */
export const cancel: Handler = async (context, { caller, parameters }) => {
  await context.checkKey(caller)
  const asked = readIds(parameters, 'order', 'orders')
  if (asked.form === 'none') throw refuse('incorrect_order')
  if (asked.form === 'list' && asked.further.length > 0) throw refuse('too_many_ids')

  const elements = asked.form === 'one' ? [asked.element] : asked.elements
  const answers = await requestCancels(context.db, caller.bookId, idTexts(elements), context.now())
  const entries = elements.map((element) => {
    const outcome = answers.get(element.text) ?? 'incorrect_order'
    return `{"order":${idJson(element)},"cancel":${outcome === true ? 1 : errorJson(outcome)}}`
  })
  return `[${entries.join(',')}]`
}
