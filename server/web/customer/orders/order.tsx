import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { isPackageType } from '../../../../contract/service-types.ts'
import type { Service } from '../../../catalog/catalogue.ts'
import type { ExtendedRow } from '../../../orders/read.ts'
import type { ChildOrder, ShownOrder, TimelineStep } from '../../../orders/show.ts'
import type { SpeedUp } from '../../../support/speed-up.ts'
import type { ListedTicket } from '../../../support/tickets.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { countText, measuredText, Money, rateText } from '../../ui/figures.tsx'
import { Form, Moment, OrderLink, Submit } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { LiveLine } from './live-line.tsx'
import { Ordered } from './ordered.tsx'
import { type LiveOrder, runText, announcementOf, versionOf } from './orders.tsx'
import { Delivered, Status, statusText } from '../../ui/order-status.tsx'
import { TicketStateBadge } from '../../ui/ticket-words.tsx'

export interface OrderView {
  readonly order: ShownOrder
  readonly name: string
  readonly service: Service | undefined
  readonly terms: ExtendedRow
  readonly currency: string
  /** A test key placed the order. */
  readonly isPlay: boolean
  readonly timeline: readonly TimelineStep[]
  readonly children: readonly ChildOrder[]
  /** The id before which the shown children begin; null on the newest page. */
  readonly childrenBefore: number | null
  readonly olderChildren: number | null
  readonly mayCancel: boolean
  readonly mayRefill: boolean
  /** It is late, and nobody has asked to hurry it today. */
  readonly maySpeedUp: boolean
  /** How it was last hurried; null: never. */
  readonly speedUp: SpeedUp | null
  /** The newest tickets about it. */
  readonly tickets: readonly ListedTicket[]
}

/** One order: its state, its history, and its actions. */
export function orderPage(
  ui: PageUi,
  view: OrderView,
  said: { readonly done: string | undefined; readonly fault: string | undefined },
): string {
  const { texts } = ui.frame
  const { order } = view
  const id = order.id.toString()
  return appPage({
    ui,
    title: texts.text('app.orderNumber', { id }),
    done: said.done,
    script: 'orders',
    children: (
      <>
        {said.fault !== undefined && (
          <Notice mood="bad">{said.fault}</Notice>
        )}
        {view.isPlay && <Notice mood="plain">{texts.text('orders.test.text')}</Notice>}
        <div class="one-order" data-live={address(`/orders/${id}/live`, { before: view.childrenBefore })} data-order={id} data-version={versionOfView(view)} data-open={order.ended ? undefined : ''}>
          <LiveLine texts={texts} />
          <div data-part="facts">
            <Facts texts={texts} view={view} />
          </div>
          <div data-part="acts">
            <Acts ui={ui} view={view} />
          </div>
          <Help texts={texts} view={view} />
          <Ordered texts={texts} order={order} type={view.service?.type} />
          <div data-part="children">{view.children.length > 0 && <Children texts={texts} view={view} />}</div>
          <div data-part="timeline">
            <Timeline texts={texts} view={view} />
          </div>
        </div>
      </>
    ),
  }) // prettier-ignore
}

/** The current state of the order, for the page's island. */
export function liveOrder(ui: PageUi, view: OrderView): LiveOrder {
  const { texts } = ui.frame
  const { order } = view
  return {
    id: order.id.toString(),
    version: versionOfView(view),
    open: !order.ended,
    told: announcementOf(texts, order),
    parts: {
      facts: renderToString(<Facts texts={texts} view={view} />),
      acts: renderToString(<Acts ui={ui} view={view} />),
      children: renderToString(<>{view.children.length > 0 && <Children texts={texts} view={view} />}</>),
      timeline: renderToString(<Timeline texts={texts} view={view} />),
    },
  }
}

/** A change of a run also changes the page of its drip-feed. */
function versionOfView({ order, children, timeline, speedUp }: OrderView): string {
  return [
    versionOf(order),
    timeline.length,
    speedUp?.endedAt?.getTime() ?? '',
    ...children.map(({ id, status, remains }) => `${id} ${status} ${remains}`),
  ].join(' ')
}

