import { isTicketKind, isTicketState, type TicketKind, type TicketState } from '../../../support/kinds.ts'
import { address } from '../../ui/page-links.tsx'
import { DESK } from '../desk.ts'

export const TICKETS = `${DESK}/tickets`

/** Where an answer is sent, which may have pictures. */
export const REPLY = `${TICKETS}/:id/reply`

/** What the address of the queue asks for. */
export interface AskedTickets {
  readonly state: TicketState
  readonly kind: TicketKind | null
  /** A member of staff; 0: nobody; null: whoever. */
  readonly assignee: number | null
  /** A number of a ticket or an order, or a customer: it is looked for alone. */
  readonly find: string
}

export function askedTickets(query: URLSearchParams): AskedTickets {
  const [state, kind] = [query.get('state'), query.get('kind')]
  const assignee = /^\d{1,9}$/.exec(query.get('assignee') ?? '')
  return {
    state: isTicketState(state) ? state : 'waiting',
    kind: isTicketKind(kind) ? kind : null,
    assignee: assignee && Number(assignee[0]),
    find: (query.get('find') ?? '').trim().slice(0, 200),
  }
}

/** The address of the queue with this filter. */
export function hrefOf({ state, kind, assignee, find }: AskedTickets, further: Readonly<Record<string, bigint>> = {}): string {
  return address(TICKETS, { state: state === 'waiting' ? null : state, kind, assignee, find, ...further })
}

/** The number of a ticket, a message or a picture in an address; null: it is none. */
export function numberIn(text: string | null | undefined): bigint | null {
  return /^[1-9]\d{0,17}$/.test(text ?? '') ? BigInt(text!) : null
}
