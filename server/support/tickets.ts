import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { type Priority, priorities, type TicketKind, type TicketState } from './kinds.ts'

export interface Ticket {
  readonly id: bigint
  readonly accountId: number
  /** The address of the account. */
  readonly email: string
  readonly kind: TicketKind
  /** Empty: its kind and its orders say it all. */
  readonly subject: string
  readonly state: TicketState
  readonly priority: Priority
  readonly assignee: number | null
  readonly assigneeName: string | null
  /** The ticket that goes on with this one. */
  readonly mergedInto: bigint | null
  readonly locale: string | null
  readonly openedAt: Date
  readonly changedAt: Date
  /** Since when the customer waits for staff. */
  readonly waitingSince: Date | null
  readonly closedAt: Date | null
  /** The newest messages that each side has seen. */
  readonly seenByCustomer: bigint
  readonly seenByStaff: bigint
}

interface TicketRow extends Omit<Ticket, 'priority'> {
  readonly priority: number
}

/** The columns of tickets `t`, which the `JOINS` belong to. */
const COLUMNS = `
  t.id, t.account_id as "accountId", a.email, t.kind, t.subject, t.state, t.priority, t.assignee, s.name as "assigneeName", t.merged_into as "mergedInto",
  t.locale, t.opened_at as "openedAt", t.changed_at as "changedAt", t.waiting_since as "waitingSince", t.closed_at as "closedAt",
  t.seen_by_customer as "seenByCustomer", t.seen_by_staff as "seenByStaff"`
const JOINS = 'join accounts a on a.id = t.account_id left join staff s on s.id = t.assignee'

function ticketOf<Row extends TicketRow>({ priority, ...row }: Row): Omit<Row, 'priority'> & { readonly priority: Priority } {
  return { ...row, priority: priorities[priority]! }
}

const ONE = `select ${COLUMNS} from tickets t ${JOINS} where t.id = $1`

/** A ticket as it stands, also one that was merged; undefined: there is none. */
export async function findTicket(db: Queryable, id: bigint): Promise<Ticket | undefined> {
  const { rows } = await db.query<TicketRow>({ name: 'ticket', text: ONE, values: [id] })
  return rows[0] && ticketOf(rows[0])
}

/** A ticket, or the one that goes on with it; undefined: there is none. */
export async function findLivingTicket(db: Queryable, id: bigint): Promise<Ticket | undefined> {
  const ticket = await findTicket(db, id)
  return ticket?.mergedInto ? findTicket(db, ticket.mergedInto) : ticket
}

const LIVING = 'select coalesce(merged_into, id) as id from tickets where id = $1'
const LOCK = `${ONE} for no key update of t`
const MOST_HOPS = 5

/** Locks a ticket, or the one that goes on with it, until the transaction ends. Throws a Refusal when there is none. */
export async function lockTicket(tx: Queryable, id: bigint): Promise<Ticket> {
  for (let hop = 0; hop < MOST_HOPS; hop += 1) {
    const living = (await tx.query<{ id: bigint }>(LIVING, [id])).rows[0]
    if (!living) throw refuse('unknown_ticket', id)
    const ticket = ticketOf((await tx.query<TicketRow>(LOCK, [living.id])).rows[0]!)
    // Somebody may have merged it while we waited for its lock.
    if (ticket.mergedInto === null) return ticket
  }
  throw refuse('unknown_ticket', id)
}

/** A ticket in a list. */
export interface ListedTicket extends Ticket {
  readonly orders: readonly bigint[]
  /** How many orders it is about, of which `orders` has the first. */
  readonly orderCount: number
  /** The first of its messages. */
  readonly begins: string
  /** The newest message of each side; null: there is none. */
  readonly newestOfStaff: bigint | null
  readonly newestOfCustomer: bigint | null
}

const ORDERS_LISTED = 3
const LETTERS_LISTED = 160
/** More of the same ticket, and of those that were merged into it. */
const PARTS = 'select id from tickets where id = t.id or merged_into = t.id'
const LISTED = `${COLUMNS}, o.orders, o.count as "orderCount", coalesce(left(f.text, ${LETTERS_LISTED}), '') as begins,
  (select max(m.id) from ticket_messages m where m.ticket_id in (${PARTS}) and m.side = 'staff') as "newestOfStaff",
  (select max(m.id) from ticket_messages m where m.ticket_id in (${PARTS}) and m.side = 'customer') as "newestOfCustomer"`
const LISTED_JOINS = `${JOINS}
  cross join lateral (
    select coalesce((array_agg(w.order_id order by w.order_id))[1:${ORDERS_LISTED}], '{}') as orders, count(*)::int as count from (
      select distinct order_id from ticket_orders where ticket_id in (${PARTS})) w
  ) o
  left join lateral (select text from ticket_messages where ticket_id = t.id and side in ('customer', 'staff') order by id limit 1) f on true`

/** Draws out the tickets of a page, of which `page` selects the rows, in this order. */
const drawnOut = (page: string, order: string) => `select ${LISTED} from (${page}) t ${LISTED_JOINS} order by ${order}`

const NEWEST = 't.changed_at desc, t.id desc'
const LONGEST = 't.priority desc, t.waiting_since, t.id'

/** The place of a page in a list: behind this ticket, or at the beginning. */
export interface TicketPage {
  readonly behind: bigint | null
  readonly most: number
  /** How many to pass over first, for programs that page by counting. */
  readonly skip?: number
}

const OF_ACCOUNT = drawnOut(
  `select * from tickets t where account_id = $1 and merged_into is null and ($5::text is null or state = $5)
    and ($2::bigint is null or (changed_at, id) < (select changed_at, id from tickets where id = $2)) order by ${NEWEST} limit $3 offset $4`,
  NEWEST,
)

