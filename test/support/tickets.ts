import { transaction } from '../../server/db/pool.ts'
import type { TicketKind } from '../../server/support/kinds.ts'
import { openByCustomer, replyByCustomer } from '../../server/support/open-ticket.ts'
import type { Docket } from './docket.ts'

/** Says that 95 of 100 orders of a service begin within 10 minutes and end within an hour. */
export async function usualFor(docket: Docket, service: number): Promise<void> {
  await docket.db.query(
    `insert into service_times (service_id, start_median, start_p95, finish_median, finish_p95, newest_at, measured_at) values ($1, 60, 600, 900, 3600, $2, $2)
      on conflict (service_id) do nothing`,
    [service, docket.clock.now()],
  )
}

interface Opened {
  readonly kind?: TicketKind
  readonly orders?: readonly number[]
  readonly text?: string
  readonly subject?: string
  readonly form?: string | null
  readonly locale?: string
  readonly pictures?: readonly Buffer[]
}

/** Opens a ticket as a customer does. */
export async function opened(docket: Docket, accountId: number, ticket: Opened = {}): Promise<bigint> {
  const { kind = 'other', orders = [], text = 'Where is it?', subject = '', form = null, locale = 'en', pictures = [] } = ticket
  const asked = { accountId, kind, subject, orders: orders.map(BigInt), locale, form, who: 'customer@example.com', text, pictures }
  return transaction(docket.db, (tx) => openByCustomer(tx, asked, docket.clock.now()))
}

/** Writes in a ticket as its customer does. */
export function replied(docket: Docket, accountId: number, ticketId: bigint, text: string, form: string | null = null): Promise<bigint> {
  const writing = { who: 'customer@example.com', text, pictures: [], form }
  return transaction(docket.db, (tx) => replyByCustomer(tx, { accountId, ticketId }, writing, docket.clock.now()))
}
