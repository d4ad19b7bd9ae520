import type { MessageKey } from './message.ts'
import { type FieldName, fieldNames } from './service-types.ts'

/**
 * The kind of a refusal: besides the code, the only thing that callers look at.
 * - `order`: this order is refused; others of the same caller may be accepted.
 * - `request`: the request is not carried out.
 * - `caller`: every request of this caller is refused.
 * - `call`: the call is not accepted: it is too large, of a type we do not read, or not from a page of ours.
 * - `now`: no answer at this moment: a limit, a full queue, a node that stops, a database that is away.
 * - `fault`: something failed on our side.
 *
 * The first three are answers: HTTP 200 and the bare text, because clients lose the text of a 4xx. The others have a status of their own.
 */
export type RefusalKind = 'order' | 'request' | 'caller' | 'call' | 'now' | 'fault'

/**
 * One refusal. `text`: its sentence, or a function that makes it from values. `status`: the HTTP status. `retryAfter`: seconds until trying again
 * makes sense, or a function of the values. `about`: the documentation of the text; null when another row documents it.
 */
export interface RefusalRow {
  readonly text: string | ((...values: never[]) => string)
  readonly kind: RefusalKind
  readonly status: number
  readonly retryAfter: number | ((...values: never[]) => number) | null
  readonly about: MessageKey | null
}

type Text = RefusalRow['text']

function order<const T extends Text>(text: T, about: MessageKey | null = null) {
  return { text, kind: 'order', status: 200, retryAfter: null, about } as const
}

export function request<const T extends Text>(text: T, about: MessageKey | null = null) {
  return { text, kind: 'request', status: 200, retryAfter: null, about } as const
}

function caller<const T extends Text>(text: T, about: MessageKey | null = null) {
  return { text, kind: 'caller', status: 200, retryAfter: null, about } as const
}

export function call<const T extends Text>(text: T, status: number) {
  return { text, kind: 'call', status, retryAfter: null, about: null } as const
}

/** 503: nothing was done, and the same request may be sent again in a moment. */
function busy<const T extends Text>(text: T) {
  return { text, kind: 'now', status: 503, retryAfter: 1, about: null } as const
}

const INCORRECT_REQUEST = 'Incorrect request'
const TOO_MANY_REQUESTS = 'Too many requests'
const LOOK_FIRST = {
  order:
    'The database could not be reached, so it is not known whether this order was placed: ask its status by idempotency_key before sending it again',
  change: 'The database does not answer in time, so it is not known whether this was done: look before you send it again',
} as const

/** Queues that can be full. */
type FullQueue =
  | 'Too many requests are waiting'
  | 'Too many orders are waiting'
  | 'Too many streams are open'
  | 'Too many people are signing in'
  | 'This list is sent many times at once'

