import type { MessageKey } from '../../../../contract/message.ts'
import { Refusal } from '../../../refusal.ts'
import type { PageUi } from '../page-context.ts'

interface Place {
  readonly field: string
  readonly text: MessageKey
  /** Typing on does not mend it: it is told at once, not only when the field is left. */
  readonly lasting?: true
}

/** Where a refusal of an order is shown, by its code; what names a field itself (`incorrect_country`) is not listed. */
const FAULTS: Readonly<Record<string, Place>> = {
  incorrect_service: { field: 'form', text: 'refusal.incorrectService', lasting: true },
  service_disabled: { field: 'form', text: 'refusal.disabledService', lasting: true },
  incorrect_link: { field: 'link', text: 'app.fault.link' },
  house_rule: { field: 'link', text: 'app.fault.linkNotTaken' },
  active_order_with_link: { field: 'link', text: 'refusal.activeLink' },
  incorrect_quantity: { field: 'quantity', text: 'app.fault.number' },
  quantity_below_min: { field: 'quantity', text: 'refusal.quantityBelow' },
  quantity_above_max: { field: 'quantity', text: 'refusal.quantityAbove', lasting: true },
  drip_feed_not_available: { field: 'runs', text: 'app.fault.check' },
  interval_required: { field: 'interval', text: 'app.fault.missing' },
  min_above_max: { field: 'max', text: 'app.fault.check' },
  no_posts: { field: 'posts', text: 'app.fault.check' },
  not_enough_funds: { field: 'form', text: 'refusal.notEnoughFunds', lasting: true },
  invalid_key: { field: 'form', text: 'app.fault.suspended', lasting: true },
}

/** What is wrong with one field; `form` is the order as a whole. */
export interface OrderFault {
  readonly field: string
  readonly text: string
  readonly lasting: boolean
}

/** A refusal of an order at its field, in the reader's language; throws what is no refusal. Fields that the form does not have stand
 * above it. */
export function orderFault(error: unknown, { frame: { texts } }: PageUi, fields: readonly string[]): OrderFault {
  if (!(error instanceof Refusal) || error.status !== 200 || error.code === undefined) throw error
  const { field, text, lasting = false } = FAULTS[error.code] ?? ofField(error.code)
  const shownAt = fields.includes(field) ? field : (instead(field, fields) ?? 'form')
  return { field: shownAt, text: texts.text(text), lasting }
}

function ofField(code: string): Place {
  const missing = /^(\w+)_required$/.exec(code)?.[1]
  if (missing !== undefined) return { field: missing, text: 'app.fault.missing' }
  return { field: /^incorrect_(\w+)$/.exec(code)?.[1] ?? 'form', text: 'app.fault.check' }
}

/** Where lines or a range are counted, there is no field for the quantity itself. */
function instead(field: string, fields: readonly string[]): string | undefined {
  if (field === 'link') return fields.find((name) => name === 'username')
  return field === 'quantity' ? fields.find((name) => ['comments', 'usernames', 'min'].includes(name)) : undefined
}

/** What a refusal's code says, and of which field; `form` is the order as a whole. */
export function faultOfCode(code: string): { readonly field: string; readonly text: MessageKey } {
  return FAULTS[code] ?? ofField(code)
}
