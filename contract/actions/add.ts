import type { Action, Parameter } from '../action.ts'
import { refusals } from '../refusals.ts'
import { serviceTypes } from '../service-types.ts'

/** Every parameter an order of any type can have, once: what a retry is compared by. */
export const orderParameters: readonly string[] = [
  ...new Set(['service', ...serviceTypes.flatMap((type) => type.fields.map((field) => field.name)), 'max_charge']),
]

export const retryParameters: readonly Parameter[] = [
  { name: 'idempotency_key', about: 'Your name for this order, 1 to 255 characters: sent again, it is never paid twice', optional: true },
  { name: 'max_charge', about: 'Refuse the order when it would cost more', optional: true },
]

export const add: Action = {
  name: 'add',
  about: 'Places an order and charges it. Which parameters it takes depends on the type of the service.',
  forms: [
    {
      about: 'Add order',
      parameters: [{ name: 'service', about: 'Service ID' }, ...retryParameters],
      examples: [
        { title: 'Default', parameters: { service: '1448', link: 'https://example.com/p/1', quantity: '100' }, answer: { order: 23501 } },
        {
          title: 'Custom Comments',
          parameters: { service: '1452', link: 'https://example.com/p/2', comments: 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj' },
          answer: { order: 23502 },
        },
      ],
      refusals: [
        refusals.incorrectService,
        refusals.disabledService,
        refusals.linkRequired,
        refusals.incorrectLink,
        refusals.quantityRequired,
        refusals.incorrectQuantity,
        'Quantity less than minimal N',
        'Quantity more than maximum N',
        refusals.dripFeedNotAvailable,
        refusals.intervalRequired,
        refusals.notEnoughFunds,
        refusals.activeLink,
        refusals.linkNotTaken,
        refusals.keyReused,
        'Price is now N',
      ],
    },
  ],
}

export const quote: Action = {
  name: 'quote',
  about: 'What an add with the same parameters would cost, or the refusal it would get. Buys nothing.',
  forms: [
    {
      about: 'Quote',
      parameters: [{ name: 'service', about: 'Service ID' }],
      examples: [
        {
          title: 'quote',
          parameters: { service: '1448', link: 'https://example.com/p/1', quantity: '1000' },
          answer: { charge: '0.90000', currency: 'USD' },
        },
      ],
      refusals: add.forms[0]!.refusals,
    },
  ],
}
