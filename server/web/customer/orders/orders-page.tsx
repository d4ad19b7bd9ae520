import type { MessageKey } from '../../../../contract/message.ts'
import type { OrderStatus } from '../../../../contract/statuses.ts'
import { LINKS_LOOKED_THROUGH, type ListedOrder } from '../../../orders/list.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Button, Field } from '../../ui/form.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Form } from '../../ui/parts.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import type { AskedOrders } from './filter.ts'
import { LiveLine } from './live-line.tsx'
import { OrderRow } from './orders.tsx'
import { statusText } from '../../ui/order-status.tsx'

export interface OrdersView {
  readonly orders: readonly { readonly order: ListedOrder; readonly name: string }[]
  readonly asked: AskedOrders
  /** The account has test keys with test money. */
  readonly hasPlay: boolean
  readonly faults: Faults
  readonly isFirst: boolean
  /** The id that the next page continues from; null on the last page. */
  readonly older: bigint | null
  readonly currency: string
}

/** An account's orders, newest first. */
export function ordersPage(ui: PageUi, view: OrdersView): string {
  const { texts } = ui.frame
  const { orders, asked, isFirst, older } = view
  const { book: _book, ...further } = asked
  const isFiltered = Object.values(further).some((text) => text !== '') || !isFirst
  return appPage({
    ui,
    title: texts.text('app.orders'),
    script: 'orders',
    children: (
      <>
        {view.hasPlay && <Books texts={texts} asked={asked} />}
        <Tabs texts={texts} asked={asked} />
        <Filter texts={texts} view={view} />
        {orders.length === 0 ? <NoOrders texts={texts} isFiltered={isFiltered} /> : <Rows ui={ui} view={view} />}
        <PageLinks
          links={[
            { href: isFirst ? null : address('/orders', { ...asked }), text: texts.text('app.newest') },
            { href: older === null ? null : address('/orders', { before: older, ...asked }), text: texts.text('app.older') },
            { href: orders.length === 0 ? null : address('/orders.csv', { ...asked }), text: texts.text('app.csv') },
            {
              href: address('/orders', { ...asked, runs: asked.runs === '' ? 'shown' : '' }),
              text: texts.text(asked.runs === '' ? 'orders.runs.show' : 'orders.runs.hide'),
            },
          ]}
        />
      </>
    ),
  })
}

const TABS: readonly { readonly status: string; readonly name?: MessageKey }[] = [
  { status: '', name: 'app.allStatuses' },
  { status: 'open', name: 'orders.open' },
  { status: 'Pending' },
  { status: 'Processing' },
  { status: 'In progress' },
  { status: 'ended', name: 'orders.ended' },
  { status: 'Completed' },
  { status: 'Partial' },
  { status: 'Canceled' },
]

/** Tabs for real and test orders, if test keys have placed orders. */
function Books({ texts, asked }: { texts: Texts; asked: AskedOrders }) {
  const isTest = asked.book === 'test'
  return (
    <>
      <nav class="tabs-inline" aria-label={texts.text('app.orders')}>
        <a href={address('/orders', {})} aria-current={isTest ? undefined : 'page'}>
          {texts.text('app.orders')}
        </a>
        <a href={address('/orders', { book: 'test' })} aria-current={isTest ? 'page' : undefined}>
          {texts.text('orders.test')}
        </a>
      </nav>
      {isTest && <Notice mood="plain">{texts.text('orders.test.text')}</Notice>}
    </>
  )
}

function Tabs({ texts, asked }: { texts: Texts; asked: AskedOrders }) {
  return (
    <nav class="status-tabs" aria-label={texts.text('app.status')}>
      {TABS.map(({ status, name }) => (
        <a
          key={status}
          href={address('/orders', { ...asked, status })}
          aria-current={status === asked.status ? 'page' : undefined}
          class={name === undefined ? undefined : 'group'}
        >
          {name === undefined ? statusText(texts, status as OrderStatus) : texts.text(name)}
        </a>
      ))}
    </nav>
  )
}

