import type { Action, AnswerField } from '../action.ts'
import { refusals } from '../refusals.ts'

const order = { name: 'order', type: 'whole number', about: 'parameter.order' } as const
const orders = { name: 'orders', type: 'ids', about: 'parameter.orders' } as const
const refused = [refusals.incorrect_order.text, refusals.refill_not_available.text, refusals.refill_requested.text]

const orderId: AnswerField = { name: 'order', type: 'whole number', about: 'answer.order' }
const refillId: AnswerField = { name: 'refill', type: 'whole number', about: 'answer.refillId' }
const word: AnswerField = { name: 'status', type: 'text', about: 'answer.refillStatus' }

/** The id of the fixture's next refill. */
export const NEXT_REFILL = 3

export const refill: Action = {
  name: 'refill',
  forms: [
    {
      id: 'refill',
      title: 'action.refill',
      about: 'action.refill.about',
      parameters: [order],
      shape: 'object',
      answer: [{ ...refillId, type: 'text' }],
      examples: [{ parameters: { order: '1' }, answer: { refill: `${NEXT_REFILL}` } }],
      refusals: refused,
    },
    {
      id: 'refill-many',
      title: 'action.refill.many',
      about: 'action.refill.many.about',
      parameters: [orders],
      shape: 'list',
      answer: [orderId, { ...refillId, orError: true }],
      examples: [
        {
          parameters: { orders: '1,3' },
          answer: [
            { order: 1, refill: NEXT_REFILL },
            { order: 3, refill: { error: refusals.incorrect_order.text } },
          ],
        },
      ],
      refusals: [...refused, refusals.too_many_ids.text],
    },
  ],
}

export const refillStatus: Action = {
  name: 'refill_status',
  forms: [
    {
      id: 'refill-status',
      title: 'action.refillStatus',
      about: 'action.refillStatus.about',
      parameters: [{ name: 'refill', type: 'whole number', about: 'parameter.refill' }],
      shape: 'object',
      answer: [word],
      examples: [{ parameters: { refill: '1' }, answer: { status: 'Completed' } }],
      refusals: [refusals.refill_not_found.text],
    },
    {
      id: 'refill-status-many',
      title: 'action.refillStatus.many',
      about: 'action.refillStatus.many.about',
      parameters: [
        { name: 'refills', type: 'ids', about: 'parameter.refills' },
        { name: 'orders', type: 'ids', about: 'parameter.refillOrders', optional: true },
      ],
      shape: 'list',
      answer: [
        { ...refillId, about: 'parameter.refill' },
        { ...word, orError: true },
      ],
      examples: [
        {
          parameters: { refills: '1,2,3' },
          answer: [
            { refill: 1, status: 'Completed' },
            { refill: 2, status: 'Rejected' },
            { refill: 3, status: { error: refusals.refill_not_found.text } },
          ],
        },
      ],
      refusals: [refusals.refill_not_found.text, refusals.too_many_refills.text, refusals.too_many_ids.text],
    },
  ],
}
