import type { Service } from '../../../catalog/catalogue.ts'
import { type Weighed, weighOrder } from '../../../ordering/quote-order.ts'
import type { OwnContext } from '../own-context.ts'
import type { Faults } from '../page-context.ts'
import { callOf, fieldsOf, type Given } from './filled.ts'
import { shownFault } from './order-faults.ts'

/** A form as far as it is filled in: all that is wrong with it, and what it would cost where what is counted is right. */
export interface Checked {
  readonly faults: Faults
  /** Faults that typing on does not mend. */
  readonly lasting: readonly string[]
  readonly weighed: Weighed | undefined
}

/** Prices by the way of every order, as far as the form is filled in: who begins with the quantity sees the price before there is a link. */
export async function checkOrder(context: OwnContext, service: Service, given: Given): Promise<Checked> {
  const names = fieldsOf(service).map(({ name }) => name)
  const { faults, weighed } = await weighOrder(uncounted(context), callOf(context, service, given))
  const shown = faults.map(({ field, refusal: { code } }) => shownFault({ field, code }, context.ui, names))
  return {
    // Of several at one field the first is told.
    faults: Object.fromEntries(shown.toReversed().map(({ field, text }) => [field, text])),
    lasting: shown.filter(({ lasting }) => lasting).map(({ field }) => field),
    weighed,
  }
}

/** What is only looked at is no refused order: the house counts those. */
function uncounted({ orders }: OwnContext): OwnContext['orders'] {
  return { ...orders, houseRefusals: { ...orders.houseRefusals, count: () => {} } }
}
