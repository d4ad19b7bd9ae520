import type { AnswerField, Parameter } from '../../../contract/action.ts'
import { depositAnswer, depositExample, depositParameters, DEPOSITS } from '../../../contract/deposits.ts'
import type { Extension } from '../../../contract/extensions.ts'
import { ticketAnswer, ticketExample, ticketParameters, TICKETS } from '../../../contract/tickets.ts'

/** A way beside v2, as the documents show it: the call that makes something, and its answer. */
export interface BesideDoc {
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly answer: readonly AnswerField[]
  readonly example: { readonly parameters: Readonly<Record<string, string>>; readonly answer: unknown }
}

const deposits: BesideDoc = { path: DEPOSITS, parameters: depositParameters, answer: depositAnswer, example: depositExample }
const tickets: BesideDoc = { path: TICKETS, parameters: ticketParameters, answer: ticketAnswer, example: ticketExample }

/** The way that shows an extension; undefined: it is no way of its own. */
export function besideOf(shownBy: Extension['shownBy']): BesideDoc | undefined {
  return shownBy === 'deposit' ? deposits : shownBy === 'ticket' ? tickets : undefined
}

/** The paths that the texts of extensions name, below the API's address. */
export function pathsBelow(api: string): Readonly<Record<string, string>> {
  return { deposits: api + DEPOSITS, tickets: api + TICKETS }
}
