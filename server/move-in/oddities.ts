/** What can be odd in a panel, by its code: the desk has its own words for each, in every language. */
interface Oddity {
  readonly words: string
  /** The row does not come over. */
  readonly isLeftOut?: true
}

export const oddities = {
  // Suppliers
  supplier_without_id: { words: 'a supplier without an id: it is left out', isLeftOut: true },
  supplier_without_access: { words: 'a supplier has no usable address and key: staff do its orders until it has' },
  // Services
  service_id: { words: 'the id of a service is no positive whole number: it is left out', isLeftOut: true },
  service_price: { words: 'the price of a service is no number: it is left out', isLeftOut: true },
  service_type: { words: 'the type of a service is not known here: it is disabled until you set it' },
  service_limits: { words: 'the least quantity of a service is above its most' },
  service_number_taken: { words: 'the number of a service is taken here: it is left out with its orders', isLeftOut: true },
  service_supplier_missing: { words: 'the supplier of a service is missing: staff do its orders' },
  service_deleted: { words: 'orders of a service that was deleted there: it is added again, disabled' },
  // Accounts
  account_id: { words: 'the id of an account is no positive whole number: it is left out', isLeftOut: true },
  account_number_taken: { words: 'the number of an account is taken here: it is left out with its orders and money', isLeftOut: true },
  account_address_taken: { words: 'an e-mail address is taken: the account gets one that nobody reads' },
  account_without_address: { words: 'an account has no usable e-mail address: it gets one that nobody reads' },
  account_rate: { words: 'an account has a general rate of its own there: agree a discount with it here' },
  balance_no_number: { words: 'a balance is no number: nothing is brought over' },
  balance_rounded: { words: 'a balance has more than five digits behind the dot: it was rounded' },
  balance_below_zero: { words: 'a balance is below zero: it is owed from now on' },
  key_too_short: { words: 'a key is too short to be safe: it is not brought over', isLeftOut: true },
  key_of_two: { words: 'two accounts have one key: it is left out', isLeftOut: true },
  key_taken: { words: 'a key belongs to somebody else here: it is left out', isLeftOut: true },
  // Own prices
  price_unreadable: { words: 'an own price cannot be read: it is left out', isLeftOut: true },
  price_of_nothing: { words: 'an own price of an account or service that is not there: it is left out', isLeftOut: true },
  // Orders
  order_id: { words: 'the id of an order is no positive whole number: it is left out', isLeftOut: true },
  order_of_nobody: { words: 'an order belongs to nobody: it is left out', isLeftOut: true },
  order_without_service: { words: 'an order is of no service: it is left out', isLeftOut: true },
  order_subscription: { words: 'a subscription is set up again here: it is left out', isLeftOut: true },
  order_charge: { words: 'the charge of an order is no amount: it is left out', isLeftOut: true },
  order_run: { words: 'a run of a drip-feed costs nothing here: its drip-feed has paid for it' },
  order_quantity: { words: 'the quantity of an order is not above zero: it is noted as one' },
  order_link_cut: { words: 'a link was cut where the panel cuts links' },
  order_completed_with_rest: { words: 'an order is completed, and something remains' },
  order_partial_without_rest: { words: 'an order is partial, and nothing remains' },
  order_more_remains: { words: 'more remains of an order than was ordered' },
  order_account_missing: { words: 'the account of an order is not there: it is left out', isLeftOut: true },
  order_service_other: { words: 'the service of an order is another one here: it is left out', isLeftOut: true },
  order_number_taken: { words: 'the number of an order is taken here: it is left out', isLeftOut: true },
  order_too_late: { words: 'an open order came after the balance of its account: it is left out', isLeftOut: true },
  // Any of them
  id_twice: { words: 'an id is there twice: the first row stands', isLeftOut: true },
  date_of_zeros: { words: 'a date of zeros' },
  date_unreadable: { words: 'a date cannot be read' },
  text_broken: { words: 'a text was broken by a change of its encoding' },
} as const satisfies Readonly<Record<string, Oddity>>

export type OddityCode = keyof typeof oddities

export function isLeftOut(code: OddityCode): boolean {
  return (oddities[code] as Oddity).isLeftOut === true
}

/** Where something is odd: an order and its number. Of an own price: the numbers of the account and the service. */
export type OddRow = readonly [
  kind: 'supplier' | 'service' | 'account' | 'price' | 'order',
  id: string | number | bigint | null | undefined,
]

export function rowText([kind, id]: OddRow): string {
  return kind === 'price' ? `own price of account ${String(id).replace('/', ', service ')}` : `${kind} ${id}`
}
