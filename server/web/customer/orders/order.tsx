import type { ChildOrder, ShownOrder, TimelineStep } from '../../../orders/show.ts'
import type { Texts } from '../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'
import { Prose } from '../../ui/prose.tsx'
import { address, appPage, PageLinks } from '../app-frame.tsx'
import { countText, Money } from '../figures.tsx'
import { Status, statusText } from './orders.tsx'
import { Form, Moment, Submit } from '../parts.tsx'
import type { Scene } from '../scene.ts'

interface OrderView {
  readonly order: ShownOrder
  readonly name: string
  readonly currency: string
  readonly timeline: readonly TimelineStep[]
  readonly children: readonly ChildOrder[]
  readonly olderChildren: number | null
  readonly mayCancel: boolean
  readonly mayRefill: boolean
  readonly isOnSale: boolean
  readonly done: string | undefined
  readonly fault: string | undefined
}

/** One order: where it stands, what happened, what can be done. */
export function orderPage(scene: Scene, view: OrderView): string {
  const { texts } = scene.frame
  const { order, done, fault } = view
  return appPage({
    scene,
    title: texts.text('app.orderNumber', { id: order.id.toString() }),
    done,
    children: (
      <>
        {fault !== undefined && (
          <Notice mood="bad">
            <Prose text={fault} />
          </Notice>
        )}
        <Facts texts={texts} view={view} />
        <Acts scene={scene} view={view} />
        {view.children.length > 0 && <Children texts={texts} view={view} />}
        <section aria-labelledby="timeline">
          <h2 id="timeline">{texts.text('app.timeline')}</h2>
          <ol class="timeline">
            {view.timeline.map((step, at) => (
              <li key={at}>
                <span>{stepText(texts, step)}</span>
                <span class="soft small">
                  <Moment texts={texts} at={step.at} />
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
      </>
    ),
  })
}

function Facts({ texts, view: { order, name, currency } }: { texts: Texts; view: OrderView }) {
  const isCounted = order.kind !== 'subscription'
  return (
    <dl class="own-facts">
      <dt>{texts.text('app.status')}</dt>
      <dd>
        <Status texts={texts} status={order.status} />
      </dd>
      <dt>{texts.text('app.service')}</dt>
      <dd>
        <bdi>{name}</bdi>
      </dd>
      <dt>{texts.text('app.link')}</dt>
      <dd class="link">
        <bdi dir="ltr">{order.link}</bdi>
      </dd>
      {isCounted && <Fact name={texts.text('app.quantity')} value={countText(texts, order.quantity)} />}
      {isCounted && <Fact name={texts.text('app.remains')} value={countText(texts, order.remains)} />}
      {isCounted && order.startCount > 0n && <Fact name={texts.text('app.startCount')} value={countText(texts, order.startCount)} />}
      <dt>{texts.text('app.charge')}</dt>
      <dd>
        <Money texts={texts} units={order.charge} currency={currency} /> ·{' '}
        <a href={`/orders/${order.id}/explain`}>{texts.text('explain.link')}</a>
      </dd>
      {order.refunded > 0n && (
        <>
          <dt>{texts.text('app.refunded')}</dt>
          <dd>
            <Money texts={texts} units={order.refunded} currency={currency} />
          </dd>
        </>
      )}
      {order.parentId !== null && (
        <>
          <dt>{texts.text('app.partOf')}</dt>
          <dd>
            <a href={`/orders/${order.parentId}`}>{texts.text('app.orderNumber', { id: order.parentId.toString() })}</a>
          </dd>
        </>
      )}
    </dl>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  )
}

function Acts({ scene, view: { order, mayCancel, mayRefill, isOnSale } }: { scene: Scene; view: OrderView }) {
  const { texts } = scene.frame
  return mayCancel || mayRefill || isOnSale ? (
    <div class="ways">
      {isOnSale && (
        <a class="button plain" href={address('/order', { again: order.id })}>
          {texts.text('app.orderAgain')}
        </a>
      )}
      {mayRefill && (
        <Form scene={scene} action={`/orders/${order.id}/refill`}>
          <Submit look="plain">{texts.text('app.askRefill')}</Submit>
        </Form>
      )}
      {mayCancel && (
        <Form scene={scene} action={`/orders/${order.id}/cancel`}>
          <Submit look="bad">{texts.text('app.askCancel')}</Submit>
        </Form>
      )}
    </div>
  ) : null
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
            <p class="soft small">
              {texts.text('app.quantity')} {countText(texts, child.quantity)} · {texts.text('app.remains')}{' '}
              {countText(texts, child.remains)}
            </p>
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

function stepText(texts: Texts, { asked, status, ofRefill, remains }: TimelineStep): string {
  if (asked !== null) return texts.text(asked === 'cancel' ? 'app.cancelAsked' : 'app.refillAsked')
  const word = statusText(texts, status)
  if (ofRefill) return `${texts.text('app.refill')}: ${word}`
  return remains === null ? word : `${word} · ${texts.text('app.remains')} ${countText(texts, remains)}`
}
