import { HOURS_TO_WAIT, priorities } from '../support/kinds.ts'
import type { TroubleKind } from './trouble-kinds.ts'

/** The priorities of tickets by their numbers, each with the hours that a ticket may wait. */
const HOURS = priorities.map((priority, number) => `(${number}, ${HOURS_TO_WAIT[priority]})`).join(', ')
/** How many orders of each supplier are looked at, to find those that take too long. */
const LOOKED_AT = 100
const LISTS_LOOKED_AT = 10
const A_WHILE = `interval '10 minutes'`

const COLUMNS: Readonly<Record<string, string>> = {
  words: 'null::text',
  order: 'null::bigint',
  link: 'null::text',
  supplier: 'null::text',
  service: 'null::int',
  serviceName: 'null::text',
  approval: 'null::int',
  alert: 'null::bigint',
  alertKind: 'null::text',
  usual: 'null::bigint',
  payment: 'null::bigint',
  gateway: 'null::text',
  receipt: 'null::bigint',
  ticket: 'null::bigint',
  account: 'null::int',
  isParent: 'false',
  panel: 'null::int',
  panelHost: 'null::text',
  // Each statement gets both parameters.
  now: '$1::timestamptz',
}

function select(columns: Readonly<Record<string, string>>, from: string): string {
  const all = Object.entries({ ...COLUMNS, ...columns }).map(([name, expression]) => `${expression} as "${name}"`)
  return `select ${all.join(', ')} from ${from}`
}

/** Reads the same columns of an order wherever it is found, without a plan that would scan the orders. */
const THE_ORDER = (id: string) => `cross join lateral (select * from orders where id = ${id} offset 0) o`
const OF_ORDER = { order: 'o.id', link: 'o.link', service: 'o.service_id', supplier: 's.name' }

const inState = (state: string) =>
  select(
    { at: 'coalesce(h.claimed_at, o.placed_at)', words: 'h.words', ...OF_ORDER },
    `suppliers s
      cross join lateral (
        select * from hand_offs where supplier_id = s.id and state = '${state}' order by due_at desc limit $2
      ) h ${THE_ORDER('h.order_id')}
    where not o.ended order by 1 desc limit $2`,
  )

const alerts = (which: string) =>
  select(
    {
      at: 'a.last_at',
      words: 'a.words',
      order: 'a.order_id',
      alert: 'a.id',
      alertKind: 'a.kind',
      supplier: 's.name',
      isParent: 'coalesce(s.locked, false)',
    },
    `alerts a left join suppliers s on s.id = a.supplier_id
    where a.closed_at is null and ${which} order by a.last_at desc, a.id desc limit $2`,
  )

const LAST_CHANGE = 'coalesce((select max(c.at) from service_changes c where c.service_id = v.id), $1::timestamptz)'
/** Other kinds say the same of the order itself. */
const TOLD_OTHERWISE = `'unconfirmed hand-off', 'order needs attention', 'cost above charge', 'cancel requested'`

const LAST_REVERSAL = `(
  select max(v.heard_at) from payment_receipts r join payment_reversals v on v.receipt_id = r.id where r.book_id = b.id and r.reversed_units > 0)`
const OPEN_ORDERS = `(select count(*) from (select from orders o where o.book_id = b.id and not o.ended limit 100) open)`
const OWED_WORDS = `trim_scale(round(-b.owed / 100000.0, 5)) || ' ' || b.currency || ' owed; open orders: ' || ${OPEN_ORDERS}`

const KEY_LOST = 'coalesce(a.suspended_at, k.revoked_at)'
/** Why a child's orders are refused here; `refusedFor` of server/children says the same. */
const CHILD_REFUSED = `case when a.suspended_at is not null then 'account suspended' when k.revoked_at is not null and c.new_key_id is null then 'key revoked' end`

