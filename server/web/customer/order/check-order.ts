import type { Service } from '../../../catalog/catalogue.ts'
import { type Weighed, weighOrder } from '../../../ordering/quote-order.ts'
import type { OwnContext } from '../own-context.ts'
import type { Faults } from '../../ui/page-ui.ts'
import { callOf, fieldsOf, type Given } from './filled.ts'
import { shownFault } from './order-faults.ts'

/** A form that may still be incomplete: its faults, and its price if the quantity is valid. */
export interface Checked {
  readonly faults: Faults
  /** Fields whose fault will not disappear as the user types on. */
  readonly lasting: readonly string[]
  readonly weighed: Weighed | undefined
}

/** Prices the form as every order is priced, even if it is incomplete: a user who begins with the quantity sees the price before there is a link. */
export async function checkOrder(context: OwnContext, service: Service, given: Given): Promise<Checked> {
  const names = fieldsOf(service).map(({ name }) => name)
  const { faults, weighed } = await weighOrder(uncounted(context), callOf(context, service, given))
  const shown = faults.map(({ field, refusal: { code } }) => shownFault({ field, code }, context.ui, names))
  return {
    // If a field has several faults, the first is shown.
    faults: Object.fromEntries(shown.toReversed().map(({ field, text }) => [field, text])),
    lasting: shown.filter(({ lasting }) => lasting).map(({ field }) => field),
    weighed,
  }
}

/** Checking a form is not a refused order, so it does not count in the statistics of the panel's rules. */
function uncounted({ orders }: OwnContext): OwnContext['orders'] {
  return { ...orders, houseRefusals: { ...orders.houseRefusals, count: () => {} } }
}
