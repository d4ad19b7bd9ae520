import type { OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { IS_RUN } from './origins.ts'

/** Everything that explains the price of an order, as of one moment. */
export interface OrderAccount {
  readonly id: bigint
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  readonly status: OrderStatus
  readonly quantity: bigint
  readonly remains: bigint
  readonly charge: Units
  /** The ledger line of the charge; null when nothing was charged. */
  readonly line: bigint | null
  readonly refunded: Units
  /** The panel from which it was brought over; null: it was placed here. */
  readonly movedInFrom: string | null
  /** The rate agreed when the order was placed. */
  readonly rate: string
  readonly rateSource: string | null
  /** The type of its service now. */
  readonly type: string
  readonly runs: number | null
  readonly runQuantity: bigint | null
  readonly parentId: bigint | null
  /** True for a run, which its drip-feed has paid for. */
  readonly isRun: boolean
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  /** In the order of their ledger lines. */
  readonly givenBack: readonly GivenBack[]
  readonly promises: readonly JudgedPromise[]
}

export interface GivenBack {
  readonly line: bigint
  readonly cause: 'refund' | 'compensation'
  /** The reason: the order's end, or a promise. */
  readonly reference: string
  readonly amount: Units
}

export interface JudgedPromise {
  readonly promise: 'start' | 'finish'
  readonly state: 'open' | 'kept' | 'missed' | 'void'
  readonly dueAt: Date
  readonly judgedAt: Date | null
  /** Hundredths of a per cent of the charge; null: a missed promise cancels the order. */
  readonly basisPoints: number | null
}

// One statement reads one moment, so the refunds fit the state of the order. Refunds and compensations have an index each, whose conditions are
// repeated here word for word.
const ACCOUNT = `
  select o.id, o.kind, o.status, o.quantity, o.remains, o.charge, o.line, o.refunded, o.moved_in_from as "movedInFrom", o.rate, o.rate_source as "rateSource", ${IS_RUN} as "isRun", s.type, d.runs,
    d.run_quantity as "runQuantity", c.parent_id as "parentId", o.started_at as "startedAt", o.ended_at as "endedAt",
    (select coalesce(jsonb_agg(jsonb_build_array(t.line::text, t.cause, t.reference, t.amount::text) order by t.line), '[]') from (
      select line, cause, reference, amount from transfers where order_id = o.id and cause = 'refund'
      union all
      select line, cause, reference, amount from transfers
      where order_id = o.id and cause not in ('deposit', 'charge', 'refund', 'correction')
    ) t) as "givenBack",
    (select coalesce(jsonb_agg(jsonb_build_array(p.promise, p.state, extract(epoch from p.due_at), extract(epoch from p.judged_at), p.compensation_basis_points)
      order by p.due_at), '[]') from promises p where p.order_id = o.id) as promises
  from orders o join services s on s.id = o.service_id left join drip_feeds d on d.order_id = o.id left join child_orders c on c.order_id = o.id
  where o.id = $1 and o.book_id = $2`

interface AccountRow extends Omit<OrderAccount, 'givenBack' | 'promises'> {
  readonly givenBack: readonly [line: string, cause: GivenBack['cause'], reference: string, amount: string][]
  readonly promises: readonly [
    promise: JudgedPromise['promise'],
    state: JudgedPromise['state'],
    due: number,
    judged: number | null,
    basisPoints: number | null,
  ][]
}

/** Another book's order is answered like one that does not exist. */
export async function readAccount(db: Queryable, bookId: number, id: bigint): Promise<OrderAccount | undefined> {
  const { rows } = await db.query<AccountRow>({ name: 'account of an order', text: ACCOUNT, values: [id, bookId] })
  const [row] = rows
  return (
    row && {
      ...row,
      givenBack: row.givenBack.map(([line, cause, reference, amount]) => ({
        line: BigInt(line),
        cause,
        reference,
        amount: BigInt(amount),
      })),
      promises: row.promises.map(([promise, state, due, judged, basisPoints]) => ({
        promise,
        state,
        dueAt: new Date(due * 1000),
        judgedAt: judged === null ? null : new Date(judged * 1000),
        basisPoints,
      })),
    }
  )
}