const refusalsByName = {
  incorrect_request: request(INCORRECT_REQUEST, 'refusal.incorrectRequest'),
  invalid_key: caller('Invalid API key', 'refusal.invalidKey'),
  incorrect_service: order('Incorrect service ID', 'refusal.incorrectService'),
  service_disabled: order('Service is disabled', 'refusal.disabledService'),
  link_required: order('Link is required', 'refusal.linkRequired'),
  incorrect_link: order('Incorrect link', 'refusal.incorrectLink'),
  quantity_required: order('Quantity is required', 'refusal.quantityRequired'),
  incorrect_quantity: order('Incorrect quantity', 'refusal.incorrectQuantity'),
  quantity_below_min: order((min: bigint | 'N') => `Quantity less than minimal ${min}`, 'refusal.quantityBelow'),
  quantity_above_max: order((max: bigint | 'N') => `Quantity more than maximum ${max}`, 'refusal.quantityAbove'),
  drip_feed_not_available: order('Drip-feed is not available for this service', 'refusal.dripFeedNotAvailable'),
  interval_required: order('Interval is required', 'refusal.intervalRequired'),
  not_enough_funds: order('Not enough funds on balance', 'refusal.notEnoughFunds'),
  active_order_with_link: order('You have active order with this link. Please wait until order being completed.', 'refusal.activeLink'),
  idempotency_key_reused: order('Idempotency key was used with other parameters', 'refusal.keyReused'),
  price_above_max_charge: order((charge: string) => `Price is now ${charge}`, 'refusal.priceIsNow'),
  incorrect_order: request('Incorrect order ID', 'refusal.incorrectOrder'),
  too_many_ids: request('Too many order IDs', 'refusal.tooMany'),
  refill_not_available: request('Refill is not available for this order', 'refusal.refillNotAvailable'),
  refill_requested: request('Refill already requested', 'refusal.refillRequested'),
  refill_not_found: request('Refill not found', 'refusal.refillNotFound'),
  too_many_refills: request('Too many refill IDs', 'refusal.tooMany'),
  cannot_cancel: request('Order cannot be canceled', 'refusal.cannotCancel'),
  house_rule: order('Orders for this link are not taken', 'refusal.linkNotTaken'),
  action_not_allowed: caller('This API key may not use this action', 'refusal.actionNotAllowed'),
  address_not_allowed: caller('This API key may not be used from this address', 'refusal.addressNotAllowed'),
  service_not_allowed: order('This API key may not order this service', 'refusal.serviceNotAllowed'),
  key_expired: caller('This API key has expired', 'refusal.keyExpired'),
  daily_limit: order('The daily spend limit of this API key is reached', 'refusal.dailyLimit'),
  subscription_not_allowed: order('An API key with a daily spend limit cannot order subscriptions', 'refusal.subscriptionNotAllowed'),
  too_many_requests: {
    text: TOO_MANY_REQUESTS,
    kind: 'now',
    status: 429,
    retryAfter: (seconds: number) => seconds,
    about: 'refusal.tooManyRequests',
  },

  // Only the code tells these apart: in metrics, and for a customer whose key is used.
  get_is_off: request(INCORRECT_REQUEST),
  malformed_body: request(INCORRECT_REQUEST),
  unknown_action: request(INCORRECT_REQUEST),
  incorrect_cursor: request(INCORRECT_REQUEST),
  incorrect_idempotency_key: order(INCORRECT_REQUEST),
  incorrect_max_charge: order(INCORRECT_REQUEST),
  min_above_max: order('Incorrect quantity'),
  too_many_streams: { text: TOO_MANY_REQUESTS, kind: 'now', status: 429, retryAfter: 10, about: null },

  // These have a status of their own, and answer their code with the text.
  too_large: call('The request is too large', 413),
  unsupported_content_type: call('Send a form, JSON or multipart', 415),
  nothing_here: call('There is nothing at this address', 404),
  overloaded: busy((queue: FullQueue) => `${queue}, please try again`),
  prices_turn: busy('Prices are being changed, please try again'),
  starting: busy('Docket is starting, please try again'),
  draining: busy('Docket is stopping, please try again'),
  suspended: { text: 'This panel is suspended', kind: 'now', status: 503, retryAfter: 3600, about: null } as const,
  closed: { text: 'This panel is closed', kind: 'now', status: 503, retryAfter: 3600, about: null } as const,
  database_away: busy('The database does not answer, please try again'),
  outcome_unknown: { text: (of: 'order' | 'change') => LOOK_FIRST[of], kind: 'now', status: 503, retryAfter: 5, about: null },
  fault: { text: 'Something failed on our side, please try again', kind: 'fault', status: 500, retryAfter: null, about: null },
} as const satisfies Readonly<Record<string, RefusalRow>>

type OfAField = `${FieldName}_required` | `incorrect_${FieldName}`
type OfOtherFields = Exclude<OfAField, keyof typeof refusalsByName>
const bare = order(INCORRECT_REQUEST)

/** A field without a text of its own shares one text; its code names the field: `country_required`, `incorrect_country`. */
const refusalsOfOtherFields = Object.fromEntries(
  fieldNames
    .flatMap((name) => [`${name}_required`, `incorrect_${name}`] as const)
    .filter((code) => !(code in refusalsByName))
    .map((code) => [code, bare]),
) as Readonly<Record<OfOtherFields, typeof bare>>

/** Every refusal of the published protocol by its code. Clients compare the texts letter by letter, so they never change. */
export const refusals = { ...refusalsByName, ...refusalsOfOtherFields }

export type PublishedCode = keyof typeof refusals

/** The codes that refuse a single order. */
export type OrderCode = { [Code in PublishedCode]: (typeof refusals)[Code]['kind'] extends 'order' ? Code : never }[PublishedCode]

/** The documentation of each text; N replaces the number in texts that have one. */
export const aboutRefusals: ReadonlyMap<string, MessageKey> = new Map(
  Object.values<RefusalRow>(refusals).flatMap(({ text, about }) => (about === null ? [] : [[shownText(text), about] as const])),
)

function shownText(text: Text): string {
  return typeof text === 'string' ? text : (text as (value: 'N') => string)('N')
}
