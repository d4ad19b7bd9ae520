import type { OrderStatus, RefillStatus } from '../../../../contract/statuses.ts'
import type { MessageKey } from '../../../../contract/message.ts'
import type { ListedOrder } from '../../../orders/list.ts'
import type { Texts } from '../../texts/texts.ts'
import { Badge, type Standing } from '../../ui/badge.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, appPage, PageLinks } from '../app-frame.tsx'
import { countText, Money } from '../figures.tsx'
import { Moment } from '../parts.tsx'
import type { Scene } from '../scene.ts'

interface OrdersView {
  readonly orders: readonly { readonly order: ListedOrder; readonly name: string }[]
  readonly asked: { readonly find: string; readonly status: OrderStatus | undefined }
  readonly statuses: readonly OrderStatus[]
  readonly isFirst: boolean
  /** Where the next page begins; null on the last. */
  readonly older: bigint | null
  readonly currency: string
}

/** An account's orders, newest first. */
export function ordersPage(scene: Scene, { orders, asked, statuses, isFirst, older, currency }: OrdersView): string {
  const { texts } = scene.frame
  return appPage({
    scene,
    title: texts.text('app.orders'),
    children: (
      <>
        <form method="get" action="/orders" class="filter" role="search">
          <Field name="find" type="search" label={texts.text('app.findOrder')} value={asked.find} dir="ltr" />
          <div class="field">
            <label for="status">{texts.text('app.status')}</label>
            <select id="status" name="status">
              <option value="">{texts.text('app.allStatuses')}</option>
              {statuses.map((status) => (
                <option key={status} value={status} selected={status === asked.status}>
                  {statusText(texts, status)}
                </option>
              ))}
            </select>
          </div>
          <Button type="submit">{texts.text('app.show')}</Button>
        </form>
        {orders.length === 0 && <NoOrders texts={texts} isFiltered={asked.find !== '' || asked.status !== undefined || !isFirst} />}
        <ul class="rows">
          {orders.map(({ order, name }) => (
            <li key={order.id}>
              <div class="what">
                <h2>
                  <a href={`/orders/${order.id}`}>{texts.text('app.orderNumber', { id: order.id.toString() })}</a>{' '}
                  <Status texts={texts} status={order.status} />
                </h2>
                <p>
                  <bdi>{name}</bdi>
                </p>
                <p class="soft small link">
                  <bdi dir="ltr">{order.link}</bdi>
                </p>
              </div>
              <p class="price">
                <Money texts={texts} units={order.kept} currency={currency} />
                <br />
                <span class="soft small">
                  {order.kind !== 'subscription' && <>{countText(texts, order.quantity)} · </>}
                  <Moment texts={texts} at={order.placedAt} />
                </span>
              </p>
            </li>
          ))}
        </ul>
        <PageLinks
          links={[
            { href: isFirst ? null : address('/orders', asked), text: texts.text('app.newest') },
            { href: older === null ? null : address('/orders', { ...asked, before: older }), text: texts.text('app.older') },
          ]}
        />
      </>
    ),
  })
}

function NoOrders({ texts, isFiltered }: { texts: Texts; isFiltered: boolean }) {
  return isFiltered ? (
    <Empty title={texts.text('app.nothingFound.title')} text={texts.text('app.nothingFound.text')}>
      <a class="button plain" href="/orders">
        {texts.text('app.showAll')}
      </a>
    </Empty>
  ) : (
    <Empty title={texts.text('app.noOrders.title')} text={texts.text('app.noOrders.text')}>
      <a class="button main" href="/services">
        {texts.text('app.services')}
      </a>
    </Empty>
  )
}

const STANDINGS: Readonly<Record<OrderStatus, Standing>> = {
  Pending: 'idle',
  Processing: 'busy',
  'In progress': 'busy',
  Completed: 'good',
  Partial: 'warn',
  Canceled: 'bad',
  Active: 'busy',
  Paused: 'warn',
  Expired: 'idle',
}

export function Status({ texts, status }: { readonly texts: Texts; readonly status: OrderStatus }) {
  return <Badge standing={STANDINGS[status]}>{statusText(texts, status)}</Badge>
}

/** `In progress` is `app.status.inProgress`. */
export function statusText(texts: Texts, status: OrderStatus | RefillStatus): string {
  const name = (status.charAt(0).toLowerCase() + status.slice(1)).replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase())
  return texts.text(`app.status.${name}` as MessageKey)
}
