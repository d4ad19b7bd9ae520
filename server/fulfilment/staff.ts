import type { Queryable } from '../db/pool.ts'

export interface OpenAlert {
  readonly kind: string
  readonly supplier: string | null
  readonly order: bigint | null
  readonly words: string
  readonly firstAt: Date
  readonly lastAt: Date
  readonly times: number
}

const OPEN_ALERTS = `
  select a.kind, s.name as supplier, a.order_id as "order", a.words, a.first_at as "firstAt", a.last_at as "lastAt", a.times
  from alerts a left join suppliers s on s.id = a.supplier_id where a.closed_at is null order by a.last_at desc, a.id desc limit 500`

/** What staff should know, newest first. */
export async function listAlerts(db: Queryable): Promise<OpenAlert[]> {
  return (await db.query<OpenAlert>(OPEN_ALERTS)).rows
}

/** An order of which a person must decide, with the evidence. */
export interface Undecided {
  readonly order: bigint
  readonly state: 'unconfirmed' | 'attention'
  readonly supplier: string
  readonly link: string
  readonly words: string | null
  readonly claimedAt: Date | null
  /** A cancel was asked for: if they do not have it, it is cancelled and not sent. */
  readonly cancelAsked: boolean
}

const UNDECIDED = `
  select h.order_id as "order", h.state, s.name as supplier, o.link, h.words, h.claimed_at as "claimedAt", o.cancel_asked_at is not null as "cancelAsked"
  from hand_offs h join suppliers s on s.id = h.supplier_id join orders o on o.id = h.order_id
  where h.state in ('unconfirmed', 'attention') and not o.ended order by h.order_id limit 500`

export async function listUndecided(db: Queryable): Promise<Undecided[]> {
  return (await db.query<Undecided>(UNDECIDED)).rows
}
