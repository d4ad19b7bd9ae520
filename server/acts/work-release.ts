import { z } from 'zod'
import { releaseWork } from '../fulfilment/claims.ts'
import { chargeOf } from '../orders/charged.ts'
import { act } from './act.ts'
import { theOrder } from './order-change.ts'

export const workRelease = act({
  name: 'work release',
  does: 'give back an order that you took to do by hand: anybody may take it',
  permission: 'orders.settle',
  input: z.object(theOrder),
  async run({ tx, actor, now }, { order }) {
    const claim = await releaseWork(tx, order, actor, now)
    const { account } = await chargeOf(tx, order)
    return {
      result: { order },
      subject: { order, account },
      before: { claimed_by: claim.who, until: claim.until },
      after: { claimed_by: null },
    }
  },
  says: ({ order }) => `Order ${order} may be taken by anybody`,
})
