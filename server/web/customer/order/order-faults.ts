import type { MessageKey } from '../../../../contract/message.ts'
import type { OrderCode } from '../../../../contract/refusals.ts'
import { fieldNames, type FieldName } from '../../../../contract/service-types.ts'
import type { PageUi } from '../../ui/page-ui.ts'

interface Place {
  readonly field: FieldName | 'form'
  readonly text: MessageKey
  /** Typing on will not correct it, so it is shown at once, not only when the user leaves the field. */
  readonly lasting?: true
}

type OfAField = `${FieldName}_required` | `incorrect_${FieldName}`

/** The field that shows a refusal, by its code. A code that names its field (`incorrect_country`) is listed only if its text is more specific. */
const PLACES = {
  incorrect_service: { field: 'form', text: 'refusal.incorrectService', lasting: true },
  service_disabled: { field: 'form', text: 'refusal.disabledService', lasting: true },
  incorrect_link: { field: 'link', text: 'app.fault.link' },
  house_rule: { field: 'link', text: 'app.fault.linkNotTaken' },
  active_order_with_link: { field: 'link', text: 'refusal.activeLink' },
  incorrect_quantity: { field: 'quantity', text: 'app.fault.number' },
  quantity_below_min: { field: 'quantity', text: 'refusal.quantityBelow' },
  quantity_above_max: { field: 'quantity', text: 'refusal.quantityAbove', lasting: true },
  drip_feed_not_available: { field: 'runs', text: 'app.fault.check' },
  min_above_max: { field: 'max', text: 'app.fault.check' },
  zero_runs: { field: 'runs', text: 'app.fault.check' },
  not_enough_funds: { field: 'form', text: 'refusal.notEnoughFunds', lasting: true },
  invalid_key: { field: 'form', text: 'app.fault.suspended', lasting: true },
  // Our forms send nothing that can cause these.
  idempotency_key_reused: { field: 'form', text: 'app.fault.check' },
  incorrect_idempotency_key: { field: 'form', text: 'app.fault.check' },
  incorrect_max_charge: { field: 'form', text: 'app.fault.check' },
  price_above_max_charge: { field: 'form', text: 'app.fault.check' },
  service_not_allowed: { field: 'form', text: 'app.fault.check' },
  subscription_not_allowed: { field: 'form', text: 'app.fault.check' },
  daily_limit: { field: 'form', text: 'app.fault.check' },
} as const satisfies Readonly<Record<Exclude<OrderCode, OfAField> | 'invalid_key' | 'zero_runs', Place>> &
  Readonly<Partial<Record<OfAField, Place>>>

const PLACE_OF: ReadonlyMap<string, Place> = new Map<string, Place>([
  ...fieldNames.flatMap((field): [string, Place][] => [
    [`${field}_required`, { field, text: 'app.fault.missing' }],
    [`incorrect_${field}`, { field, text: 'app.fault.check' }],
  ]),
  ...Object.entries(PLACES),
])

/** A fault of one field; `form` is the order as a whole. */
export interface ShownFault {
  readonly field: string
  readonly text: string
  readonly lasting: boolean
}

/** The fault of one of the form's fields, in the reader's language. A fault of a field that the form does not have is shown above the form. */
export function shownFault(
  { field, code }: { readonly field: string; readonly code: string },
  { frame: { texts } }: PageUi,
  fields: readonly string[],
): ShownFault {
  const { text, lasting = false } = placeOfCode(code)
  return { field: fields.includes(field) ? field : 'form', text: texts.text(text), lasting }
}

/** The field and the text of a refusal's code; `form` is the order as a whole. A code stored by an older version may be unknown. */
export function placeOfCode(code: string): Place {
  return PLACE_OF.get(code) ?? { field: 'form', text: 'app.fault.check' }
}
