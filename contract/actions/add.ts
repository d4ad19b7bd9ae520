import type { Action, AnswerField, Example, Parameter } from '../action.ts'
import { refusals } from '../refusals.ts'
import { serviceTypes } from '../service-types.ts'
import { currency } from './balance.ts'

/** Every parameter that an order of any type can have, each once: retries are compared by them. */
export const orderParameters: readonly string[] = [
  ...new Set(['service', ...serviceTypes.flatMap((type) => type.fields.map((field) => field.name)), 'max_charge']),
]

export const retryKey: Parameter = { name: 'idempotency_key', type: 'text', about: 'parameter.idempotencyKey', optional: true }
export const maxCharge: Parameter = { name: 'max_charge', type: 'amount', about: 'parameter.maxCharge', optional: true }
const service: Parameter = { name: 'service', type: 'whole number', about: 'parameter.service' }

const refused = [
  refusals.incorrect_service.text,
  refusals.service_disabled.text,
  refusals.link_required.text,
  refusals.incorrect_link.text,
  refusals.quantity_required.text,
  refusals.incorrect_quantity.text,
  'Quantity less than minimal N',
  'Quantity more than maximum N',
  refusals.drip_feed_not_available.text,
  refusals.interval_required.text,
  refusals.not_enough_funds.text,
  refusals.active_order_with_link.text,
  refusals.house_rule.text,
  refusals.service_not_allowed.text,
  refusals.daily_limit.text,
  refusals.subscription_not_allowed.text,
]

/** The id is not fixed: a node takes ids from a block that it has reserved. */
export const placed = { answer: { order: 23501 }, differs: ['order'] } as const

const orderId: AnswerField = { name: 'order', type: 'whole number', about: 'answer.order' }

export const add: Action = {
  name: 'add',
  forms: [
    {
      id: 'add',
      title: 'action.add',
      about: 'action.add.about',
      parameters: [service, retryKey, maxCharge],
      shape: 'object',
      answer: [orderId],
      examples: serviceTypes.map(exampleOf),
      refusals: [...refused, refusals.idempotency_key_reused.text, 'Price is now N'],
    },
  ],
}

function exampleOf(type: (typeof serviceTypes)[number]): Example {
  return { title: type.name, parameters: type.example, ...placed }
}

export const quote: Action = {
  name: 'quote',
  forms: [
    {
      id: 'quote',
      title: 'action.quote',
      about: 'action.quote.about',
      parameters: [service, maxCharge],
      shape: 'object',
      answer: [{ name: 'charge', type: 'text', about: 'answer.quotedCharge' }, currency],
      examples: [
        {
          parameters: { service: '1448', link: 'https://example.com/p/1', quantity: '1000' },
          answer: { charge: '0.90000', currency: 'USD' },
        },
      ],
      refusals: [...refused, 'Price is now N'],
    },
  ],
}
