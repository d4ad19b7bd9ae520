import type { Action } from '../action.ts'
import { refusals } from '../refusals.ts'

const order = { name: 'order', about: 'Order ID' }
const orders = { name: 'orders', about: 'Order IDs separated by a comma, up to 100' }
const refused = [refusals.incorrectOrder, refusals.refillNotAvailable, refusals.refillRequested]

export const refill: Action = {
  name: 'refill',
  about: 'Asks for what dropped to be delivered again, on services with refill, while the window is open.',
  forms: [
    {
      about: 'Create refill',
      parameters: [order],
      examples: [{ title: 'refill', parameters: { order: '1' }, answer: { refill: '1' } }],
      refusals: refused,
    },
    {
      about: 'Create multiple refill',
      parameters: [orders],
      examples: [
        {
          title: 'refill many',
          parameters: { orders: '1,3' },
          answer: [
            { order: 1, refill: 1 },
            { order: 3, refill: { error: refusals.incorrectOrder } },
          ],
        },
      ],
      refusals: [...refused, refusals.tooManyOrders],
    },
  ],
}

export const refillStatus: Action = {
  name: 'refill_status',
  about: 'Where a refill stands.',
  forms: [
    {
      about: 'Refill status',
      parameters: [{ name: 'refill', about: 'Refill ID' }],
      examples: [{ title: 'refill status', parameters: { refill: '1' }, answer: { status: 'Completed' } }],
      refusals: [refusals.refillNotFound],
    },
    {
      about: 'Multiple refill status',
      parameters: [
        { name: 'refills', about: 'Refill IDs separated by a comma, up to 100', optional: true },
        { name: 'orders', about: 'Instead of refills: order IDs, for the newest refill of each', optional: true },
      ],
      examples: [
        {
          title: 'refill status of many',
          parameters: { refills: '1,2,3' },
          answer: [
            { refill: 1, status: 'Completed' },
            { refill: 2, status: 'Rejected' },
            { refill: 3, status: { error: refusals.refillNotFound } },
          ],
        },
      ],
      refusals: [refusals.refillNotFound, refusals.tooManyRefills, refusals.tooManyOrders],
    },
  ],
}
