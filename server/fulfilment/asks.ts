import type { Queryable } from '../db/pool.ts'

/** A refill that a customer asked for and that has not ended. */
export interface RefillAsked {
  readonly refill: bigint
  readonly order: bigint
  readonly status: 'Pending' | 'In progress'
  readonly account: number
  readonly service: number
  readonly service_name: string
  readonly link: string
  readonly asked_at: Date
  readonly supplier: string | null
  /** How its hand-off stands; null: it was not handed over yet. */
  readonly state: 'calling' | 'waiting' | 'sent' | 'unconfirmed' | null
  readonly their_refill: string | null
  /** What the supplier said last. */
  readonly words: string | null
  /** When the supplier is asked next; null: not by itself. */
  readonly due_at: Date | null
}

const REFILLS = `
  select r.id as refill, r.order_id as "order", r.status, b.account_id as account, o.service_id as service, s.name as service_name, o.link, r.asked_at,
    p.name as supplier, f.state, f.reference as their_refill,
    coalesce((select a.words from alerts a where a.order_id = r.order_id and a.closed_at is null and a.kind = 'refill unclear' limit 1), f.words) as words,
    case when f.due_at < 'infinity' then f.due_at end as due_at
  from (
    select * from refills where status in ('Pending', 'In progress') and id > $1 and ($3::text is null or status = $3) order by id limit $2
  ) r
  join orders o on o.id = r.order_id join books b on b.id = r.book_id join services s on s.id = o.service_id
  left join hand_offs h on h.order_id = r.order_id left join refill_hand_offs f on f.refill_id = r.id
  left join suppliers p on p.id = coalesce(f.supplier_id, h.supplier_id, o.supplier_id)
  order by r.id`

/** The refills of all accounts that have not ended, those that wait longest first. */
export async function listRefillsAsked(
  db: Queryable,
  status: RefillAsked['status'] | null,
  page: { readonly after: bigint; readonly most: number },
): Promise<RefillAsked[]> {
  return (await db.query<RefillAsked>({ name: 'refills asked', text: REFILLS, values: [page.after, page.most, status] })).rows
}

/** An order whose cancel was asked for and that goes on. */
export interface CancelAsked {
  readonly order: bigint
  readonly kind: string
  readonly status: string
  readonly account: number
  readonly service: number
  readonly service_name: string
  readonly link: string
  readonly quantity: bigint
  readonly remains: bigint
  readonly asked_at: Date
  readonly supplier: string | null
  readonly supplier_id: number | null
  readonly protocol: string | null
  /** How its hand-off stands; null: there is none. */
  readonly state: string | null
  /** Its supplier has answered the request, or a program has fetched it. */
  readonly told: boolean
  /** What the supplier said of it. */
  readonly words: string | null
}

const CANCELS = `
  select o.id as "order", o.kind, o.status::text, b.account_id as account, o.service_id as service, s.name as service_name, o.link, o.quantity, o.remains,
    o.cancel_asked_at as asked_at, p.name as supplier, p.id as supplier_id, p.protocol, h.state, coalesce(h.cancel_sent, false) as told,
    coalesce(
      (select a.words from alerts a where a.order_id = o.id and a.closed_at is null and a.kind in ('answer unclear', 'cancel requested') limit 1),
      (select e.words from order_events e where e.order_id = o.id and e.by = 'supplier' and e.words like 'cancel refused%' order by e.change desc limit 1)
    ) as words
  from (
    select f.id, f.cancel_asked_at from (
      select coalesce((select cancel_asked_at from orders where id = $1::bigint), 'infinity') as at, coalesce($1, 9223372036854775807) as id offset 0
    ) b cross join suppliers u cross join lateral (
      select id, cancel_asked_at from orders
      where supplier_id = u.id and cancel_asked_at is not null and not ended and (cancel_asked_at, id) < (b.at, b.id)
      order by cancel_asked_at desc, id desc limit $2
    ) f
    where $3::int is null or u.id = $3
    order by f.cancel_asked_at desc, f.id desc limit $2
  ) w
  join orders o on o.id = w.id join books b on b.id = o.book_id join services s on s.id = o.service_id
  left join suppliers p on p.id = o.supplier_id left join hand_offs h on h.order_id = o.id
  order by w.cancel_asked_at desc, w.id desc`

/** The open orders of all accounts whose cancel was asked for, the newest request first. `before` is the last order of the page before; if its request was
 * taken back meanwhile, the list begins anew. */
export async function listCancelsAsked(
  db: Queryable,
  supplierId: number | null,
  page: { readonly before: bigint | null; readonly most: number },
): Promise<CancelAsked[]> {
  return (await db.query<CancelAsked>({ name: 'cancels asked', text: CANCELS, values: [page.before, page.most, supplierId] })).rows
}
