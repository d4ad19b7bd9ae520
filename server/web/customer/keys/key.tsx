import type { KeyRow } from '../../../customers/keys.ts'
import type { KeyDay, KeyOrder } from '../../../orders/usage.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { countText, Money } from '../../ui/figures.tsx'
import { Status } from '../../ui/order-status.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import type { NamedService } from '../services/service-name.ts'
import { DayText, durationOfDays } from '../usage/days.tsx'
import { KeyBadges, keyName, KeyPrefix, keyState, scopeWords } from './key-words.tsx'
import { SpentToday } from './keys.tsx'
import { ServiceNames } from './service-names.tsx'

interface KeyView {
  readonly key: KeyRow
  /** The host of the child panel that orders with it. */
  readonly panel: string | undefined
  readonly services: readonly NamedService[] | null
  readonly days: readonly KeyDay[]
  readonly shownDays: number
  readonly orders: readonly { readonly order: KeyOrder; readonly name: string }[]
  /** All orders up to now are included in the sums. */
  readonly whole: boolean
  readonly currency: string
  readonly now: Date
  readonly done: string | undefined
  readonly warning: string | undefined
}

/** One key: its limits and its usage. */
export function keyPage(ui: PageUi, view: KeyView): string {
  const { texts } = ui.frame
  const { key, panel, now, done, warning } = view
  const state = keyState(key, now)
  return appPage({
    ui,
    title: keyName(key),
    done,
    script: 'programs',
    children: (
      <>
        {warning !== undefined && <Notice mood="warn">{warning}</Notice>}
        <p class="row">
          <KeyPrefix prefix={key.prefix} />
          <KeyBadges texts={texts} test={key.test} state={state} />
        </p>
        <Facts texts={texts} view={view} />
        {panel !== undefined && <Notice mood="plain">{texts.text('keys.ofPanel', { panel })}</Notice>}
        {state !== 'revoked' && panel === undefined && (
          <div class="ways">
            <a class="button plain" href={`/keys/${key.id}/edit`}>
              {texts.text('keys.edit')}
            </a>
            <a class="button bad" href={`/keys/${key.id}/revoke`}>
              {texts.text('keys.revoke')}
            </a>
          </div>
        )}
        <Statement texts={texts} view={view} />
        <NewestOrders texts={texts} view={view} />
      </>
    ),
  })
}

function Facts({ texts, view: { key, services, currency } }: { texts: Texts; view: KeyView }) {
  return (
    <dl class="own-facts">
      <dt>{texts.text('keys.access')}</dt>
      <dd>{scopeWords(texts, key.scopes)}</dd>
      <dt>{texts.text('keys.dailyCap')}</dt>
      <dd>
        {key.dailyCap === null ? (
          texts.text('keys.noLimit')
        ) : (
          <SpentToday texts={texts} spent={key.spentToday} cap={key.dailyCap} currency={currency} />
        )}
      </dd>
      <dt>{texts.text('app.services')}</dt>
      <dd>{services === null ? texts.text('keys.noLimit') : <ServiceNames texts={texts} services={services} />}</dd>
      <dt>{texts.text('keys.networks')}</dt>
      <dd>{key.addresses === null ? texts.text('keys.noLimit') : <bdi dir="ltr">{key.addresses.join(', ')}</bdi>}</dd>
      <dt>{texts.text('keys.expires')}</dt>
      <dd>{key.expiresAt === null ? texts.text('keys.noLimit') : <Moment texts={texts} at={key.expiresAt} />}</dd>
      <dt>{texts.text('keys.lastUsed')}</dt>
      <dd>{key.lastUsedAt ? <Moment texts={texts} at={key.lastUsedAt} /> : texts.text('keys.neverUsed')}</dd>
      <dt>{texts.text('keys.made')}</dt>
      <dd>
        <Moment texts={texts} at={key.createdAt} />
      </dd>
      {key.revokedAt && (
        <>
          <dt>{texts.text('keys.state.revoked')}</dt>
          <dd>
            <Moment texts={texts} at={key.revokedAt} />
          </dd>
        </>
      )}
    </dl>
  )
}

/** The key's usage per day, newest first, with its totals. */
function Statement({ texts, view: { days, shownDays, whole, currency } }: { texts: Texts; view: KeyView }) {
  const sum = (of: (day: KeyDay) => bigint) => days.reduce((total, day) => total + of(day), 0n)
  const cells = (orders: bigint, charged: bigint, refunded: bigint) => (
    <>
      <td>{countText(texts, orders)}</td>
      <td>
        <Money texts={texts} units={charged} currency={currency} />
      </td>
      <td>
        <Money texts={texts} units={refunded} currency={currency} />
      </td>
    </>
  )
  return (
    <section aria-labelledby="statement">
      <h2 id="statement">{texts.text('keys.statement')}</h2>
      <p class="soft small">
        {durationOfDays(texts, shownDays)}. {texts.text('usage.hint.money')}
      </p>
      {!whole && <Notice mood="warn">{texts.text('usage.behind')}</Notice>}
      {days.length === 0 ? (
        <p>{texts.text('usage.nothing')}</p>
      ) : (
        <div class="wide-table" tabIndex={0} role="group" aria-labelledby="statement">
        <table class="figures-table">
          <caption class="visually-hidden">{texts.text('keys.statement')}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.text('usage.day')}</th>
              <th scope="col">{texts.text('app.orders')}</th>
              <th scope="col">{texts.text('usage.charged')}</th>
              <th scope="col">{texts.text('app.refunded')}</th>
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.day}>
                <th scope="row">
                  <DayText texts={texts} day={day.day} />
                </th>
                {cells(BigInt(day.orders), day.charged, day.refunded)}
              </tr>
            ))}
            <tr class="total">
              <th scope="row">{texts.text('usage.total')}</th>
              {cells(sum((day) => BigInt(day.orders)), sum((day) => day.charged), sum((day) => day.refunded))}
            </tr>
          </tbody>
        </table>
        </div>
      )}
    </section>
  ) // prettier-ignore
}

function NewestOrders({ texts, view: { orders, currency } }: { texts: Texts; view: KeyView }) {
  if (orders.length === 0) return null
  return (
    <section aria-labelledby="newest">
      <h2 id="newest">{texts.text('keys.newest')}</h2>
      <ul class="rows">
        {orders.map(({ order, name }) => (
          <li key={order.id}>
            <div class="what">
              <h3 class="row-title">
                <a href={`/orders/${order.id}`}>{texts.text('app.orderNumber', { id: order.id.toString() })}</a>{' '}
                <Status texts={texts} status={order.status} />
              </h3>
              <p class="small">
                <bdi>{name}</bdi>
              </p>
            </div>
            <p class="price">
              <Money texts={texts} units={order.charge - order.refunded} currency={currency} />
              <br />
              <span class="soft small">
                <Moment texts={texts} at={order.placedAt} />
              </span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
