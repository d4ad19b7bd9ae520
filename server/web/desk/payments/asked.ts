import { paymentStates, type PaymentFilter } from '../../../payments/find-payments.ts'
import type { PaymentState } from '../../../payments/gateway.ts'
import { endOfDay } from '../../../staff/days.ts'
import { dayIn, numberIn } from '../money/asked.ts'

/** What the address of the list asks for. */
export interface AskedPayments {
  /** A reference, an id of theirs, or that of a receipt: it is looked for alone. */
  readonly find: string
  readonly state: PaymentState | null
  readonly method: number | null
  readonly account: number | null
  readonly currency: string
  readonly from: string | null
  readonly until: string | null
  readonly filter: PaymentFilter
}

export function askedPayments(query: URLSearchParams): AskedPayments {
  const state = paymentStates.find((each) => each === query.get('state')) ?? null
  const [method, account] = [numberIn(query.get('method') ?? undefined), numberIn(query.get('account') ?? undefined)]
  const typed = (query.get('currency') ?? '').trim().toUpperCase()
  const currency = /^[A-Z0-9]{3,20}$/.test(typed) ? typed : ''
  const [from, until] = [dayIn(query, 'from'), dayIn(query, 'until')]
  const filter: PaymentFilter = {
    state: state ?? undefined,
    method: method ?? undefined,
    account: account ?? undefined,
    currency: currency === '' ? undefined : currency,
    from: from === null ? undefined : new Date(`${from}T00:00:00Z`),
    until: until === null ? undefined : endOfDay(until),
  }
  return { find: (query.get('find') ?? '').trim().slice(0, 200), state, method, account, currency, from, until, filter }
}

/** The same as texts, for an address. */
export function queryOf({ find, filter: _filter, ...asked }: AskedPayments): Record<string, string | number | null> {
  return { find: find === '' ? null : find, ...asked, currency: asked.currency === '' ? null : asked.currency }
}
