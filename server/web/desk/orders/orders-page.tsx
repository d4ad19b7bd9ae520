import type { AllOrdersPage, StaffOrder } from '../../../fulfilment/all-orders.ts'
import type { DeskView } from '../../../staff/views.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Button } from '../../ui/form.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { PageLinks } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { actTitle } from '../act-words.ts'
import { TakeOut } from '../jobs/take-out.tsx'
import { addressOf, type Asked, hrefOf, isFiltered, ORDERS, type Wanted } from './asked.ts'
import { type ColumnName, columnNamed } from './columns.tsx'
import { OrderFilters } from './filters.tsx'
import { ReadingTold } from './reading.tsx'
import { Views } from './views.tsx'

interface OrdersView {
  readonly asked: Asked
  readonly wanted: Wanted
  readonly page: AllOrdersPage
  readonly suppliers: readonly { readonly id: number; readonly name: string }[]
  readonly views: readonly DeskView[]
  /** The acts that the reader may do to many orders. */
  readonly bulk: readonly string[]
}

/** Orders of all accounts. */
export function ordersPage(context: DeskContext, view: OrdersView): string {
  const { texts } = context.ui.frame
  const { asked, wanted, page, bulk } = view
  return deskPage(context, {
    title: texts.text('desk.place.orders'),
    script: 'desk-orders',
    children: (
      <div class="desk-orders">
        <Views context={context} asked={asked} views={view.views} />
        <OrderFilters texts={texts} asked={asked} suppliers={view.suppliers} />
        {wanted.reading && <ReadingTold texts={texts} asked={asked} reading={wanted.reading} />}
        {page.orders.length > 0 && <Rows texts={texts} asked={asked} orders={page.orders} bulk={bulk} />}
        {page.looked && (
          <Notice mood="warn">
            {texts.text('desk.orders.looked', { count: page.looked.count })} <Moment texts={texts} at={page.looked.to} />.
          </Notice>
        )}
        {page.orders.length > 0 && <TakeOut context={context} action={`${ORDERS}/export`} given={{ address: addressOf(asked) }} />}
        {page.orders.length === 0 && !page.looked && <Nothing texts={texts} asked={asked} />}
        <PageLinks
          links={[
            { href: asked.before === null ? null : hrefOf(asked), text: texts.text('desk.orders.newest') },
            {
              href: page.next === null ? null : hrefOf(asked, { before: page.next }),
              text: texts.text(page.looked ? 'desk.orders.lookFurther' : 'desk.orders.older'),
            },
          ]}
        />
      </div>
    ),
  })
}

function Nothing({ texts, asked }: { readonly texts: Texts; readonly asked: Asked }) {
  const isAll = !isFiltered(asked)
  return (
    <Empty title={texts.text('desk.orders.nothing')} text={texts.text(isAll ? 'desk.orders.noneYet' : 'desk.orders.noneMatch')}>
      {!isAll && (
        <a class="button plain" href={hrefOf({ ...asked, q: '' }, NO_FILTERS)}>
          {texts.text('desk.orders.all')}
        </a>
      )}
    </Empty>
  )
}

const NO_FILTERS = {
  state: null,
  service: null,
  supplier: null,
  account: null,
  key: null,
  origin: null,
  from: null,
  to: null,
  hour: null,
} as const

interface RowsProps {
  readonly texts: Texts
  readonly asked: Asked
  readonly orders: readonly StaffOrder[]
  readonly bulk: readonly string[]
}

/** The table within the form of bulk changes. A selection is of this page alone: another filter or page begins anew. */
function Rows({ texts, asked, orders, bulk }: RowsProps) {
  const messages = { selected: texts.text('desk.orders.selected', { count: '#' }) }
  return (
    <form method="get" action="/desk/orders/bulk" class="bulk" data-messages={JSON.stringify(messages)}>
      <div class="scroll" tabIndex={0} role="region" aria-label={texts.text('desk.place.orders')}>
        <table class="desk-table">
          <caption class="visually-hidden">{texts.text('desk.place.orders')}</caption>
          <thead>
            <tr>
              <td class="pick">
                <input type="checkbox" class="pick-all" hidden aria-label={texts.text('desk.orders.pickAll')} />
              </td>
              <th scope="col">{texts.text('desk.orders.column.number')}</th>
              {asked.columns.map((name) => (
                <th key={name} scope="col" class={columnNamed(name).figures && 'figures'}>
                  {texts.text(columnNamed(name).name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody data-live-region="orders">
            {orders.map((order) => (
              <OrderRow key={order.id} texts={texts} order={order} columns={asked.columns} />
            ))}
          </tbody>
        </table>
      </div>
      {bulk.length > 0 && <BulkBar texts={texts} asked={asked} bulk={bulk} />}
    </form>
  )
}

function OrderRow({ texts, order, columns }: { texts: Texts; order: StaffOrder; columns: readonly ColumnName[] }) {
  const id = order.id.toString()
  return (
    <tr data-row>
      <td class="pick">
        <input type="checkbox" name="pick" value={id} aria-label={texts.text('desk.orders.pick', { id })} />
      </td>
      <th scope="row" class="number">
        <a href={`/desk/orders/${id}`}>{id}</a>
        {order.test && <span class="soft small"> {texts.text('desk.orders.test')}</span>}
      </th>
      {columns.map((name) => (
        <td key={name} class={`c-${name}${columnNamed(name).figures ? ' figures' : ''}`}>
          {columnNamed(name).cell(texts, order)}
        </td>
      ))}
    </tr>
  )
}

function BulkBar({ texts, asked, bulk }: { texts: Texts; asked: Asked; bulk: readonly string[] }) {
  return (
    <div class="bulk-acts">
      <p class="selected" data-selected={texts.text('desk.orders.selected', { count: '#' })}>
        {texts.text('desk.orders.selectSome')}
      </p>
      <p class="picked-numbers soft small" aria-live="polite" />
      <button type="button" class="button small copy-numbers" hidden data-done={texts.text('docs.copied')}>
        {texts.text('desk.orders.copyNumbers')}
      </button>
      <label class="bulk-act">
        <span>{texts.text('desk.orders.bulk.do')}</span>
        <select name="act">
          {bulk.map((name) => (
            <option key={name} value={name}>
              {actTitle(texts, name)}
            </option>
          ))}
        </select>
      </label>
      <Button type="submit" look="main">
        {texts.text('desk.orders.bulk.selected')}
      </Button>
      <Button type="submit" name="matching" value={addressOf(asked)}>
        {texts.text('desk.orders.bulk.matching')}
      </Button>
    </div>
  )
}
