import type { Action } from './action.ts'
import { add, quote } from './actions/add.ts'
import { balance } from './actions/balance.ts'
import { cancel } from './actions/cancel.ts'
import { changes, ledger, serviceChanges } from './actions/feeds.ts'
import { refill, refillStatus } from './actions/refill.ts'
import { services } from './actions/services.ts'
import { status } from './actions/status.ts'

/** The whole API, in the order of the documents. */
export const actions: readonly Action[] = [
  balance,
  services,
  add,
  quote,
  status,
  refill,
  refillStatus,
  cancel,
  changes,
  serviceChanges,
  ledger,
]
