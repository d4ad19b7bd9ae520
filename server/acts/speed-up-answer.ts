import { z } from 'zod'
import { chargeOf } from '../orders/charged.ts'
import { answerSpeedUp } from '../support/speed-up.ts'
import { onOneLine } from '../text.ts'
import { act } from './act.ts'
import { text } from './fields.ts'
import { theOrder } from './order-change.ts'

export const speedUpAnswer = act({
  name: 'speed-up answer',
  does: 'answer a customer who asked to speed up an order, when its supplier was told or nothing can be done',
  permission: 'orders.decide',
  input: z.object({ ...theOrder, words: text(500).optional().describe('what the customer reads on the page of the order') }),
  async run({ tx, now, actor }, { order, words }) {
    const { account } = await chargeOf(tx, order)
    const said = onOneLine(words ?? '')
    const { askedAt } = await answerSpeedUp(tx, order, { who: actor.who, words: said === '' ? null : said }, now)
    return {
      result: { order },
      subject: { order, account },
      before: { asked_at: askedAt.toISOString() },
      after: { answered: true, words: said },
    }
  },
  says: ({ order }) => `The customer of order ${order} is answered`,
})