function Filter({ texts, view: { asked, faults } }: { texts: Texts; view: OrdersView }) {
  const { status, book, runs } = asked
  const days = texts.text('orders.days')
  const isOpen = ['service', 'from', 'to'].some((name) => asked[name as 'service'] !== '')
  return (
    <form method="get" action="/orders" class="order-filter" role="search">
      {Object.entries({ status, book, runs }).map(([name, value]) => value !== '' && <input key={name} type="hidden" name={name} value={value} />)}
      <Field
        name="find" type="search" label={texts.text('orders.find')} value={asked.find} dir="ltr"
        hint={texts.text('orders.find.hint', { count: texts.number(LINKS_LOOKED_THROUGH) })}
      />
      <details class="further" open={isOpen}>
        <summary class="button plain">{texts.text('orders.filter')}</summary>
        <div class="further-fields">
          <Field name="service" label={texts.text('orders.service')} value={asked.service} fault={faults['service']} />
          <Field name="from" type="date" label={texts.text('orders.from')} hint={days} value={faults['from'] === undefined ? asked.from : ''} fault={faults['from']} />
          <Field name="to" type="date" label={texts.text('orders.to')} hint={days} value={faults['to'] === undefined ? asked.to : ''} fault={faults['to']} />
        </div>
      </details>
      <Button type="submit">{texts.text('app.show')}</Button>
    </form>
  ) // prettier-ignore
}

function Rows({ ui, view: { orders, asked, currency } }: { ui: PageUi; view: OrdersView }) {
  const { texts } = ui.frame
  return (
    <Form ui={ui} action="/orders/bulk" class="bulk">
      {asked.book !== '' && <input type="hidden" name="book" value={asked.book} />}
      <LiveLine texts={texts} />
      <table class="orders" data-live={address('/orders/live', { book: asked.book })}>
        <caption class="visually-hidden">{texts.text('app.orders')}</caption>
        <thead>
          <tr>
            <td class="pick">
              <input type="checkbox" class="pick-all" hidden aria-label={texts.text('orders.selectPage')} />
            </td>
            <th scope="col">{texts.text('orders.order')}</th>
            <th scope="col">{texts.text('app.service')}</th>
            <th scope="col">{texts.text('orders.delivered')}</th>
            <th scope="col" class="money">
              {texts.text('app.charge')}
            </th>
            <th scope="col">{texts.text('app.status')}</th>
          </tr>
        </thead>
        <tbody>
          {orders.map(({ order, name }) => (
            <OrderRow key={order.id} texts={texts} order={order} name={name} currency={currency} />
          ))}
        </tbody>
      </table>
      <BulkActs texts={texts} isPlay={asked.book !== ''} />
    </Form>
  )
}

function BulkActs({ texts, isPlay }: { texts: Texts; isPlay: boolean }) {
  return (
    <div class="bulk-acts" role="group" aria-label={texts.text('orders.bulk')}>
      <p class="selected" data-selected={texts.text('orders.selected', { count: '#' })}>
        {texts.text('orders.bulk')}
      </p>
      {!isPlay && (
        <button type="submit" class="button plain" name="act" value="again">
          {texts.text('app.orderAgain')}
        </button>
      )}
      <button type="button" class="button plain copy-numbers" hidden data-done={texts.text('orders.copied')}>
        {texts.text('orders.copy')}
      </button>
      <button type="submit" class="button plain" name="act" value="refill">
        {texts.text('app.askRefill')}
      </button>
      <details class="confirm">
        <summary class="button bad">{texts.text('app.cancel')}</summary>
        <div class="confirm-panel">
          <p>{texts.text('orders.cancelSelected.text')}</p>
          <button type="submit" class="button bad" name="act" value="cancel">
            {texts.text('orders.cancelSelected')}
          </button>
        </div>
      </details>
    </div>
  )
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
