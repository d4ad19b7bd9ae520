import type { ListedDripFeed } from '../../../orders/followed.ts'
import type { Texts } from '../../../texts/texts.ts'
import { countText, durationText } from '../../ui/figures.tsx'
import { About } from '../orders/orders.tsx'
import { Delivered, Status } from '../../ui/order-status.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Detail, followedList, type FollowedView, runningTabs } from './followed-list.tsx'

export function dripFeedsPage(ui: PageUi, view: FollowedView<ListedDripFeed> & { readonly now: Date }): string {
  const { texts } = ui.frame
  return followedList({
    ui,
    path: '/drip-feeds',
    title: 'app.dripFeeds',
    none: { title: 'follow.noDripFeeds.title', text: 'follow.noDripFeeds.text' },
    tabs: runningTabs(texts),
    view,
    children: view.rows.map((feed) => (
      <li key={feed.id}>
        <About name={feed.name} link={feed.link} heading={<Heading texts={texts} feed={feed} />}>
          <dl class="details small">
            <Detail name={texts.text('follow.runsDone')}>
              {texts.text('orders.of', { part: texts.number(feed.runsDone), whole: texts.number(feed.runs) })}
            </Detail>
            <Detail name={texts.text('follow.eachRun')}>{countText(texts, feed.runQuantity)}</Detail>
            <Detail name={texts.text('follow.pause')}>{durationText(texts, feed.intervalMinutes)}</Detail>
            {!feed.ended && !feed.cancelAsked && feed.runsStarted < feed.runs && (
              <Detail name={texts.text('follow.nextRun')}>
                <NextRun texts={texts} at={feed.nextRunAt} now={view.now} />
              </Detail>
            )}
          </dl>
        </About>
        <div class="price">
          <Delivered texts={texts} quantity={feed.quantity} remains={feed.remains} />
          <a href={`/orders/${feed.id}#children`}>{texts.text('app.children')}</a>
        </div>
      </li>
    )),
  })
}

function Heading({ texts, feed }: { texts: Texts; feed: ListedDripFeed }) {
  return (
    <>
      <a href={`/orders/${feed.id}`}>{texts.text('app.orderNumber', { id: feed.id.toString() })}</a>{' '}
      <Status texts={texts} status={feed.status} />
      {feed.cancelAsked && !feed.ended && <span class="soft small"> {texts.text('app.cancelAsked')}</span>}
    </>
  )
}

function NextRun({ texts, at, now }: { texts: Texts; at: Date | null; now: Date }) {
  return at === null || at <= now ? <>{texts.text('follow.now')}</> : <Moment texts={texts} at={at} />
}
