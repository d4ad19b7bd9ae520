import type { Action } from '../action.ts'
import { refusals } from '../refusals.ts'

const partial = { charge: '0.27819', start_count: '3572', status: 'Partial', remains: '157', currency: 'USD' }

export const status: Action = {
  name: 'status',
  about: 'Where an order stands. charge is what was kept; remains of a final order is final.',
  forms: [
    {
      about: 'Order status',
      parameters: [
        { name: 'order', about: 'Order ID', optional: true },
        { name: 'idempotency_key', about: 'Instead of order: the key it was placed with', optional: true },
        {
          name: 'extended',
          about:
            '1 adds created, started, finished, what was promised: start_by and finish_by, compensated (paid back for promises missed; the charge is without it), and refill_until, refills_left (null: no limit) and refill_available_at',
          optional: true,
        },
      ],
      examples: [{ title: 'status', parameters: { order: '1' }, answer: partial }],
      refusals: [refusals.incorrectOrder],
    },
    {
      about: 'Multiple orders status',
      parameters: [{ name: 'orders', about: 'Order IDs separated by a comma, up to 100' }],
      examples: [
        {
          title: 'status of many',
          parameters: { orders: '1,10,100' },
          answer: {
            1: partial,
            10: { error: refusals.incorrectOrder },
            100: { charge: '1.44219', start_count: '234', status: 'In progress', remains: '10', currency: 'USD' },
          },
        },
      ],
      refusals: [refusals.incorrectOrder, refusals.tooManyOrders],
    },
  ],
}
