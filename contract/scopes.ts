import type { MessageKey } from './message.ts'

/**
 * The rights that a key can be limited to: each scope is a name for some actions. A key without scopes may do everything, including actions that are
 * added later; only `deposit` must be given by its scope.
 */
const reading = {
  balance: ['balance'],
  services: ['services', 'service_changes'],
  status: ['status', 'refill_status'],
  changes: ['changes', 'events'],
  statement: ['ledger'],
} as const

/** The action that a key without scopes may not do. */
export const STARTS_DEPOSITS = 'deposit'

/** The action of a key that opens tickets and writes in them. */
export const WRITES_TICKETS = 'ticket'

export const scopes: Readonly<Record<string, readonly string[]>> = {
  ...reading,
  /** All actions that change nothing. */
  read: [...Object.values(reading).flat(), 'quote', 'deposit_status', 'ticket_status'],
  order: ['add', 'quote', 'refill', 'cancel'],
  /** Starting a deposit needs this scope by name: a key without scopes, which may be older, only reads deposits. */
  deposits: [STARTS_DEPOSITS, 'deposit_status'],
  tickets: [WRITES_TICKETS, 'ticket_status'],
}

export const aboutScopes: Readonly<Record<string, MessageKey>> = {
  balance: 'keys.scope.balance',
  services: 'keys.scope.services',
  status: 'keys.scope.status',
  changes: 'keys.scope.changes',
  statement: 'keys.scope.statement',
  read: 'keys.scope.read',
  order: 'keys.scope.order',
  deposits: 'keys.scope.deposits',
  tickets: 'keys.scope.tickets',
}

/** The scope of a key that is not limited. */
export const EVERYTHING = 'everything'
