import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { type Priority, priorities, type TicketKind } from './kinds.ts'
import { tellOfTicket } from './news.ts'
import type { Ticket } from './tickets.ts'
import { addEvent } from './write.ts'

interface By {
  readonly side: 'customer' | 'staff'
  readonly who: string
}

const CLOSE = `update tickets set state = 'closed', waiting_since = null, closed_at = $2, changed_at = $2, staff_mail_due = null where id = $1`

/** Closes a ticket that is locked; one that is closed already stays as it is. False: it was closed. */
export async function closeTicket(tx: Queryable, ticket: Ticket, { side, who }: By, now: Date): Promise<boolean> {
  if (ticket.state === 'closed') return false
  await tx.query(CLOSE, [ticket.id, now])
  await addEvent(tx, ticket.id, 'closed', who, now)
  await tellOfTicket(tx, ticket.id, { what: 'closed', side, messageId: null }, now)
  return true
}

const REOPEN = `update tickets set state = 'waiting', waiting_since = $2, closed_at = null, changed_at = $2, pictures_gone = false where id = $1`

/** Opens a ticket that is locked again: it waits for staff. False: it was open. */
export async function reopenTicket(tx: Queryable, ticket: Ticket, { side, who }: By, now: Date): Promise<boolean> {
  if (ticket.state !== 'closed') return false
  await tx.query(REOPEN, [ticket.id, now])
  await addEvent(tx, ticket.id, 'reopened', who, now)
  await tellOfTicket(tx, ticket.id, { what: 'reopened', side, messageId: null }, now)
  return true
}

const STAFF = 'select id, name, role from staff where id = $1 and ended_at is null'
const ASSIGN = 'update tickets set assignee = $2, staff_mailed_at = null where id = $1'

/** Gives a ticket that is locked to a member of staff; null: to nobody. */
export async function assignTicket(tx: Queryable, { id }: Ticket, staffId: number | null): Promise<void> {
  if (staffId !== null && (await tx.query(STAFF, [staffId])).rowCount === 0) throw refuse('unknown_staff', staffId)
  await tx.query(ASSIGN, [id, staffId])
}

const RELEASE = `update tickets set assignee = null, staff_mailed_at = null where coalesce(assignee, 0) = $1 and merged_into is null and state <> 'closed'`

/** Makes the open tickets of somebody who leaves nobody's, so that whoever looks for those finds them. */
export async function releaseTickets(tx: Queryable, staffId: number): Promise<void> {
  await tx.query(RELEASE, [staffId])
}

const SET = 'update tickets set priority = coalesce($2, priority), kind = coalesce($3, kind) where id = $1'

/** Changes how a ticket that is locked is sorted. Customers see its kind, and never its priority. */
export async function sortTicket(
  tx: Queryable,
  { id }: Ticket,
  { priority, kind }: { readonly priority?: Priority | undefined; readonly kind?: TicketKind | undefined },
): Promise<void> {
  await tx.query(SET, [id, priority === undefined ? null : priorities.indexOf(priority), kind ?? null])
}

const SEEN_BY_CUSTOMER = `
  update tickets set seen_by_customer = greatest(seen_by_customer, $2), customer_mail_due = null, customer_mailed_at = null
  where id = $1 and (seen_by_customer < $2 or customer_mail_due is not null or customer_mailed_at is not null)`
const SEEN_BY_STAFF = `
  update tickets set seen_by_staff = greatest(seen_by_staff, $2), staff_mail_due = null, staff_mailed_at = null
  where id = $1 and (seen_by_staff < $2 or staff_mail_due is not null or staff_mailed_at is not null)`

/** Notes that one side has seen a ticket up to this message: no mail tells of it any more. */
export async function noteSeen(db: Queryable, side: 'customer' | 'staff', ticketId: bigint, newest: bigint): Promise<void> {
  await db.query(side === 'customer' ? SEEN_BY_CUSTOMER : SEEN_BY_STAFF, [ticketId, newest])
}
