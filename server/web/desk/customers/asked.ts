import {
  type AccountCursor,
  type AccountFilter,
  type AccountOrder,
  accountOrders,
  accountStates,
  balanceStates,
  type FoundAccount,
} from '../../../customers/find-accounts.ts'
import { parseUnits, type Units } from '../../../ledger/money.ts'
import type { Faults } from '../../ui/page-ui.ts'
import type { DeskContext } from '../desk.ts'
import { faultText } from '../field-faults.ts'

export const PAGE = '/customers'
export const MOST = 50

/** What the address asks for, as texts. */
export interface AskedCustomers {
  readonly q: string
  readonly state: string
  readonly balance: string
  readonly group: string
  readonly spent: string
  readonly order: AccountOrder
}

export function askedIn({ query, ui }: DeskContext): { asked: AskedCustomers; filter: AccountFilter; faults: Faults } {
  const given = (name: string) => (query.get(name) ?? '').slice(0, 254)
  const state = accountStates.find((each) => each === given('state')) ?? null
  const balance = balanceStates.find((each) => each === given('balance')) ?? null
  const order = accountOrders.find((each) => each === given('order')) ?? 'newest'
  const group = /^\d{1,9}$/.test(given('group')) ? given('group') : ''
  const { units, fault } = amountIn(given('spent'))
  return {
    asked: { q: given('q'), state: state ?? '', balance: balance ?? '', group, spent: given('spent'), order },
    filter: { text: given('q'), state, balance, group: group === '' ? null : Number(group), spent: units },
    faults: fault === null ? {} : { spent: faultText(ui.frame.texts, fault) },
  }
}

function amountIn(text: string): { units: Units | null; fault: string | null } {
  if (text === '') return { units: null, fault: null }
  try {
    return { units: parseUnits(text), fault: null }
  } catch (error) {
    return { units: null, fault: (error as RangeError).message }
  }
}

export function cursorIn(query: URLSearchParams): AccountCursor | null {
  const [, amount, id] = /^(-?\d{1,18})\.(\d{1,9})$/.exec(query.get('after') ?? '') ?? []
  return amount === undefined ? null : { amount: BigInt(amount), id: Number(id) }
}

/** The place behind this account, for the address of the next page. */
export function placeBehind({ id, wallet, spent }: FoundAccount, order: AccountOrder): string {
  return `${order === 'balance' ? wallet : spent}.${id}`
}
