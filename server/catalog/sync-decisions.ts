import type { Queryable } from '../db/pool.ts'

/** What the list of a supplier made of one of our services, for a person to decide. */
export interface SyncDecision {
  readonly what: 'dearer' | 'gone' | 'type'
  readonly service: number
  readonly name: string
  readonly their_service: string
  readonly state: string
  /** Our price, and the cost for one of ours; null: not known. */
  readonly rate: string
  readonly cost: string | null
  readonly gone_at: Date | null
  /** Another supplier of the service that still lists it. */
  readonly other: string | null
}

const DECISIONS = `
  select case when b.gone_at is not null then 'gone' when s.sync_pause = 'type' then 'type' else 'dearer' end as what,
    s.id as service, s.name, b.their_service, s.state, s.rate, trim_scale(b.cost_rate::numeric * b.multiplier)::text as cost, b.gone_at,
    (select p.name from service_suppliers n join suppliers p on p.id = n.supplier_id
     where n.service_id = s.id and n.supplier_id <> b.supplier_id and n.gone_at is null order by n.position limit 1) as other
  from service_suppliers b join services s on s.id = b.service_id
  where b.supplier_id = $1 and s.id > $2 and s.supplier_id = $1 and (s.state <> 'hidden' or s.sync_pause is not null)
    and (b.gone_at is not null or s.sync_pause is not null or (s.state = 'on sale' and b.cost_rate::numeric * b.multiplier > s.rate::numeric))
  order by s.id limit $3`

/** Services that a supplier's list has put off sale, or that cost more there than they are sold for, by their numbers. */
export async function readSyncDecisions(db: Queryable, supplierId: number, page: { after: number; most: number }): Promise<SyncDecision[]> {
  const values = [supplierId, page.after, page.most]
  return (await db.query<SyncDecision>({ name: 'sync decisions', text: DECISIONS, values })).rows
}

const NEW_THERE = `
  select t.id from price_lists l cross join lateral unnest(l.listed) with ordinality as t(id, place)
  where l.supplier_id = $1 and not exists (select from service_suppliers b where b.supplier_id = $1 and b.their_service = t.id)
  order by t.place limit $2`

/** The supplier's ids of services on its list that are not bound here. */
export async function readNewThere(db: Queryable, supplierId: number, most: number): Promise<string[]> {
  return (await db.query<{ id: string }>({ name: 'new at a supplier', text: NEW_THERE, values: [supplierId, most] })).rows.map(
    (row) => row.id,
  )
}
