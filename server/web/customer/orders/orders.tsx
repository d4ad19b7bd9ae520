import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { OrderStatus } from '../../../../contract/statuses.ts'
import type { ListedOrder } from '../../../orders/list.ts'
import type { Texts } from '../../../texts/texts.ts'
import { address } from '../../ui/page-links.tsx'
import { Money } from '../../ui/figures.tsx'
import { Delivered, Status, statusText } from '../../ui/order-status.tsx'
import { Moment, OpenLink } from '../../ui/parts.tsx'

interface AboutProps {
  readonly name: string
  readonly link: string
  /** The title above the names of the service and the link. */
  readonly heading: ComponentChildren
  readonly children?: ComponentChildren
}

/** The subject of a list's row: its title, service and link. */
export function About({ heading, name, link, children }: AboutProps) {
  return (
    <div class="what">
      <h2>{heading}</h2>
      <p>
        <bdi>{name}</bdi>
      </p>
      <p class="soft small link">
        <bdi dir="ltr">{link}</bdi>
      </p>
      {children}
    </div>
  )
}

interface OrderRowProps {
  readonly texts: Texts
  readonly order: ListedOrder
  readonly name: string
  readonly currency: string
}

/** A row of a list of orders. Each part that can change has a name, by which the island finds it. */
export function OrderRow({ texts, order, name, currency }: OrderRowProps) {
  const id = order.id.toString()
  return (
    <tr data-order={id} data-version={versionOf(order)} data-open={order.ended ? undefined : ''}>
      <td class="pick">
        <input type="checkbox" name={`order-${id}`} aria-label={texts.text('orders.select', { id })} />
      </td>
      <th scope="row" class="number">
        <a href={`/orders/${id}`}>{texts.text('app.orderNumber', { id })}</a>
        <span class="soft small">
          <Moment texts={texts} at={order.placedAt} />
        </span>
        {order.run && (
          <a class="small run-of" href={`/orders/${order.run.parentId}`}>
            {runText(texts, order.run)}
          </a>
        )}
      </th>
      <td class="about">
        <a class="quiet" href={address('/orders', { service: order.serviceId })}>
          <bdi>{name}</bdi>
        </a>
        <bdi class="soft small link" dir="ltr">
          <OpenLink link={order.link} />
        </bdi>
      </td>
      <td data-part="delivered">
        <DeliveredPart texts={texts} order={order} />
      </td>
      <td class="money" data-part="money">
        <Money texts={texts} units={order.kept} currency={currency} />
      </td>
      <td class="status" data-part="status">
        <StatusPart texts={texts} order={order} />
      </td>
    </tr>
  )
}

export function runText(texts: Texts, { parentId, number, of }: NonNullable<ListedOrder['run']>): string {
  return texts.text('orders.run', { number, runs: of, order: parentId.toString() })
}

function DeliveredPart({ texts, order }: { texts: Texts; order: ListedOrder }) {
  return order.kind === 'subscription' ? <>–</> : <Delivered texts={texts} quantity={order.quantity} remains={order.remains} />
}

function StatusPart({ texts, order }: { texts: Texts; order: ListedOrder }) {
  return (
    <>
      <Status texts={texts} status={order.status} />
      {order.cancelAsked && !order.ended && <span class="soft small">{texts.text('app.cancelAsked')}</span>}
    </>
  )
}

/** Changes whenever the row shows something else about the order's progress. */
export function versionOf({
  status,
  startCount,
  remains,
  cancelAsked,
  ...order
}: Pick<ListedOrder, 'status' | 'startCount' | 'remains' | 'cancelAsked'> &
  ({ readonly kept: bigint } | { readonly charge: bigint; readonly refunded: bigint })): string {
  const kept = 'kept' in order ? order.kept : order.charge - order.refunded
  return [status, startCount, remains, kept, cancelAsked].join(' ')
}

/** An order as the page's island gets it: the current parts of its row, as HTML. */
export interface LiveOrder {
  readonly id: string
  readonly version: string
  readonly open: boolean
  /** The sentence that screen readers announce after a change. */
  readonly told: string
  readonly parts: Readonly<Record<string, string>>
}

export function liveRow({ texts, order, currency }: Omit<OrderRowProps, 'name'>): LiveOrder {
  return {
    id: order.id.toString(),
    version: versionOf(order),
    open: !order.ended,
    told: announcementOf(texts, order),
    parts: {
      delivered: renderToString(<DeliveredPart texts={texts} order={order} />),
      money: renderToString(<Money texts={texts} units={order.kept} currency={currency} />),
      status: renderToString(<StatusPart texts={texts} order={order} />),
    },
  }
}

export function announcementOf(texts: Texts, { id, status }: { readonly id: bigint; readonly status: OrderStatus }): string {
  return texts.text('orders.told', { id: id.toString(), status: statusText(texts, status) })
}
