import { requestRefills } from '../orders/refill.ts'
import { refuse } from '../refusal.ts'
import type { Handler } from './context.ts'
import { errorJson, idJson, idTexts, readIds } from './ids.ts'

/** For one order: `{"refill":"1"}`, where the id is a string, or the refusal at the top level. For a list: an array of numbers and errors. */
export const refill: Handler = async (context, { caller, parameters }) => {
  await context.checkKey(caller)
  const asked = readIds(parameters, 'order', 'orders')
  if (asked.form === 'none') throw refuse('incorrect_order')
  if (asked.form === 'list' && asked.further.length > 0) throw refuse('too_many_ids')

  const elements = asked.form === 'one' ? [asked.element] : asked.elements
  const answers = await requestRefills(context.db, caller.bookId, idTexts(elements), context.now())
  const outcomes = elements.map((element) => answers.get(element.text) ?? 'incorrect_order')
  if (asked.form === 'one') {
    const [outcome] = outcomes
    if (typeof outcome !== 'bigint') throw refuse(outcome!)
    return `{"refill":"${outcome}"}`
  }
  const entries = elements.map((element, index) => {
    const outcome = outcomes[index]!
    return `{"order":${idJson(element)},"refill":${typeof outcome === 'bigint' ? outcome : errorJson(outcome)}}`
  })
  return `[${entries.join(',')}]`
}
