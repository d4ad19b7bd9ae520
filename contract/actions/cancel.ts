import type { Action } from '../action.ts'
import { refusals } from '../refusals.ts'

export const cancel: Action = {
  name: 'cancel',
  about: 'Asks for orders to be stopped, on services with cancel. 1 means the request was taken; status tells what came of it.',
  forms: [
    {
      about: 'Create cancel',
      parameters: [{ name: 'orders', about: 'Order IDs separated by a comma, up to 100' }],
      examples: [
        {
          title: 'cancel many',
          parameters: { orders: '9,2' },
          answer: [
            { order: 9, cancel: { error: refusals.incorrectOrder } },
            { order: 2, cancel: 1 },
          ],
        },
      ],
      refusals: [refusals.incorrectOrder, refusals.cannotCancel, refusals.tooManyOrders],
    },
  ],
}