/** How each kind of trouble is found. $1 now, $2 how many. Every one begins at a supplier, an open alert or a service, of which there are few. */
export const TROUBLES: Readonly<Record<TroubleKind, string>> = {
  unconfirmed: inState('unconfirmed'),
  refused: inState('attention'),
  // Old orders are asked for seldom, so their next look is the furthest away: they come first.
  stuck: select(
    { at: 'o.placed_at', words: 'h.words', usual: 't.finish_p95', ...OF_ORDER },
    `suppliers s
      cross join lateral (
        (select order_id, words from hand_offs
          where supplier_id = s.id and state = 'sent' and due_at <= $1::timestamptz + interval '20 minutes' order by due_at desc limit ${LOOKED_AT})
        union all
        (select t.order_id, t.words from (
            select order_ids from poll_lists where supplier_id = s.id and due_at <= $1::timestamptz + interval '20 minutes' order by due_at desc limit ${LISTS_LOOKED_AT}
          ) l cross join unnest(l.order_ids) as m(id) join hand_offs t on t.order_id = m.id and t.supplier_id = s.id and t.state = 'sent' limit ${LOOKED_AT})
        union all
        (select order_id, words from hand_offs where supplier_id = s.id and state = 'waiting' order by due_at desc limit ${LOOKED_AT})
        union all
        (select order_id, words from hand_offs where supplier_id = s.id and state = 'sent' and reference = 'manual' order by order_id limit ${LOOKED_AT})
      ) h ${THE_ORDER('h.order_id')} join service_times t on t.service_id = o.service_id
    where not o.ended and o.kind = 'single' and o.placed_at < $1::timestamptz - make_interval(secs => t.finish_p95) order by 1 desc limit $2`,
  ),
  supplier: alerts(`a.order_id is null and a.kind <> 'cost above price'`),
  'below cost': select(
    { at: LAST_CHANGE, words: `m.cost_rate || ' > ' || v.rate`, supplier: 's.name', service: 'v.id', serviceName: 'v.name' },
    `services v join service_suppliers m on m.service_id = v.id and m.supplier_id = v.supplier_id join suppliers s on s.id = m.supplier_id
    where v.state = 'on sale' and m.cost_rate::numeric > v.rate::numeric order by 1 desc limit $2`,
  ),
  'unknown word': alerts(`a.order_id is not null and a.kind = 'unknown status word'`),
  // In the order of the queue, which has the longest first within each priority.
  ticket: select(
    { at: 't.waiting_since', words: 'm.text', ticket: 't.id', account: 't.account_id' },
    `(values ${HOURS}) as w(priority, hours)
      cross join lateral (
        select * from tickets where state = 'waiting' and priority = w.priority and waiting_since < $1::timestamptz - make_interval(hours => w.hours)
        order by waiting_since, id limit $2
      ) t
      left join lateral (select left(text, 200) as text from ticket_messages where ticket_id = t.id and side = 'customer' order by id desc limit 1) m on true
    order by 1 limit $2`,
  ),
  'speed-up': select(
    { at: 'u.asked_at', words: 'h.words', usual: 't.finish_p95', ...OF_ORDER },
    `(select * from speed_ups where ended_at is null order by id desc limit ${LOOKED_AT}) u
      ${THE_ORDER('u.order_id')} left join suppliers s on s.id = o.supplier_id left join hand_offs h on h.order_id = o.id
      left join service_times t on t.service_id = o.service_id
    where not o.ended order by 1 desc limit $2`,
  ),
  cancel: select(
    { at: 'o.cancel_asked_at', words: 'h.words', ...OF_ORDER },
    `suppliers s
      cross join lateral (
        select * from orders where supplier_id = s.id and cancel_asked_at is not null and not ended order by cancel_asked_at desc, id desc limit $2
      ) o left join hand_offs h on h.order_id = o.id
    where s.protocol = 'manual' or o.cancel_asked_at < $1::timestamptz - ${A_WHILE} order by 1 desc limit $2`,
  ),
  refill: select(
    { at: 'r.asked_at', words: 'f.words', ...OF_ORDER },
    `(select * from refills where status = 'Pending' order by id desc limit ${LOOKED_AT}) r
      ${THE_ORDER('r.order_id')} join suppliers s on s.id = o.supplier_id left join refill_hand_offs f on f.refill_id = r.id
    where s.protocol = 'manual' or f.state = 'unconfirmed' or r.asked_at < $1::timestamptz - ${A_WHILE} order by 1 desc limit $2`,
  ),
  catalogue: select(
    { at: LAST_CHANGE, words: 'v.sync_pause', supplier: 's.name', service: 'v.id', serviceName: 'v.name' },
    `services v left join suppliers s on s.id = v.supplier_id where v.sync_pause is not null order by 1 desc limit $2`,
  ),
  approval: select(
    { at: 'p.asked_at', words: `p.act || ' (' || f.email || '): ' || p.why`, approval: 'p.id' },
    `approvals p join staff f on f.id = p.staff_id where p.decided_at is null order by p.id desc limit $2`,
  ),
  receipt: select(
    {
      at: 'r.heard_at',
      words: `r.amount || ' ' || r.currency || ' (' || m.name || '): ' || coalesce(r.why, '')`,
      receipt: 'r.id',
      payment: 'r.payment_id',
      account: 'b.account_id',
    },
    `payment_receipts r join payment_methods m on m.id = r.method_id left join books b on b.id = r.book_id
    where r.state = 'review' order by r.id desc limit $2`,
  ),
  // A receipt that waits says the same of its payment. Of a manual payment, a proof was sent: staff look whether the money came.
  payment: select(
    {
      at: 'p.created_at',
      words: `p.asked || ' ' || p.currency || ' (' || m.name || ')' || coalesce(': ' || p.why, '')`,
      payment: 'p.id',
      gateway: 'm.gateway',
      account: 'p.account_id',
    },
    `(select * from payments where state = 'review'
      union all
      select w.* from payment_methods v join payments w on w.method_id = v.id where v.gateway = 'manual' and w.state = 'seen') p
    join payment_methods m on m.id = p.method_id
    where not exists (select from payment_receipts r where r.payment_id = p.id and r.state = 'review') order by p.id desc limit $2`,
  ),
  owing: select(
    { at: `coalesce(${LAST_REVERSAL}, $1::timestamptz)`, words: OWED_WORDS, account: 'b.account_id' },
    `books b where b.owed < 0 order by b.id desc limit $2`,
  ),
  child: select(
    {
      at: `coalesce(${KEY_LOST}, h.looked_at)`,
      words: `coalesce(${CHILD_REFUSED}, h.fault)`,
      account: 'c.account_id',
      panel: 'c.id',
      panelHost: 'c.host',
    },
    `child_panels c join accounts a on a.id = c.account_id join api_keys k on k.id = c.key_id left join child_health h on h.child_id = c.id
    where c.state in ('making', 'open', 'suspended', 'closed') and (h.fault is not null or ${CHILD_REFUSED} is not null)
    order by 1 desc limit $2`,
  ),
  alert: alerts(`a.order_id is not null and a.kind <> 'unknown status word' and a.kind not in (${TOLD_OTHERWISE})`),
}