/** The tickets of an account, or those of them in one state, those that changed last first. */
export function listTicketsOf(
  db: Queryable,
  accountId: number,
  { behind, most, skip = 0 }: TicketPage,
  state: TicketState | null = null,
): Promise<ListedTicket[]> {
  return listed(db, 'tickets of an account', OF_ACCOUNT, [accountId, behind, most, skip, state])
}

async function listed(db: Queryable, name: string, text: string, values: readonly unknown[]): Promise<ListedTicket[]> {
  type Row = Omit<ListedTicket, 'priority'> & { readonly priority: number }
  return (await db.query<Row>({ name, text, values: [...values] })).rows.map(ticketOf)
}

/** Which tickets staff look at; null: whatever it is. */
export interface TicketFilter {
  readonly state: TicketState
  readonly kind: TicketKind | null
  /** A member of staff, or 0 for nobody. */
  readonly assignee: number | null
}

/** The tickets of a state: those that wait, the longest first and the urgent before all others; the others, those that changed last first. Each combination
 * of filters is a statement of its own, so that each is found by an index. */
export function listTickets(db: Queryable, filter: TicketFilter, { behind, most, skip = 0 }: TicketPage): Promise<ListedTicket[]> {
  const waits = filter.state === 'waiting'
  const values: unknown[] = [behind, most, skip]
  const conditions = [waits ? `state = 'waiting'` : `state = $${values.push(filter.state)} and merged_into is null`]
  if (filter.kind !== null) conditions.push(`kind = $${values.push(filter.kind)}`)
  if (filter.assignee !== null) conditions.push(`coalesce(assignee, 0) = $${values.push(filter.assignee)}`)
  const order = waits ? LONGEST : NEWEST
  const page = `select * from tickets t where ${conditions.join(' and ')} and ($1::bigint is null or ${waits ? BEHIND_WAITING : BEHIND_CHANGED}) order by ${order} limit $2 offset $3`
  const name = `tickets ${waits ? 'that wait' : 'of a state'} ${filter.kind !== null ? 'by kind' : ''} ${filter.assignee !== null ? 'by assignee' : ''}`
  return listed(db, name, drawnOut(page, order), values)
}

const BEHIND_CHANGED = '(t.changed_at, t.id) < (select b.changed_at, b.id from tickets b where b.id = $1)'
// A ticket that was answered meanwhile has no place in the queue any more: the page goes on behind those that wait since before its answer.
const BEHIND_WAITING = `(-t.priority, t.waiting_since, t.id) > (select -b.priority, coalesce(b.waiting_since, b.changed_at), b.id from tickets b where b.id = $1)`

const ALL = drawnOut(
  'select * from tickets t where merged_into is null and ($3::bigint is null or id < $3) order by id desc limit $1 offset $2',
  't.id desc',
)

/** All tickets, those that were opened last first. */
export function listNewestTickets(db: Queryable, { behind, most, skip = 0 }: TicketPage): Promise<ListedTicket[]> {
  return listed(db, 'newest tickets', ALL, [most, skip, behind])
}

const BY_IDS = drawnOut('select * from tickets where id = any($1::bigint[])', NEWEST)

/** Tickets by their numbers, those that changed last first; a merged one is not listed, but that which goes on with it. */
export async function listTicketsById(db: Queryable, ids: readonly bigint[]): Promise<ListedTicket[]> {
  if (ids.length === 0) return []
  return listed(db, 'tickets by number', BY_IDS, [await livingOnes(db, ids)])
}

const LIVING_ONES = 'select distinct coalesce(merged_into, id) as id from tickets where id = any($1::bigint[])'

async function livingOnes(db: Queryable, ids: readonly bigint[]): Promise<bigint[]> {
  return (await db.query<{ id: bigint }>({ name: 'living tickets', text: LIVING_ONES, values: [ids] })).rows.map(({ id }) => id)
}

const OF_ORDER = 'select ticket_id as id from ticket_orders where order_id = $1 order by ticket_id desc limit $2'

/** The numbers of the newest tickets about an order, also of those that were merged. */
export async function ticketsOfOrder(db: Queryable, orderId: bigint, most: number): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>({ name: 'tickets of an order', text: OF_ORDER, values: [orderId, most] })
  return rows.map(({ id }) => id)
}

const ORDERS =
  'select distinct order_id as id from ticket_orders where ticket_id in (select id from tickets where id = $1 or merged_into = $1) order by 1'

/** The orders that a ticket, or one that was merged into it, is about. */
export async function ordersOfTicket(db: Queryable, id: bigint): Promise<bigint[]> {
  return (await db.query<{ id: bigint }>({ name: 'orders of a ticket', text: ORDERS, values: [id] })).rows.map((row) => row.id)
}

const MERGED = 'select id from tickets where merged_into = $1 order by id'

/** The numbers of the tickets that were merged into this one. */
export async function mergedInto(db: Queryable, id: bigint): Promise<bigint[]> {
  return (await db.query<{ id: bigint }>({ name: 'merged tickets', text: MERGED, values: [id] })).rows.map((row) => row.id)
}

const WITH_NEWS = `
  select t.id from tickets t
  where t.account_id = $1 and t.merged_into is null and t.state = 'answered' and exists (
    select from ticket_messages m where m.ticket_id in (${PARTS}) and m.side = 'staff' and m.id > t.seen_by_customer)
  order by t.changed_at desc, t.id desc limit $2`
const MOST_WITH_NEWS = 20

/** The numbers of an account's tickets with an answer that nobody there has seen. */
export async function ticketsWithNews(db: Queryable, accountId: number): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>({ name: 'tickets with news', text: WITH_NEWS, values: [accountId, MOST_WITH_NEWS] })
  return rows.map(({ id }) => id)
}
