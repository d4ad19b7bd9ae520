import type { OrderStatus } from '../../../../contract/statuses.ts'
import type { Attention } from '../../../customers/attention.ts'
import type { ListedOrder } from '../../../orders/list.ts'
import type { Units } from '../../../ledger/money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Icon } from '../../ui/icon.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { groups } from '../../ui/places.ts'
import { appPage } from '../app-frame.tsx'
import { OwedNotice } from '../funds/owed.tsx'
import { address } from '../../ui/page-links.tsx'
import { countText, Money, moneyText } from '../../ui/figures.tsx'
import { Status } from '../../ui/order-status.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'

interface OverviewView {
  readonly wallet: Units
  readonly currency: string
  /** The number of orders per status; statuses without orders are omitted. */
  readonly tally: readonly { readonly status: OrderStatus; readonly count: number }[]
  readonly mostCounted: number
  readonly last: readonly { readonly order: ListedOrder; readonly name: string }[]
  readonly attention: Attention
  /** Tickets with an answer that the reader has not seen. */
  readonly answered: readonly bigint[]
  /** A way to pay is offered here. */
  readonly canPay: boolean
}

/** The balance, the matters that need the reader, the orders by status, and links to the daily tasks. */
export function overviewPage(ui: PageUi, view: OverviewView): string {
  const { texts } = ui.frame
  const { wallet, currency, last } = view
  return appPage({
    ui,
    title: texts.text('shell.overview'),
    children: (
      <>
        {view.attention.owed < 0n && <OwedNotice texts={texts} owed={view.attention.owed} currency={currency} canPay={view.canPay} />}
        <AttentionList texts={texts} view={view} />
        <div class="glance">
          <section class="purse" aria-labelledby="purse">
            <h2 id="purse">{texts.text('app.balance')}</h2>
            <p class="sum">
              <Money texts={texts} units={wallet} currency={currency} />
            </p>
            <p class="ways">
              <a class="button main" href="/order">
                {texts.text('app.newOrder')}
              </a>
              <a class="button" href="/funds">
                {texts.text('app.funds')}
              </a>
            </p>
          </section>
          <ByStatus texts={texts} view={view} />
        </div>
        {last.length === 0 ? (
          <Empty title={texts.text('app.noOrders.title')} text={texts.text('app.noOrders.text')}>
            <a class="button" href="/start">
              {texts.text('app.start')}
            </a>
          </Empty>
        ) : (
          <LastOrders texts={texts} view={view} />
        )}
        <Shortcuts texts={texts} />
      </>
    ),
  })
}

function AttentionList({ texts, view }: { texts: Texts; view: OverviewView }) {
  const waiting = attentionOf(texts, view)
  return waiting.length === 0 ? null : (
    <section aria-labelledby="attention">
      <h2 id="attention" class="visually-hidden">
        {texts.text('shell.attention')}
      </h2>
      {waiting.map(({ href, text, name }) => (
        <Notice key={href} mood="warn">
          {text} <a href={href}>{name}</a>
        </Notice>
      ))}
    </section>
  )
}

/** The matters that need the reader, each with a link to the page that deals with it. */
function attentionOf(texts: Texts, { wallet, currency, tally, last, attention, answered }: OverviewView) {
  const { alarmBelow, failingWebhooks, lastAnswer } = attention
  const paused = tally.find(({ status }) => status === 'Paused')?.count ?? 0
  const dearest = last[0]?.order.kept ?? 0n
  const low =
    alarmBelow !== null
      ? wallet < alarmBelow && texts.text('shell.attention.alarm', { amount: moneyText(texts, alarmBelow, currency) })
      : wallet < dearest && texts.text('shell.attention.balance')
  return [
    low !== false && attention.owed === 0n && { href: '/funds', name: texts.text('app.funds'), text: low },
    answered.length > 0 && { href: answered.length === 1 ? `/support/${answered[0]}` : '/support', name: texts.text('app.support'), text: texts.text('shell.attention.tickets', { count: answered.length }) },
    paused > 0 && { href: '/subscriptions', name: texts.text('app.subscriptions'), text: texts.text('shell.attention.paused', { count: paused }) },
    failingWebhooks > 0 && { href: '/webhooks', name: texts.text('app.webhooks'), text: failingText(texts, failingWebhooks, lastAnswer) },
  ].filter((one) => one !== false) // prettier-ignore
}

function failingText(texts: Texts, count: number, answer: string | null): string {
  const failing = texts.text('shell.attention.webhooks', { count })
  return answer === null ? failing : `${failing} ${texts.text('shell.attention.webhooks.answer', { answer })}`
}

function ByStatus({ texts, view: { tally, mostCounted } }: { texts: Texts; view: OverviewView }) {
  if (tally.length === 0) return null
  return (
    <section class="by-status" aria-labelledby="by-status">
      <h2 id="by-status">{texts.text('shell.byStatus')}</h2>
      <ul>
        {tally.map(({ status, count }) => (
          <li key={status}>
            <a href={address('/orders', { status })}>
              <Status texts={texts} status={status} />
              <span class="figure">{count > mostCounted ? `${texts.number(mostCounted)}+` : texts.number(count)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function LastOrders({ texts, view: { last, currency } }: { texts: Texts; view: OverviewView }) {
  return (
    <section aria-labelledby="last-orders">
      <div class="row section-head">
        <h2 id="last-orders">{texts.text('shell.lastOrders')}</h2>
        <a href="/orders">{texts.text('shell.allOrders')}</a>
      </div>
      <ul class="rows">
        {last.map(({ order, name }) => (
          <li key={order.id}>
            <div class="what">
              <h3>
                <a href={`/orders/${order.id}`}>{texts.text('app.orderNumber', { id: order.id.toString() })}</a>{' '}
                <Status texts={texts} status={order.status} /> <bdi class="soft">{name}</bdi>
              </h3>
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
    </section>
  )
}

const shortcuts = new Set(['/mass-order', '/services', '/subscriptions', '/keys', '/usage'])

function Shortcuts({ texts }: { texts: Texts }) {
  const places = groups.flatMap((group) => group.places).filter((place) => shortcuts.has(place.path))
  return (
    <ul class="shortcuts">
      {places.map(({ path, icon, name }) => (
        <li key={path}>
          <a href={path}>
            <Icon name={icon} />
            {texts.text(name)}
          </a>
        </li>
      ))}
    </ul>
  )
}
