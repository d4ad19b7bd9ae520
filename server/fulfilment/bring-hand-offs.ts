import type { Queryable } from '../db/pool.ts'

/** An order of another panel that a supplier has, under the supplier's own id. */
export interface BroughtHandOff {
  readonly orderId: bigint
  readonly supplierId: number
  readonly reference: string
}

// Of two orders with one id of a supplier, the first is followed alone: the others share it, as with orders that were merged by hand.
const ADD = `
  insert into hand_offs (order_id, supplier_id, reference, due_at, state, shares_reference, words)
  select t.id, t.supplier, t.reference, case when $4 then 'infinity'::timestamptz else $5 end, case when $4 then 'settled' else 'sent' end,
    row_number() over (partition by t.supplier, t.reference order by t.id) > 1
      or exists (select from hand_offs h where h.supplier_id = t.supplier and h.reference = t.reference and h.reference <> 'manual' and not h.shares_reference), $6
  from unnest($1::bigint[], $2::int[], $3::text[]) as t(id, supplier, reference) order by t.id`

/** Notes who has these orders: open ones are asked for from now on, ended ones can be refilled. */
export async function bringHandOffs(
  tx: Queryable,
  handOffs: readonly BroughtHandOff[],
  { ended, panel, now }: { readonly ended: boolean; readonly panel: string; readonly now: Date },
): Promise<void> {
  if (handOffs.length === 0) return
  const of = <T>(pick: (handOff: BroughtHandOff) => T) => handOffs.map(pick)
  const values = [
    of(({ orderId }) => orderId),
    of(({ supplierId }) => supplierId),
    of(({ reference }) => reference),
    ended,
    now,
    `moved in from ${panel}`,
  ]
  await tx.query({ name: 'bring hand-offs', text: ADD, values })
}

const ADD_ATTENTION = `
  insert into hand_offs (order_id, supplier_id, due_at, state, words) select t.id, t.supplier, 'infinity', 'attention', t.words
  from unnest($1::bigint[], $2::int[], $3::text[]) as t(id, supplier, words) order by t.id`
const ADD_ALERTS = `
  insert into alerts (kind, supplier_id, order_id, words, first_at, last_at) select 'order needs attention', t.supplier, t.id, t.words, $4, $4
  from unnest($1::bigint[], $2::int[], $3::text[]) as t(id, supplier, words) order by t.id
  on conflict (kind, coalesce(supplier_id, 0), coalesce(order_id, 0)) where closed_at is null do nothing`

/** Leaves orders to staff, who decide what becomes of each. */
export async function bringForStaff(
  tx: Queryable,
  orders: readonly { readonly orderId: bigint; readonly supplierId: number; readonly words: string }[],
  now: Date,
): Promise<void> {
  if (orders.length === 0) return
  const values = [orders.map(({ orderId }) => orderId), orders.map(({ supplierId }) => supplierId), orders.map(({ words }) => words)]
  await tx.query(ADD_ATTENTION, values)
  await tx.query(ADD_ALERTS, [...values, now])
}
