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

export const ledger: Action = {
  name: 'ledger',
  about: 'Your statement, line by line, oldest first. Each line carries the hash of itself and the line before.',
  forms: [
    {
      about: 'Ledger',
      parameters: [{ name: 'cursor', about: 'Cursor of the last answer; absent: from the first line', optional: true }],
      examples: [],
      refusals: [refusals.incorrectRequest],
    },
  ],
}
