import type { Action, AnswerField, Example } from '../action.ts'
import { refusals } from '../refusals.ts'
import { currency } from './balance.ts'

const partial = { charge: '0.27819', start_count: '3572', status: 'Partial', remains: '157', currency: 'USD' }

const fields: readonly AnswerField[] = [
  { name: 'charge', type: 'text', about: 'answer.charge' },
  { name: 'start_count', type: 'text', about: 'answer.startCount' },
  { name: 'status', type: 'text', about: 'answer.status' },
  { name: 'remains', type: 'text', about: 'answer.remains' },
  currency,
  { name: 'runs', type: 'text', about: 'answer.runs', optional: true },
  { name: 'posts', type: 'text', about: 'answer.posts', optional: true },
  { name: 'expiry', type: 'text', about: 'answer.expiry', optional: true },
  { name: 'orders', type: 'list', about: 'answer.childOrders', optional: true },
  { name: 'quantity', type: 'text', about: 'parameter.quantity', extended: true },
  { name: 'link', type: 'text', about: 'parameter.link', extended: true },
  { name: 'runs_ordered', type: 'text', about: 'answer.runsOrdered', extended: true, optional: true },
  { name: 'posts_ordered', type: 'text', about: 'answer.postsOrdered', extended: true, optional: true },
  { name: 'created', type: 'text', about: 'answer.created', extended: true },
  { name: 'started', type: 'text', about: 'answer.started', extended: true },
  { name: 'finished', type: 'text', about: 'answer.finished', extended: true },
  { name: 'start_by', type: 'text', about: 'answer.startBy', extended: true },
  { name: 'finish_by', type: 'text', about: 'answer.finishBy', extended: true },
  { name: 'compensated', type: 'text', about: 'answer.compensated', extended: true },
  { name: 'refill_until', type: 'text', about: 'answer.refillUntil', extended: true },
  { name: 'refills_left', type: 'whole number', about: 'answer.refillsLeft', extended: true },
  { name: 'refill_available_at', type: 'text', about: 'answer.refillAvailableAt', extended: true },
]
/** The form of every refusal. */
export const refused: Example = { title: 'refused', parameters: { order: '9' }, answer: { error: refusals.incorrect_order.text } }

const extended = { name: 'extended', type: 'yes or no', about: 'parameter.extended', optional: true } as const

export const status: Action = {
  name: 'status',
  forms: [
    {
      id: 'status',
      title: 'action.status',
      about: 'action.status.about',
      parameters: [
        { name: 'order', type: 'whole number', about: 'parameter.order' },
        { name: 'idempotency_key', type: 'text', about: 'parameter.statusByKey', optional: true },
        extended,
        { name: 'explain', type: 'yes or no', about: 'explain.parameter', optional: true },
      ],
      shape: 'object',
      answer: [...fields, { name: 'explain', type: 'object', about: 'explain.answer', optional: true }],
      examples: [{ parameters: { order: '1' }, answer: partial }, refused],
      refusals: [refusals.incorrect_order.text],
    },
    {
      id: 'status-many',
      title: 'action.status.many',
      about: 'action.status.many.about',
      parameters: [{ name: 'orders', type: 'ids', about: 'parameter.orders' }, extended],
      shape: 'by id',
      answer: fields,
      examples: [
        {
          parameters: { orders: '1,10,100' },
          answer: {
            1: partial,
            10: { error: refusals.incorrect_order.text },
            100: { charge: '1.44219', start_count: '234', status: 'In progress', remains: '10', currency: 'USD' },
          },
        },
      ],
      refusals: [refusals.incorrect_order.text, refusals.too_many_ids.text],
    },
  ],
}
