import { serviceTypeByName } from '../../../../contract/service-types.ts'
import type { Service } from '../../../catalog/catalogue.ts'
import { PricesTurned } from '../../../catalog/price.ts'
import { type Weighed, weighOrder } from '../../../ordering/quote-order.ts'
import type { OwnContext } from '../own-context.ts'
import type { Faults } from '../page-context.ts'
import { callOf, fieldsOf, type Given } from './filled.ts'
import { type OrderFault, orderFault } from './order-faults.ts'

/** A form as far as it is filled in: all that is wrong with it, and what it would cost where what is counted is right. */
export interface Checked {
  readonly faults: Faults
  /** Faults that typing on does not mend. */
  readonly lasting: readonly string[]
  readonly weighed: Weighed | undefined
}

/** Prices by the way of every order, with stand-ins for what the price does not depend on: who begins with the quantity sees the price
 * before there is a link. */
export async function checkOrder(context: OwnContext, service: Service, given: Given): Promise<Checked> {
  const names = fieldsOf(service).map(({ name }) => name)
  const found: OrderFault[] = []
  let tried = given
  for (;;) {
    try {
      const weighed = await weighOrder(uncounted(context), callOf(context, service, tried))
      if (weighed.refusal) found.push(orderFault(weighed.refusal, context.ui, names))
      return checked(found, weighed)
    } catch (error) {
      if (error instanceof PricesTurned) throw error
      const fault = orderFault(error, context.ui, names)
      const standIn = standInFor(service, fault.field)
      if (standIn === undefined || tried[fault.field] === standIn) return checked([...found, fault], undefined)
      if (!followsFrom(service, fault, found)) found.push(fault)
      tried = { ...tried, [fault.field]: standIn }
    }
  }
}

function checked(found: readonly OrderFault[], weighed: Weighed | undefined): Checked {
  return {
    faults: Object.fromEntries(found.map(({ field, text }) => [field, text])),
    lasting: found.filter(({ lasting }) => lasting).map(({ field }) => field),
    weighed,
  }
}

/** What is only looked at is no refused order: the house counts those. */
function uncounted({ orders }: OwnContext): OwnContext['orders'] {
  return { ...orders, houseRefusals: { ...orders.houseRefusals, count: () => {} } }
}

const PRICED_BY: ReadonlySet<string> = new Set(['quantity', 'runs', 'interval', 'min', 'max', 'posts', 'old_posts'])

/** Something right in place of what is not; undefined where it would be another order. */
function standInFor({ type }: Service, field: string): string | undefined {
  const { counted, example } = serviceTypeByName.get(type)!
  return PRICED_BY.has(field) || (counted.by === 'lines' && counted.of === field) ? undefined : example[field]
}

/** Whether it is only asked for because of a stand-in. */
function followsFrom({ type }: Service, { field }: OrderFault, found: readonly OrderFault[]): boolean {
  const cause = serviceTypeByName.get(type)!.fields.find(({ name }) => name === field)?.when?.field
  return found.some((fault) => fault.field === cause)
}
