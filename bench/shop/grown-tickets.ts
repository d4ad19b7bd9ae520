const TICKETS = 200_000
/** The queue of a house that is behind with its answers. */
const WAITING_EACH = 40

/** Tickets of some years: a fortieth waits, a tenth is answered, a hundredth goes on in another. Three messages and one order each. Kinds and people fall by
 * dice, so that each filter finds some; few are about money. */
export const tickets = ({ orders, accounts }: { readonly orders: number; readonly accounts: number }): readonly string[] => [
  `insert into tickets (id, account_id, kind, subject, state, priority, assignee, merged_into, locale, opened_at, changed_at, waiting_since, closed_at,
      seen_by_customer, seen_by_staff)
    overriding system value
    select n, 1 + n * 7919 % ${accounts}, case when d.dice % 50 = 0 then 'money' else (array['speed up', 'refill', 'cancel', 'count', 'other'])[1 + d.dice % 5] end,
      case when n % 3 = 0 then 'Subject ' || n else '' end,
      s.state, case when n % 97 = 0 then 3 when n % 23 = 0 then 2 else 1 end, case when d.dice / 100 % 5 < 3 then (select min(id) from staff) + d.dice / 500 % 20 end,
      case when s.state = 'closed' and n % 100 = 7 and n > ${accounts} then n - ${accounts} end, 'en', t.at, t.at + interval '2 hours',
      case when s.state = 'waiting' then t.at end, case when s.state = 'closed' then t.at + interval '2 hours' end, 0, 0
    from generate_series(1, ${TICKETS}) n
    cross join lateral (select hashint8(n)::bigint & 2147483647 as dice) d
    cross join lateral (select case when n % ${WAITING_EACH} = 1 then 'waiting' when n % 10 = 3 then 'answered' else 'closed' end as state) s
    cross join lateral (select now() - (${TICKETS} - n) * interval '8 minutes' as at) t`,
  `insert into ticket_messages (ticket_id, side, who, text, at)
    select t.id, (array['customer', 'staff', 'customer'])[m], 'somebody', 'Message ' || m || ' of ticket ' || t.id || repeat(' and more words', 10), t.opened_at + m * interval '30 minutes'
    from tickets t cross join generate_series(1, 3) m order by t.id, m`,
  `insert into ticket_orders (ticket_id, order_id) select id, 1 + id * 13 % ${orders} from tickets`,
]
