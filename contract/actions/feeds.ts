import type { Action } from '../action.ts'
import { refusals } from '../refusals.ts'

export const changes: Action = {
  name: 'changes',
  about: 'The orders and refills that moved since a cursor, oldest first. Ask again with the cursor of the answer.',
  forms: [
    {
      about: 'Changes',
      parameters: [{ name: 'since', about: 'Cursor of the last answer; absent: from the beginning', optional: true }],
      examples: [],
      refusals: [refusals.incorrectRequest],
    },
  ],
}

export const serviceChanges: Action = {
  name: 'service_changes',
  about:
    'What became of the service list since a cursor, at your own rate: services that are new, that are gone, and old price → new. Ask again with the cursor of the answer; a service that moved and moved back is not mentioned.',
  forms: [
    {
      about: 'Service changes',
      parameters: [{ name: 'since', about: 'Cursor of the last answer; absent: from the beginning', optional: true }],
      examples: [],
      refusals: [refusals.incorrectRequest],
    },
  ],
}

export const ledger: Action = {
  name: 'ledger',
  about:
    'Your statement, line by line, oldest first. Each line carries the hash of itself and the line before. cause is deposit, charge, refund, compensation (a promise was missed) or correction.',
  forms: [
    {
      about: 'Ledger',
      parameters: [{ name: 'cursor', about: 'Cursor of the last answer; absent: from the first line', optional: true }],
      examples: [],
      refusals: [refusals.incorrectRequest],
    },
  ],
}