function Facts({ texts, view: { order, name, service, terms, currency } }: { texts: Texts; view: OrderView }) {
  const isCounted = order.kind !== 'subscription'
  const { startTime, finishTime } = service ?? {}
  const moments = [
    ['orders.startBy', order.ended || terms.started ? null : terms.startBy],
    ['orders.finishBy', order.ended ? null : terms.finishBy],
    ['orders.ended', order.endedAt],
    ['orders.refillUntil', terms.refillUntil],
    ['orders.refillFrom', terms.refillable && terms.refillsLeft !== 0 ? terms.refillFrom : null],
  ] as const
  return (
    <>
      <p class="standing">
        <Status texts={texts} status={order.status} />
        {order.cancelAsked && !order.ended && <span class="soft small">{texts.text('app.cancelAsked')}</span>}
        {isCounted && <Delivered texts={texts} quantity={order.quantity} remains={order.remains} />}
      </p>
      <dl class="own-facts">
        <Fact name={texts.text('app.service')}>
          <bdi>{order.serviceId}</bdi> · <bdi>{name}</bdi>
        </Fact>
        <Fact name={texts.text('app.link')} class="link">
          <OrderLink texts={texts} link={order.link} />
        </Fact>
        <Fact name={texts.text('app.placed')}>
          <Moment texts={texts} at={order.placedAt} />
        </Fact>
        {isCounted && <Fact name={texts.text('app.remains')}>{countText(texts, order.remains)}</Fact>}
        {isCounted && order.startCount > 0n && <Fact name={texts.text('app.startCount')}>{countText(texts, order.startCount)}</Fact>}
        {order.charge > 0n && (
          <Fact name={texts.text('app.charge')}>
            <Charge texts={texts} order={order} isPackage={isPackageType(service?.type ?? '')} currency={currency} />
          </Fact>
        )}
        {order.refunded > 0n && (
          <Fact name={texts.text('app.refunded')}>
            <Money texts={texts} units={order.refunded} currency={currency} />
          </Fact>
        )}
        {order.parentId !== null && (
          <Fact name={texts.text('app.partOf')}>
            <a href={`/orders/${order.parentId}`}>{parentText(texts, order)}</a>
          </Fact>
        )}
        {moments.map(
          ([name, at]) =>
            at && (
              <Fact key={name} name={texts.text(name)}>
                <Moment texts={texts} at={at} />
              </Fact>
            ),
        )}
        {terms.refillable && terms.refillsLeft !== null && (
          <Fact name={texts.text('orders.refillsLeft')}>{countText(texts, BigInt(terms.refillsLeft))}</Fact>
        )}
        {!order.ended && order.kind === 'single' && (startTime || finishTime) && (
          <Fact name={texts.text('orders.usually')}>
            {[
              startTime && texts.text('app.usuallyStarts', { time: measuredText(texts, startTime.median) }),
              finishTime && texts.text('app.usuallyFinishes', { time: measuredText(texts, finishTime.median) }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Fact>
        )}
      </dl>
    </>
  )
}

function parentText(texts: Texts, { parentId, runNumber, runs }: ShownOrder): string {
  return runNumber !== null && runs !== null
    ? runText(texts, { parentId: parentId!, number: runNumber, of: runs })
    : texts.text('app.orderNumber', { id: parentId!.toString() })
}

function Fact({ name, class: look, children }: { readonly name: string; readonly class?: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd class={look}>{typeof children === 'string' ? <bdi>{children}</bdi> : children}</dd>
    </>
  )
}

/** The cost in short. The page behind the link shows every digit. */
function Charge({ texts, order, isPackage, currency }: { texts: Texts; order: ShownOrder; isPackage: boolean; currency: string }) {
  return (
    <>
      <Money texts={texts} units={order.charge} currency={currency} />{' '}
      <span class="soft small">
        <bdi dir="ltr">
          {!isPackage && `${countText(texts, order.quantity)} × `}
          {rateText(texts, order.rate, currency)}
        </bdi>{' '}
        {texts.text(isPackage ? 'app.perPackage' : 'app.perThousand')} ·{' '}
        <a href={`/orders/${order.id}/explain`}>{texts.text('orders.explain')}</a>
      </span>
    </>
  )
}

function Acts({ ui, view: { order, service, isPlay, mayCancel, mayRefill, maySpeedUp, speedUp } }: { ui: PageUi; view: OrderView }) {
  const { texts } = ui.frame
  const isOnSale = service?.state === 'on sale' && order.parentId === null && !isPlay
  return mayCancel || mayRefill || maySpeedUp || isOnSale || speedUp ? (
    <div class="ways acts">
      <Hurried texts={texts} order={order} speedUp={speedUp} />
      {isOnSale && (
        <a class="button plain" href={address('/order', { again: order.id })}>
          {texts.text('app.orderAgain')}
        </a>
      )}
      {maySpeedUp && (
        <details class="confirm">
          <summary class="button plain">{texts.text('tickets.kind.speedUp')}</summary>
          <Form ui={ui} action={`/orders/${order.id}/speed-up`} class="confirm-panel">
            <p>{texts.text('tickets.speedUp.text')}</p>
            <Submit>{texts.text('tickets.speedUp.ask')}</Submit>
          </Form>
        </details>
      )}
      {mayRefill && (
        <details class="confirm">
          <summary class="button plain">{texts.text('app.refill')}</summary>
          <Form ui={ui} action={`/orders/${order.id}/refill`} class="confirm-panel">
            <p>{texts.text('orders.refill.text')}</p>
            <Submit>{texts.text('app.askRefill')}</Submit>
          </Form>
        </details>
      )}
      {mayCancel && (
        <details class="confirm">
          <summary class="button bad">{texts.text('app.cancel')}</summary>
          <Form ui={ui} action={`/orders/${order.id}/cancel`} class="confirm-panel">
            <p>{texts.text(order.unsent ? 'orders.cancel.unsent' : 'orders.cancel.sent')}</p>
            <Submit look="bad">{texts.text('app.askCancel')}</Submit>
          </Form>
        </details>
      )}
    </div>
  ) : null
}

/** That the order was hurried, while it matters, and what staff said to it. */
function Hurried({ texts, order, speedUp }: { readonly texts: Texts; readonly order: ShownOrder; readonly speedUp: SpeedUp | null }) {
  if (speedUp === null || order.ended) return null
  return (
    <p class="hurried">
      {texts.text('tickets.speedUp.asked')} <Moment texts={texts} at={speedUp.askedAt} />
      {speedUp.words !== null && (
        <>
          <br />
          <q dir="auto">{speedUp.words}</q>
        </>
      )}
    </p>
  )
}

/** The way to a ticket about the order, and to those that there are. */
function Help({ texts, view: { order, tickets } }: { readonly texts: Texts; readonly view: OrderView }) {
  return (
    <p class="order-help">
      <a href={address('/support/new', { orders: order.id })}>{texts.text('tickets.aboutOrder')}</a>
      {tickets.map((ticket) => (
        <>
          {' · '}
          <a key={ticket.id} href={`/support/${ticket.id}`}>
            {texts.text('tickets.number', { id: ticket.id.toString() })}
          </a>{' '}
          <TicketStateBadge texts={texts} state={ticket.state} side="customer" />
        </>
      ))}
    </p>
  )
}

function Children({ texts, view: { order, children, olderChildren } }: { texts: Texts; view: OrderView }) {
  return (
    <section aria-labelledby="children">
      <h2 id="children">{texts.text('app.children')}</h2>
      <ul class="rows">
        {children.map((child) => (
          <li key={child.id}>
            <p>
              {child.number}. <a href={`/orders/${child.id}`}>{texts.text('app.orderNumber', { id: child.id.toString() })}</a>{' '}
              <Status texts={texts} status={child.status} />
            </p>
            <Delivered texts={texts} quantity={child.quantity} remains={child.remains} />
          </li>
        ))}
      </ul>
      <PageLinks
        links={[
          {
            href: olderChildren === null ? null : address(`/orders/${order.id}`, { before: olderChildren }),
            text: texts.text('app.older'),
          },
        ]}
      />
    </section>
  )
}

function Timeline({ texts, view: { timeline, order } }: { texts: Texts; view: OrderView }) {
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">{texts.text('app.timeline')}</h2>
      <ol class="timeline">
        {folded(timeline).map(({ newest, since }, at) => (
          <li key={at}>
            <span>{stepText(texts, newest)}</span>
            <span class="soft small">
              {since < newest.at && (
                <>
                  <Moment texts={texts} at={since} /> –{' '}
                </>
              )}
              <Moment texts={texts} at={newest.at} />
            </span>
          </li>
        ))}
        <li>
          <span>{texts.text('app.placed')}</span>
          <span class="soft small">
            <Moment texts={texts} at={order.placedAt} />
          </span>
        </li>
      </ol>
    </section>
  )
}

interface FoldedStep {
  readonly newest: TimelineStep
  readonly since: Date
}

/** Consecutive steps of one status differ only in what remains, so only the newest of them is shown. */
function folded(steps: readonly TimelineStep[]): FoldedStep[] {
  const all: FoldedStep[] = []
  for (const step of steps) {
    const later = all.at(-1)
    if (later && isReport(step) && isReport(later.newest) && later.newest.status === step.status)
      all[all.length - 1] = { ...later, since: step.at }
    else all.push({ newest: step, since: step.at })
  }
  return all
}

function isReport({ asked, ofRefill }: TimelineStep): boolean {
  return asked === null && !ofRefill
}

const ASKED = { cancel: 'app.cancelAsked', refill: 'app.refillAsked', 'speed-up': 'tickets.speedUp.asked' } as const

function stepText(texts: Texts, { asked, status, ofRefill, remains }: TimelineStep): string {
  if (asked !== null) return texts.text(ASKED[asked])
  const word = statusText(texts, status)
  if (ofRefill) return `${texts.text('app.refill')}: ${word}`
  return remains === null ? word : `${word} · ${texts.text('app.remains')} ${countText(texts, remains)}`
}
