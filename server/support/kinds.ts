/** What a ticket is about. The first three are things that a customer's button does at once; as a ticket, they are about one that could not. */
export const ticketKinds = ['speed up', 'refill', 'cancel', 'count', 'money', 'other'] as const
export type TicketKind = (typeof ticketKinds)[number]

/** The kinds that are done at once and need no ticket. */
export const kindsAtOnce = ['speed up', 'refill', 'cancel'] as const satisfies readonly TicketKind[]
export type KindAtOnce = (typeof kindsAtOnce)[number]

/** Whose turn it is: `waiting` for staff, `answered`: the customer's, `closed`: nobody's. */
export const ticketStates = ['waiting', 'answered', 'closed'] as const
export type TicketState = (typeof ticketStates)[number]

/** By their numbers: 0 is `low`. */
export const priorities = ['low', 'usual', 'high', 'urgent'] as const
export type Priority = (typeof priorities)[number]

/** How many hours a ticket of each priority may wait before it needs somebody. */
export const HOURS_TO_WAIT: Readonly<Record<Priority, number>> = { low: 48, usual: 12, high: 4, urgent: 1 }

export const LONGEST_TEXT = 5000
export const LONGEST_SUBJECT = 200
export const MOST_ORDERS = 100
export const MOST_PICTURES = 3

export function isTicketKind(text: string | null | undefined): text is TicketKind {
  return ticketKinds.some((kind) => kind === text)
}

export function isKindAtOnce(text: string | null | undefined): text is KindAtOnce {
  return kindsAtOnce.some((kind) => kind === text)
}

export function isTicketState(text: string | null | undefined): text is TicketState {
  return ticketStates.some((state) => state === text)
}
