import type { AccountContext } from './account-context.ts'
import type { ProvenIdentity } from './linked-sign-ins.ts'
import { shortDigest } from './token.ts'

const TICKET_MS = 10 * 60_000

interface Holder {
  readonly id: number
  readonly proof: string
}

/** Whose sign-in by a provider waits for a code. */
export interface AfterProvider {
  readonly userId: number
  readonly identity: ProvenIdentity
}

/**
 * What tickets are for, and what they hold: a sign-in of a customer, or of one of staff, that waits for a code; one by a provider that does; and a
 * person whom a provider has shown to be new. A ticket of one kind is worth nothing for another.
 */
interface Contents {
  readonly code: Holder
  readonly 'code of staff': Holder
  readonly 'code after provider': AfterProvider
  readonly 'new by provider': ProvenIdentity
}

interface Ticket<Kind extends keyof Contents = keyof Contents> {
  readonly for: Kind
  readonly content: Contents[Kind]
  readonly until: number
}

type TicketContext = Pick<AccountContext, 'secret' | 'now'>

/** A sealed ticket that no node stores: it holds what a browser has shown, and until when that counts. */
export function sealTicket<Kind extends keyof Contents>(context: TicketContext, kind: Kind, content: Contents[Kind]): string {
  const ticket: Ticket<Kind> = { for: kind, content, until: context.now().getTime() + TICKET_MS }
  return context.secret.seal(JSON.stringify(ticket)).toString('base64url')
}

/** What a ticket holds; undefined for a text that is no ticket of this kind, or too old. */
export function openTicket<Kind extends keyof Contents>(context: TicketContext, kind: Kind, text: string): Contents[Kind] | undefined {
  try {
    const ticket = JSON.parse(context.secret.open(Buffer.from(text, 'base64url'))) as Ticket
    return ticket.for === kind && ticket.until > context.now().getTime() ? (ticket.content as Contents[Kind]) : undefined
  } catch {
    return undefined
  }
}

type ForCode = 'code' | 'code of staff'

/** A ticket for whoever gave the right password. */
export function ticketFor(context: TicketContext, of: { for: ForCode; id: number; passwordHash: string }): string {
  return sealTicket(context, of.for, { id: of.id, proof: proofOf(of.passwordHash) })
}

/** Whose ticket it is; `isFor`: the ticket is void once the password has changed. Undefined for a text that is no ticket of this kind, or too old. */
export function holderOf(
  context: TicketContext,
  kind: ForCode,
  text: string,
): { readonly id: number; isFor(passwordHash: string): boolean } | undefined {
  const holder = openTicket(context, kind, text)
  return holder && { id: holder.id, isFor: (passwordHash) => proofOf(passwordHash) === holder.proof }
}

function proofOf(passwordHash: string): string {
  return shortDigest(`password ${passwordHash}`)
}
