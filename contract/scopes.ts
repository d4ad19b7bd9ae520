import type { MessageKey } from './message.ts'

/**
 * The rights that a key can be limited to: each scope is a name for some actions. A key without scopes may do everything, including actions that are
 * added later.
 */
const reading = {
  balance: ['balance'],
  services: ['services', 'service_changes'],
  status: ['status', 'refill_status'],
  changes: ['changes', 'events'],
  statement: ['ledger'],
} as const

export const scopes: Readonly<Record<string, readonly string[]>> = {
  ...reading,
  /** All actions that change nothing. */
  read: [...Object.values(reading).flat(), 'quote'],
  order: ['add', 'quote', 'refill', 'cancel'],
}

export const aboutScopes: Readonly<Record<string, MessageKey>> = {
  balance: 'keys.scope.balance',
  services: 'keys.scope.services',
  status: 'keys.scope.status',
  changes: 'keys.scope.changes',
  statement: 'keys.scope.statement',
  read: 'keys.scope.read',
  order: 'keys.scope.order',
}

/** The scope of a key that is not limited. */
export const EVERYTHING = 'everything'
