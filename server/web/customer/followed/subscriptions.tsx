import type { ListedSubscription } from '../../../orders/followed.ts'
import type { Texts } from '../../../texts/texts.ts'
import { countText, durationText } from '../../ui/figures.tsx'
import { Status } from '../../ui/order-status.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Detail, followedList, type FollowedView, runningTabs } from './followed-list.tsx'

export function subscriptionsPage(ui: PageUi, view: FollowedView<ListedSubscription>): string {
  const { texts } = ui.frame
  return followedList({
    ui,
    path: '/subscriptions',
    title: 'app.subscriptions',
    none: { title: 'follow.noSubscriptions.title', text: 'follow.noSubscriptions.text' },
    tabs: runningTabs(texts),
    view,
    children: view.rows.map((subscription) => <Subscription key={subscription.id} texts={texts} subscription={subscription} />),
  })
}

function Subscription({ texts, subscription }: { texts: Texts; subscription: ListedSubscription & { readonly name: string } }) {
  const { id, status, ended, cancelAsked, username, name, posts, served, waiting, min, max, delayMinutes, expiry } = subscription
  return (
    <li>
      <div class="what">
        <h2>
          <a href={`/orders/${id}`}>{texts.text('app.orderNumber', { id: id.toString() })}</a> <bdi dir="ltr">{username}</bdi>{' '}
          <Status texts={texts} status={status} />
        </h2>
        <p>
          <bdi>{name}</bdi>
        </p>
        {status === 'Paused' && (
          <p class="warn">
            {texts.text('follow.paused')} <a href="/funds">{texts.text('app.funds')}</a>
          </p>
        )}
        {cancelAsked && !ended && <p class="soft small">{texts.text('app.cancelAsked')}</p>}
        <dl class="details small">
          <Detail name={texts.text('follow.served')}>
            {posts === null ? texts.number(served) : texts.text('orders.of', { part: texts.number(served), whole: texts.number(posts) })}
          </Detail>
          {waiting > 0 && !ended && <Detail name={texts.text('follow.waiting')}>{texts.number(waiting)}</Detail>}
          <Detail name={texts.text('follow.eachPost')}>
            {min === max ? countText(texts, min) : `${countText(texts, min)}–${countText(texts, max)}`}
          </Detail>
          <Detail name={texts.text('follow.delay')}>
            {delayMinutes === 0 ? texts.text('follow.now') : durationText(texts, delayMinutes)}
          </Detail>
          {expiry !== null && <Detail name={texts.text('follow.expiry')}>{dayText(texts, expiry)}</Detail>}
        </dl>
      </div>
      <p class="price">
        <a href={`/orders/${id}#children`}>{texts.text('app.children')}</a>
        {!ended && !cancelAsked && (
          <>
            <br />
            <a href={`/orders/${id}#content`}>{texts.text('app.cancel')}</a>
          </>
        )}
      </p>
    </li>
  )
}

function dayText({ language }: Texts, day: string): string {
  return new Intl.DateTimeFormat(`${language.code}-u-nu-latn`, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}
