import type { MessageKey } from '../../../../contract/message.ts'
import type { ListedOrder } from '../../../orders/list.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Empty, Notice } from '../../ui/notice.tsx'
import { Prose } from '../../ui/prose.tsx'
import { appPage } from '../app-frame.tsx'
import { address } from '../../ui/page-links.tsx'
import { countText } from '../../ui/figures.tsx'
import { Form, Submit } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { About } from './orders.tsx'
import { Status } from '../../ui/order-status.tsx'

export type BulkAct = 'cancel' | 'refill'
/** The outcome of one order; `taken` means that it was not refused. */
export type Outcome = 'taken' | 'cannotCancel' | 'refillNotAvailable' | 'refillRequested'

export function nothingChosenPage(ui: PageUi): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('app.orders'),
    children: (
      <>
        <Notice mood="bad">{texts.text('orders.nothingChosen')}</Notice>
        <Back texts={texts} />
      </>
    ),
  })
}

interface Row {
  readonly order: ListedOrder
  readonly name: string
}

/** The outcome of each order. */
export function outcomePage(ui: PageUi, act: BulkAct, rows: readonly (Row & { readonly outcome: Outcome })[]): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text(act === 'cancel' ? 'orders.outcome.cancel' : 'orders.outcome.refill'),
    children: (
      <>
        <ul class="rows outcomes">
          {rows.map(({ order, name, outcome }) => (
            <li key={order.id}>
              <OrderCells texts={texts} order={order} name={name} />
              <p class={`outcome ${outcome === 'taken' ? 'good' : 'warn'}`}>
                <Prose text={texts.text(outcomeText(act, outcome, order))} />
              </p>
            </li>
          ))}
        </ul>
        {rows.length === 0 && <Empty title={texts.text('app.nothingFound.title')} text={texts.text('orders.nothingChosen')} />}
        <Back texts={texts} />
      </>
    ),
  })
}

function outcomeText(act: BulkAct, outcome: Outcome, { status }: ListedOrder): MessageKey {
  if (outcome !== 'taken') return `refusal.${outcome}`
  if (act === 'refill') return 'app.refillAsked'
  return status === 'Canceled' ? 'orders.outcome.canceled' : 'app.cancelAsked'
}

/** Rows for the form of mass orders, and the orders that do not fit into a row. */
export function againPage(ui: PageUi, rows: readonly (Row & { readonly sold: boolean; readonly line: string | null })[]): string {
  const { texts } = ui.frame
  const lines = rows.flatMap(({ line }) => line ?? [])
  return appPage({
    ui,
    title: texts.text('app.orderAgain'),
    children: (
      <>
        <ul class="rows outcomes">
          {rows.map(({ order, name, sold, line }) => (
            <li key={order.id}>
              <OrderCells texts={texts} order={order} name={name} />
              <p class={`outcome ${line === null ? 'warn' : ''}`.trim()}>
                {line !== null && `${texts.text('app.quantity')} ${countText(texts, order.quantity)}`}
                {line === null && sold && <a href={address('/order', { again: order.id })}>{texts.text('orders.again.ownForm')}</a>}
                {!sold && texts.text('orders.again.gone')}
              </p>
            </li>
          ))}
        </ul>
        {lines.length > 0 && (
          <Form ui={ui} action="/mass-order">
            <input type="hidden" name="lines" value={lines.join('\n')} />
            <p class="soft">{texts.text('orders.again.text')}</p>
            <Submit>{texts.text('app.massOrder')}</Submit>
          </Form>
        )}
        <Back texts={texts} />
      </>
    ),
  })
}

function OrderCells({ texts, order, name }: Row & { readonly texts: Texts }) {
  const heading = (
    <>
      <a href={`/orders/${order.id}`}>{texts.text('app.orderNumber', { id: order.id.toString() })}</a>{' '}
      <Status texts={texts} status={order.status} />
    </>
  )
  return <About heading={heading} name={name} link={order.link} />
}

function Back({ texts }: { readonly texts: Texts }) {
  return (
    <p>
      <a class="button plain" href="/orders">
        {texts.text('app.orders')}
      </a>
    </p>
  )
}
