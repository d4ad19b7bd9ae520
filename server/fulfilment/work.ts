import type { OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'

/** An order that people work on. */
export interface WorkRow {
  readonly order: bigint
  readonly status: OrderStatus
  readonly service: number
  readonly service_name: string
  readonly type: string
  readonly supplier: string
  readonly supplier_id: number
  readonly link: string
  readonly quantity: bigint
  readonly start_count: bigint
  readonly remains: bigint
  readonly parameters: Readonly<Record<string, string>> | null
  readonly placed_at: Date
  readonly cancel_asked: boolean
  /** Handed out, to a person or a program. */
  readonly sent: boolean
  readonly ended: boolean
  /** Who has it, until when; null: nobody, or a program that pulled it. */
  readonly claimed_by: string | null
  readonly claimed_by_id: number | null
  readonly claimed_until: Date | null
}

/** `waiting`: nobody works on it; `mine`: the reader does; `others`: somebody else does; `programs`: one pulled it. */
export const workViews = ['waiting', 'mine', 'others', 'programs'] as const
export type WorkView = (typeof workViews)[number]

const isLive = `(not c.released and c.until > $1)`
// Each is a list of order ids above $2, oldest first: an id grows with the time at which its order was placed.
const found: Readonly<Record<WorkView, string>> = {
  waiting: `
    select f.id from suppliers p cross join lateral (
      select o.id from orders o where o.supplier_id = p.id and not o.sent and not o.ended and o.kind = 'single' and o.id > $2 order by o.id limit $3
    ) f where p.protocol = 'manual' and ($5::int is null or p.id = $5)
    union all
    select c.order_id from work_claims c join hand_offs h on h.order_id = c.order_id and h.state = 'sent' and h.reference = 'manual'
    where not ${isLive} and c.order_id > $2 and ($5::int is null or h.supplier_id = $5)`,
  mine: `
    select c.order_id from work_claims c join hand_offs h on h.order_id = c.order_id and h.state = 'sent' and h.reference = 'manual'
    where ${isLive} and c.order_id > $2 and c.who = $4 and ($5::int is null or h.supplier_id = $5)`,
  others: `
    select c.order_id from work_claims c join hand_offs h on h.order_id = c.order_id and h.state = 'sent' and h.reference = 'manual'
    where ${isLive} and c.order_id > $2 and c.who <> $4 and ($5::int is null or h.supplier_id = $5)`,
  programs: `
    select f.order_id from suppliers p cross join lateral (
      select h.order_id from hand_offs h
      where h.supplier_id = p.id and h.state = 'sent' and h.reference = 'manual' and h.order_id > $2
        and not exists (select from work_claims c where c.order_id = h.order_id)
      order by h.order_id limit $3
    ) f where p.protocol = 'manual' and ($5::int is null or p.id = $5)`,
}

const SHOWN = `
  select o.id as "order", o.status::text, o.service_id as service, s.name as service_name, s.type, p.name as supplier, p.id as supplier_id, o.link,
    o.quantity, o.start_count, o.remains, o.parameters, o.placed_at, o.cancel_asked_at is not null as cancel_asked, o.sent, o.ended,
    case when ${isLive} then c.who end as claimed_by, case when ${isLive} then c.staff_id end as claimed_by_id,
    case when ${isLive} then c.until end as claimed_until`
const JOINS = `
  join services s on s.id = o.service_id join suppliers p on p.id = o.supplier_id left join work_claims c on c.order_id = o.id`

/** Orders that are done by hand, those that wait longest first; `after` is the last one of the page before. */
export async function listWork(
  db: Queryable,
  view: WorkView,
  asked: { readonly who: string; readonly supplierId: number | null; readonly now: Date },
  page: { readonly after: bigint; readonly most: number },
): Promise<WorkRow[]> {
  // $4 is cast, because not every view asks for it.
  const text = `
    ${SHOWN} from (select * from (${found[view]}) f(id) where $4::text is not null order by id limit $3) w
    join orders o on o.id = w.id and not o.ended ${JOINS} order by o.id`
  return (await db.query<WorkRow>({ name: `work ${view}`, text, values: [asked.now, page.after, page.most, asked.who, asked.supplierId] }))
    .rows
}

const ONE = `${SHOWN} from orders o ${JOINS} where o.id = $2 and p.protocol = 'manual'`

/** Undefined: there is no such order, or nobody does it by hand. */
export async function findWork(db: Queryable, orderId: bigint, now: Date): Promise<WorkRow | undefined> {
  return (await db.query<WorkRow>({ name: 'work on an order', text: ONE, values: [now, orderId] })).rows[0]
}
