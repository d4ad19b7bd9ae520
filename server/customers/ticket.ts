import type { AccountContext } from './account-context.ts'
import { shortDigest } from './token.ts'

const TICKET_MS = 10 * 60_000

/**
 * What a ticket is for: a sign-in of a customer, or of one of staff, that waits for a code; one by a provider that does; or a person whom a provider
 * has shown to be new. A ticket of one kind is worth nothing for another.
 */
type TicketFor = 'code' | 'code of staff' | 'code after provider' | 'new by provider'

interface Ticket {
  readonly for: TicketFor
  readonly content: object
  readonly until: number
}

type TicketContext = Pick<AccountContext, 'secret' | 'now'>

/** A sealed ticket that no node stores: it holds what a browser has shown, and until when that counts. */
export function sealTicket(context: TicketContext, kind: TicketFor, content: object): string {
  const ticket: Ticket = { for: kind, content, until: context.now().getTime() + TICKET_MS }
  return context.secret.seal(JSON.stringify(ticket)).toString('base64url')
}

/** What a ticket holds; undefined for a text that is no ticket of this kind, or too old. */
export function openTicket<Content extends object>(context: TicketContext, kind: TicketFor, text: string): Content | undefined {
  try {
    const ticket = JSON.parse(context.secret.open(Buffer.from(text, 'base64url'))) as Ticket
    return ticket.for === kind && ticket.until > context.now().getTime() ? (ticket.content as Content) : undefined
  } catch {
    return undefined
  }
}

type ForCode = 'code' | 'code of staff'

interface Holder {
  readonly id: number
  readonly proof: string
}

/** A ticket for whoever gave the right password. */
export function ticketFor(context: TicketContext, of: { for: ForCode; id: number; passwordHash: string }): string {
  return sealTicket(context, of.for, { id: of.id, proof: proofOf(of.passwordHash) } satisfies Holder)
}

/** Whose ticket it is; `isFor`: the ticket is void once the password has changed. Undefined for a text that is no ticket of this kind, or too old. */
export function holderOf(
  context: TicketContext,
  kind: ForCode,
  text: string,
): { readonly id: number; isFor(passwordHash: string): boolean } | undefined {
  const holder = openTicket<Holder>(context, kind, text)
  return holder && { id: holder.id, isFor: (passwordHash) => proofOf(passwordHash) === holder.proof }
}

function proofOf(passwordHash: string): string {
  return shortDigest(`password ${passwordHash}`)
}
