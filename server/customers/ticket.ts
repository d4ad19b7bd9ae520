import type { AccountContext } from './account-context.ts'
import { shortDigest } from './token.ts'

const TICKET_MS = 10 * 60_000

/** Whose sign-in waits for a code: a customer's, or one of staff. A ticket of one is worth nothing to the other. */
type TicketFor = 'code' | 'code of staff'

interface Ticket {
  readonly for: TicketFor
  readonly id: number
  readonly proof: string
  readonly until: number
}

type TicketContext = Pick<AccountContext, 'secret' | 'now'>

/** A sealed ticket that no node stores: it holds whose password was right, and until when that counts. */
export function ticketFor(context: TicketContext, of: { for: TicketFor; id: number; passwordHash: string }): string {
  const ticket: Ticket = { for: of.for, id: of.id, proof: proofOf(of.passwordHash), until: context.now().getTime() + TICKET_MS }
  return context.secret.seal(JSON.stringify(ticket)).toString('base64url')
}

/** Whose ticket it is; `isFor`: the ticket is void once the password has changed. Undefined for a text that is no ticket of this kind, or too old. */
export function holderOf(
  context: TicketContext,
  kind: TicketFor,
  text: string,
): { readonly id: number; isFor(passwordHash: string): boolean } | undefined {
  try {
    const ticket = JSON.parse(context.secret.open(Buffer.from(text, 'base64url'))) as Ticket
    if (ticket.for !== kind || ticket.until <= context.now().getTime()) return undefined
    return { id: ticket.id, isFor: (passwordHash) => proofOf(passwordHash) === ticket.proof }
  } catch {
    return undefined
  }
}

function proofOf(passwordHash: string): string {
  return shortDigest(`password ${passwordHash}`)
}
