import type { MessageKey } from '../../../../contract/message.ts'
import type { OrderCode } from '../../../../contract/refusals.ts'
import { fieldNames, type FieldName } from '../../../../contract/service-types.ts'
import type { PageUi } from '../page-context.ts'

interface Place {
  readonly field: FieldName | 'form'
  readonly text: MessageKey
  /** Typing on does not mend it: it is told at once, not only when the field is left. */
  readonly lasting?: true
}

type OfAField = `${FieldName}_required` | `incorrect_${FieldName}`

/** Where a refusal of an order is shown, by its code; what names a field itself (`incorrect_country`) is listed only where it says more. */
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
  // No form of ours sends what these are about.
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

/** What is wrong with one field; `form` is the order as a whole. */
export interface ShownFault {
  readonly field: string
  readonly text: string
  readonly lasting: boolean
}

/** What is wrong at one of the form's fields, in the reader's language; what the form has no field for stands above it. */
export function shownFault(
  { field, code }: { readonly field: string; readonly code: string },
  { frame: { texts } }: PageUi,
  fields: readonly string[],
): ShownFault {
  const { text, lasting = false } = placeOfCode(code)
  return { field: fields.includes(field) ? field : 'form', text: texts.text(text), lasting }
}

/** What a refusal's code says, and of which field; `form` is the order as a whole. Codes that were noted by an older version may be unknown. */
export function placeOfCode(code: string): Place {
  return PLACE_OF.get(code) ?? { field: 'form', text: 'app.fault.check' }
}
