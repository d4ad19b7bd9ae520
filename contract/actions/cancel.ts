import type { Action } from '../action.ts'
import { refusals } from '../refusals.ts'

export const cancel: Action = {
  name: 'cancel',
  forms: [
    {
      id: 'cancel',
      title: 'action.cancel',
      about: 'action.cancel.about',
      parameters: [{ name: 'orders', type: 'ids', about: 'parameter.orders' }],
      shape: 'list',
      answer: [
        { name: 'order', type: 'whole number', about: 'answer.order' },
        { name: 'cancel', type: 'whole number', about: 'answer.canceled', orError: true },
      ],
      examples: [
        {
          parameters: { orders: '9,2' },
          answer: [
            { order: 9, cancel: { error: refusals.incorrect_order.text } },
            { order: 2, cancel: 1 },
          ],
        },
      ],
      refusals: [refusals.incorrect_order.text, refusals.cannot_cancel.text, refusals.too_many_ids.text],
    },
  ],
}
