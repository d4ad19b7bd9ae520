import type { Example } from './action.ts'
import { placed } from './actions/add.ts'
import type { MessageKey } from './message.ts'

/** A feature for clients that know more than the published protocol. */
export interface Extension {
  /** Its anchor in the documents. */
  readonly id: string
  readonly title: MessageKey
  readonly about: MessageKey
  readonly examples: readonly (Example & { readonly action: string })[]
  /** The program that shows it, when a single call cannot. */
  readonly shownBy?: 'unchanged list' | 'stream' | 'webhook' | 'deposit' | 'ticket'
}

const order = { service: '1448', link: 'https://example.com/p/1', quantity: '1000' }

/** The path of the live stream of changes, below the API's address. */
export const STREAM = '/events'
/** The most streams that one key may have open, on each node. */
export const MOST_STREAMS_OF_A_KEY = 5

export const extensions: readonly Extension[] = [
  {
    id: 'retries',
    title: 'extension.retry',
    about: 'extension.retry.about',
    examples: [{ action: 'add', parameters: { ...order, idempotency_key: 'shop-order-7781' }, ...placed }],
  },
  {
    id: 'price-lock',
    title: 'extension.lock',
    about: 'extension.lock.about',
    examples: [{ action: 'add', parameters: { ...order, max_charge: '0.85' }, answer: { error: 'Price is now 0.90000' } }],
  },
  {
    id: 'more-fields',
    title: 'extension.more',
    about: 'extension.more.about',
    examples: [
      {
        action: 'status',
        parameters: { order: '1', extended: '1' },
        answer: {
          charge: '0.27819',
          start_count: '3572',
          status: 'Partial',
          remains: '157',
          currency: 'USD',
          quantity: '1000',
          link: 'https://example.com/p',
          created: '2026-02-19T12:00:00.000Z',
          started: null,
          finished: '2026-02-26T12:00:00.000Z',
          start_by: null,
          finish_by: null,
          compensated: '0.00000',
          refill_until: '2026-03-28T12:00:00.000Z',
          refills_left: null,
          refill_available_at: '2026-02-28T12:00:00.000Z',
        },
      },
    ],
  },
  {
    id: 'explain',
    title: 'explain.extension',
    about: 'explain.extension.about',
    examples: [
      {
        action: 'status',
        parameters: { order: '1', explain: '1' },
        answer: {
          charge: '0.27819',
          start_count: '3572',
          status: 'Partial',
          remains: '157',
          currency: 'USD',
          explain: {
            charge: {
              by: 'rate',
              rate: '0.33000',
              rate_of: 'catalogue',
              per: '1000',
              quantity: '1000',
              runs: null,
              exact: '0.33',
              rounding: 'none',
              amount: '0.33000',
              line: 2,
              hash: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
            },
            given_back: [
              {
                cause: 'refund',
                by: 'partial',
                remains: '157',
                delivered: '843',
                quantity: '1000',
                exact: '0.05181',
                rounding: 'none',
                limited: false,
                amount: '0.05181',
                line: 3,
                hash: '1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014',
              },
            ],
            missed: [],
            kept: '0.27819',
          },
        },
        differs: ['hash'],
      },
    ],
  },
  { id: 'unchanged-lists', title: 'extension.lists', about: 'extension.lists.about', examples: [], shownBy: 'unchanged list' },
  { id: 'stream', title: 'extension.stream', about: 'extension.stream.about', examples: [], shownBy: 'stream' },
  { id: 'deposits', title: 'extension.deposits', about: 'extension.deposits.about', examples: [], shownBy: 'deposit' },
  { id: 'tickets', title: 'extension.tickets', about: 'extension.tickets.about', examples: [], shownBy: 'ticket' },
  { id: 'webhooks', title: 'app.webhooks', about: 'hooks.lead', examples: [], shownBy: 'webhook' },
  {
    id: 'test-keys',
    title: 'extension.test',
    about: 'extension.test.about',
    examples: [{ action: 'add', parameters: { ...order, link: `${order.link}#partial` }, ...placed }],
  },
]
