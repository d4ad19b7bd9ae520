import type { RefillStatus } from '../../../../contract/statuses.ts'
import type { StaffOrder } from '../../../fulfilment/all-orders.ts'
import type { StaffRefill, WholeOrder } from '../../../fulfilment/staff-order.ts'
import type { ListedTicket } from '../../../support/tickets.ts'
import type { Texts } from '../../../texts/texts.ts'
import { countText } from '../../ui/figures.tsx'
import { Status, statusText } from '../../ui/order-status.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { ticketTitle, TicketStateBadge } from '../../ui/ticket-words.tsx'
import { Part } from './part.tsx'

/** Other orders of the same link, on all accounts. */
export function Beside({ texts, orders }: { readonly texts: Texts; readonly orders: readonly StaffOrder[] }) {
  if (orders.length === 0) return null
  return (
    <Part title={texts.text('desk.orders.part.sameLink')}>
      <ul class="beside">
        {orders.map(({ id, status, email, serviceName, placedAt }) => (
          <li key={id}>
            <a href={`/desk/orders/${id}`}>{id.toString()}</a> <Status texts={texts} status={status} />{' '}
            <span class="soft small">
              <bdi>{serviceName}</bdi> · <bdi>{email}</bdi> · <Moment texts={texts} at={placedAt} />
            </span>
          </li>
        ))}
      </ul>
      <a class="small" href={address('/desk/orders', { q: orders[0]!.link })}>
        {texts.text('desk.orders.allOfLink')}
      </a>
    </Part>
  )
}

/** The tickets about it. */
export function Tickets({ texts, tickets }: { readonly texts: Texts; readonly tickets: readonly ListedTicket[] }) {
  if (tickets.length === 0) return null
  return (
    <Part title={texts.text('desk.place.tickets')}>
      <ul class="beside">
        {tickets.map((ticket) => (
          <li key={ticket.id}>
            <a href={`/desk/tickets/${ticket.id}`}>
              <bdi>
                {ticket.id.toString()} · {ticketTitle(texts, ticket)}
              </bdi>
            </a>{' '}
            <TicketStateBadge texts={texts} state={ticket.state} side="staff" />
          </li>
        ))}
      </ul>
    </Part>
  )
}

/** The newest runs of a drip-feed, or posts of a subscription. */
export function Children({ texts, whole: { order, children } }: { readonly texts: Texts; readonly whole: WholeOrder }) {
  if (children.length === 0) return null
  return (
    <Part title={texts.text(order.kind === 'subscription' ? 'desk.orders.posts' : 'desk.orders.runs')}>
      <ul class="beside">
        {children.map(({ id, number, status, quantity }) => (
          <li key={id}>
            {number}. <a href={`/desk/orders/${id}`}>{id.toString()}</a> <Status texts={texts} status={status} />{' '}
            <bdi class="figure soft small">{countText(texts, quantity)}</bdi>
          </li>
        ))}
      </ul>
    </Part>
  )
}

export function Refills({ texts, refills }: { readonly texts: Texts; readonly refills: readonly StaffRefill[] }) {
  if (refills.length === 0) return null
  return (
    <Part title={texts.text('desk.orders.part.refills')}>
      <ul class="beside">
        {refills.map(({ id, status, askedAt, endedAt, reference, words }) => (
          <li key={id}>
            {id.toString()} <strong>{statusText(texts, status as RefillStatus)}</strong>{' '}
            <span class="soft small">
              <Moment texts={texts} at={askedAt} />
              {endedAt && (
                <>
                  {' – '}
                  <Moment texts={texts} at={endedAt} />
                </>
              )}{' '}
              {reference !== null && <bdi dir="ltr">{reference}</bdi>}
            </span>
            {words !== null && <q dir="auto">{words}</q>}
          </li>
        ))}
      </ul>
    </Part>
  )
}
