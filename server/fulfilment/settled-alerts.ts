import type { Queryable } from '../db/pool.ts'
import type { Alert } from '../loops/alerts.ts'

const ORDER_ENDED = 'not exists (select from orders o where o.id = a.order_id and not o.ended)'
const NOBODY_FOLLOWS_IT = `not exists (select from hand_offs h where h.order_id = a.order_id and h.state = 'sent')`
const notInState = (state: string) => `not exists (select from hand_offs h where h.order_id = a.order_id and h.state = '${state}')`
const SUPPLIER_UNUSED = `
  not exists (select from service_suppliers m where m.supplier_id = a.supplier_id)
  and not exists (select from hand_offs h where h.supplier_id = a.supplier_id and h.state in ('calling', 'waiting', 'sent', 'unconfirmed'))`
const NOTHING_WAITS_THERE = `
  not exists (select from hand_offs h where h.supplier_id = a.supplier_id and h.state in ('calling', 'waiting'))
  and not exists (select from orders o where o.supplier_id = a.supplier_id and not o.sent and not o.ended and o.kind = 'single')`
const NO_REFILL_IS_OPEN = `
  not exists (select from refills r where r.order_id = a.order_id and r.status in ('Pending', 'In progress'))`

/**
 * When the cause of an alert `a` is gone, whoever has removed it: a supplier's answer, a customer, or an act of staff. Answers of suppliers close many
 * alerts at once where they are read; these checks find the others. Every kind has one.
 */
const CAUSE_IS_GONE: Readonly<Record<Alert['kind'], string>> = {
  'unconfirmed hand-off': `${ORDER_ENDED} or ${notInState('unconfirmed')}`,
  'order needs attention': `(${ORDER_ENDED} or ${notInState('attention')}) and ${NO_REFILL_IS_OPEN}`,
  'cost above charge': `${ORDER_ENDED} or ${notInState('attention')}`,
  'cancel requested': `not exists (select from orders o where o.id = a.order_id and not o.ended and o.cancel_asked_at is not null)`,
  // `promises.ts` closes the alert about a supplier a day after its last miss.
  'promise missed': `a.order_id is not null and ${ORDER_ENDED}`,
  // A new order that it refuses for our balance opens the alert again.
  'supplier balance too low': NOTHING_WAITS_THERE,
  'supplier balance below limit': SUPPLIER_UNUSED,
  // Whether it answers again is asked by `probe.ts`.
  'supplier refuses our key': SUPPLIER_UNUSED,
  'supplier away': SUPPLIER_UNUSED,
  'unknown status word': ORDER_ENDED,
  'answer unclear': ORDER_ENDED,
  'order not known there': ORDER_ENDED,
  'remains above quantity': ORDER_ENDED,
  'partial not believed': ORDER_ENDED,
  'child order unclear': ORDER_ENDED,
  'refill unclear': NO_REFILL_IS_OPEN,
  'numbers unreadable': SUPPLIER_UNUSED,
  'another currency': SUPPLIER_UNUSED,
  // It closes when the supplier says the same again (`news.ts`); money is at stake, so time alone never closes it.
  'settled order changed': 'false',
  'supplier delivers unpaid': NOBODY_FOLLOWS_IT,
  'subscription paused there': NOBODY_FOLLOWS_IT,
  'price list refused': SUPPLIER_UNUSED,
  'cost above price': `
    not exists (
      select from service_suppliers m join services s on s.id = m.service_id and s.supplier_id = m.supplier_id
      where m.supplier_id = a.supplier_id and (s.sync_pause = 'cost' or (s.state = 'on sale' and m.cost_rate::numeric > s.rate::numeric)))`,
  'services gone': 'not exists (select from service_suppliers m where m.supplier_id = a.supplier_id and m.gone_at is not null)',
  'prices unreadable': SUPPLIER_UNUSED,
  'webhooks failing': 'not exists (select from webhooks w where w.failing_since is not null)',
  // The postman closes it after a week without another one.
  'mails given up': 'false',
  // A person says whether it was a second payment.
  'payment reported again': 'false',
  // The loops of payments close these two (server/payments/rate-source.ts, reconcile.ts).
  'exchange rates old': 'false',
  'payment reports differ': 'false',
}

const OPEN_KINDS = 'select distinct kind from alerts where closed_at is null'

/** Closes the alerts whose cause is gone. Answers how many. A kind that only an older or newer version knows is left alone. */
export async function settleAlerts(db: Queryable, now: Date): Promise<number> {
  const { rows } = await db.query<{ kind: string }>({ name: 'kinds of open alerts', text: OPEN_KINDS })
  let settled = 0
  for (const { kind } of rows) {
    const gone = Object.entries(CAUSE_IS_GONE).find(([known]) => known === kind)?.[1]
    if (gone === undefined || gone === 'false') continue
    const text = `update alerts a set closed_at = $1 where a.closed_at is null and a.kind = '${kind}' and (${gone})`
    settled += (await db.query({ name: `settle ${kind}`, text, values: [now] })).rowCount ?? 0
  }
  return settled
}
