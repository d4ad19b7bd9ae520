import { MOST_IDS } from '../../contract/action.ts'
import { refusals } from '../../contract/refusals.ts'
import type { UncheckedParameters } from '../ordering/call.ts'

/** An element of an id list: an id, or some other text in its place. */
export interface Element {
  readonly text: string
  readonly isId: boolean
}

/** The ids that a call names: one id, a list, or nothing. */
export type Asked =
  | { readonly form: 'one'; readonly element: Element }
  | { readonly form: 'list'; readonly elements: readonly Element[]; readonly further: readonly Element[] }
  | { readonly form: 'none' }

const ID = /^[1-9]\d{0,17}$/

/** `orders` takes precedence over `order`, and a comma in `order` makes it a list; repeated ids are dropped; the first 100 are separate from the
 * rest. */
export function readIds(parameters: UncheckedParameters, single: string, plural: string): Asked {
  const list = parameters[plural] ?? (parameters[single]?.includes(',') ? parameters[single] : undefined)
  if (list !== undefined) {
    const texts = [...new Set(list.split(/[,\r\n]+/).map((text) => text.trim()))].filter(Boolean)
    const elements = texts.map(elementOf)
    return { form: 'list', elements: elements.slice(0, MOST_IDS), further: elements.slice(MOST_IDS) }
  }
  const one = parameters[single]
  return one === undefined ? { form: 'none' } : { form: 'one', element: elementOf(one) }
}

function elementOf(text: string): Element {
  return { text, isId: ID.test(text) }
}

export function idTexts(elements: readonly Element[]): string[] {
  return elements.filter((element) => element.isId).map((element) => element.text)
}

/** An id as a JSON number; a text that is not an id as a JSON string. */
export function idJson(element: Element): string {
  return element.isId ? element.text : JSON.stringify(element.text)
}

/** The refusals of a single element of a list. */
export type ListedCode =
  | 'incorrect_order'
  | 'too_many_ids'
  | 'cannot_cancel'
  | 'refill_not_available'
  | 'refill_requested'
  | 'refill_not_found'
  | 'too_many_refills'

export function errorJson(code: ListedCode): string {
  return `{"error":${JSON.stringify(refusals[code].text)}}`
}
