import type { MessageKey } from './message.ts'

/** The texts of the published protocol. Clients compare them letter by letter: they never change. */
export const refusals = {
  incorrectRequest: 'Incorrect request',
  invalidKey: 'Invalid API key',
  incorrectService: 'Incorrect service ID',
  disabledService: 'Service is disabled',
  linkRequired: 'Link is required',
  incorrectLink: 'Incorrect link',
  quantityRequired: 'Quantity is required',
  incorrectQuantity: 'Incorrect quantity',
  notEnoughFunds: 'Not enough funds on balance',
  activeLink: 'You have active order with this link. Please wait until order being completed.',
  incorrectOrder: 'Incorrect order ID',
  tooManyOrders: 'Too many order IDs',
  tooManyRefills: 'Too many refill IDs',
  refillNotFound: 'Refill not found',
  refillNotAvailable: 'Refill is not available for this order',
  refillRequested: 'Refill already requested',
  cannotCancel: 'Order cannot be canceled',
  dripFeedNotAvailable: 'Drip-feed is not available for this service',
  intervalRequired: 'Interval is required',
  keyReused: 'Idempotency key was used with other parameters',
  tooManyRequests: 'Too many requests',
  linkNotTaken: 'Orders for this link are not taken',
  actionNotAllowed: 'This API key may not use this action',
  addressNotAllowed: 'This API key may not be used from this address',
  serviceNotAllowed: 'This API key may not order this service',
  keyExpired: 'This API key has expired',
  dailyLimit: 'The daily spend limit of this API key is reached',
  subscriptionNotAllowed: 'An API key with a daily spend limit cannot order subscriptions',
} as const

export const quantityBelow = (min: bigint) => `Quantity less than minimal ${min}`
export const quantityAbove = (max: bigint) => `Quantity more than maximum ${max}`
export const priceIsNow = (charge: string) => `Price is now ${charge}`

/** What each text means; in those with a number N stands for it. */
export const aboutRefusals: ReadonlyMap<string, MessageKey> = new Map<string, MessageKey>([
  [refusals.incorrectRequest, 'refusal.incorrectRequest'],
  [refusals.invalidKey, 'refusal.invalidKey'],
  [refusals.incorrectService, 'refusal.incorrectService'],
  [refusals.disabledService, 'refusal.disabledService'],
  [refusals.linkRequired, 'refusal.linkRequired'],
  [refusals.incorrectLink, 'refusal.incorrectLink'],
  [refusals.quantityRequired, 'refusal.quantityRequired'],
  [refusals.incorrectQuantity, 'refusal.incorrectQuantity'],
  ['Quantity less than minimal N', 'refusal.quantityBelow'],
  ['Quantity more than maximum N', 'refusal.quantityAbove'],
  [refusals.dripFeedNotAvailable, 'refusal.dripFeedNotAvailable'],
  [refusals.intervalRequired, 'refusal.intervalRequired'],
  [refusals.notEnoughFunds, 'refusal.notEnoughFunds'],
  [refusals.activeLink, 'refusal.activeLink'],
  [refusals.keyReused, 'refusal.keyReused'],
  ['Price is now N', 'refusal.priceIsNow'],
  [refusals.incorrectOrder, 'refusal.incorrectOrder'],
  [refusals.tooManyOrders, 'refusal.tooMany'],
  [refusals.refillNotAvailable, 'refusal.refillNotAvailable'],
  [refusals.refillRequested, 'refusal.refillRequested'],
  [refusals.refillNotFound, 'refusal.refillNotFound'],
  [refusals.tooManyRefills, 'refusal.tooMany'],
  [refusals.cannotCancel, 'refusal.cannotCancel'],
  [refusals.tooManyRequests, 'refusal.tooManyRequests'],
])
