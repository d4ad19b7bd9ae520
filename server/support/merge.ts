import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { tellOfTicket } from './news.ts'
import { findTicket, lockTicket, type Ticket } from './tickets.ts'
import { addEvent } from './write.ts'

const LOCK_BOTH = 'select from tickets where id = any($1::bigint[]) order by id for no key update'
// What was merged into it goes on with the other too, so that each number leads there in one step.
const MERGE = `
  update tickets set state = 'closed', waiting_since = null, closed_at = coalesce(closed_at, $3), merged_into = $2,
    customer_mail_due = null, customer_mailed_at = null, staff_mail_due = null, staff_mailed_at = null
  where id = $1 or merged_into = $1`
const GO_ON = `
  update tickets t set changed_at = $3,
    state = case when o.waits then 'waiting' else t.state end,
    waiting_since = case when o.waits then least(t.waiting_since, o.since) else t.waiting_since end,
    closed_at = case when o.waits then null else t.closed_at end,
    priority = greatest(t.priority, o.priority),
    seen_by_customer = greatest(t.seen_by_customer, o.seen_by_customer), seen_by_staff = greatest(t.seen_by_staff, o.seen_by_staff),
    customer_mail_due = coalesce(t.customer_mail_due, o.customer_mail_due)
  from (
    select state = 'waiting' as waits, waiting_since as since, priority, seen_by_customer, seen_by_staff, customer_mail_due from tickets where id = $1
  ) o
  where t.id = $2`

/** Lets one ticket go on with another one of the same customer. Nothing is moved: the messages and orders of both are read as one, and both numbers lead there. */
export async function mergeTickets(
  tx: Queryable,
  id: bigint,
  into: bigint,
  who: string,
  now: Date,
): Promise<{ readonly from: Ticket; readonly into: Ticket }> {
  await tx.query(LOCK_BOTH, [[id, into]])
  const [from, target] = [await livingTicket(tx, id), await livingTicket(tx, into)]
  if (from.id === target.id) throw refuse('ticket_merges_with_itself')
  if (from.accountId !== target.accountId) throw refuse('ticket_of_another_account', target.id)
  await tx.query(GO_ON, [from.id, target.id, now])
  await tx.query(MERGE, [from.id, target.id, now])
  await addEvent(tx, target.id, `merged ${from.id}`, who, now)
  await tellOfTicket(tx, from.id, { what: 'merged', side: 'staff', messageId: null }, now)
  return { from, into: target }
}

async function livingTicket(tx: Queryable, id: bigint): Promise<Ticket> {
  const ticket = await findTicket(tx, id)
  if (!ticket) throw refuse('unknown_ticket', id)
  if (ticket.mergedInto !== null) throw refuse('ticket_is_merged', id, ticket.mergedInto)
  return ticket
}

const PART = `update tickets set merged_into = null, changed_at = $2 where id = $1`

/** Takes a ticket out again that was merged by mistake. It stays closed. */
export async function partTicket(
  tx: Queryable,
  id: bigint,
  who: string,
  now: Date,
): Promise<{ readonly ticket: Ticket; readonly from: bigint }> {
  const merged = await findTicket(tx, id)
  if (!merged) throw refuse('unknown_ticket', id)
  if (merged.mergedInto === null) throw refuse('ticket_is_not_merged', id)
  const target = await lockTicket(tx, id)
  await tx.query(LOCK_BOTH, [[id]])
  const ticket = await findTicket(tx, id)
  if (ticket?.mergedInto !== target.id) throw refuse('ticket_is_not_merged', id)
  await tx.query(PART, [id, now])
  await addEvent(tx, target.id, `parted ${id}`, who, now)
  return { ticket, from: target.id }
}
