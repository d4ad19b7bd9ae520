import { Badge, type Tone } from '../../ui/badge.tsx'
import { countText, Money, moneyText } from '../../ui/figures.tsx'
import { Field } from '../../ui/form.tsx'
import { Labelled } from '../../ui/labelled.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import type { DeskContext } from '../desk.ts'
import type { Followed, Offered, Payer } from './order-step.ts'
import type { Progress } from './progress.ts'
import { setupPage } from './setup-page.tsx'

interface OrderView {
  readonly progress: Progress
  readonly payers: readonly Payer[]
  readonly services: readonly Offered[]
  readonly typed: Readonly<Record<string, string>>
  /** The order is placed once under this name. */
  readonly once: string
  readonly faults: Faults
}

/** The first order, placed for a customer. */
export function orderPage(context: DeskContext, view: OrderView): string {
  const { texts } = context.ui.frame
  const isMissing = view.payers.length === 0 ? 'customer' : view.services.length === 0 ? 'services' : undefined
  return setupPage(context, {
    progress: view.progress,
    step: 'order',
    children: isMissing ? (
      <Notice mood="warn">
        {texts.text(`desk.setup.order.no.${isMissing}`)}{' '}
        <a href={`/desk/setup/${isMissing}`}>{texts.text(`desk.setup.${isMissing}.title`)}</a>
      </Notice>
    ) : (
      <OrderForm context={context} view={view} />
    ),
  })
}

function OrderForm({ context: { ui }, view: { payers, services, typed, once, faults } }: { context: DeskContext; view: OrderView }) {
  const { texts } = ui.frame
  return (
    <Form ui={ui} action="/desk/setup/order" class="form card">
      <FormFault faults={faults} />
      <input type="hidden" name="form:once" value={once} />
      <Labelled id="account" label={texts.text('desk.setup.order.account')}>
        <select id="account" name="account">
          {payers.map(({ id, email, wallet, currency }) => (
            <option key={id} value={String(id)} selected={String(id) === typed['account']}>
              {email} · {moneyText(texts, wallet, currency)}
            </option>
          ))}
        </select>
      </Labelled>
      <Labelled id="service" label={texts.text('desk.field.service')}>
        <select id="service" name="service">
          {services.map(({ id, name, rate }) => (
            <option key={id} value={String(id)} selected={String(id) === typed['service']}>
              {id} · {name} · {rate}
            </option>
          ))}
        </select>
      </Labelled>
      <Field
        name="link"
        type="url"
        label={texts.text('desk.setup.order.link')}
        value={typed['link'] ?? 'https://example.com/first'}
        required
        dir="ltr"
      />
      <Field
        name="quantity"
        label={texts.text('desk.field.quantity')}
        value={typed['quantity'] ?? String(services[0]!.min)}
        inputMode="numeric"
        required
        dir="ltr"
      />
      <Submit>{texts.text('desk.setup.order.go')}</Submit>
    </Form>
  )
}

const TONES: Readonly<Record<string, Tone>> = { Completed: 'good', Canceled: 'bad', Partial: 'warn', Pending: 'idle' }

/** The order until its end. The page keeps itself up to date. */
export function followedPage(context: DeskContext, progress: Progress, order: Followed): string {
  const { texts } = context.ui.frame
  const hasEnded = ['Completed', 'Canceled', 'Partial'].includes(order.status)
  return setupPage(context, {
    progress,
    step: 'order',
    children: (
      <section class="card" data-live-region="first-order" aria-live="polite">
        <h2>{texts.text('desk.setup.order.number', { order: String(order.id) })}</h2>
        <dl class="own-facts">
          <dt>{texts.text('desk.field.status')}</dt>
          <dd>
            <Badge tone={TONES[order.status] ?? 'busy'}>{order.status}</Badge>
          </dd>
          <dt>{texts.text('desk.field.quantity')}</dt>
          <dd>{countText(texts, order.quantity)}</dd>
          <dt>{texts.text('desk.field.remains')}</dt>
          <dd>{order.remains === null ? '–' : countText(texts, order.remains)}</dd>
          <dt>{texts.text('desk.field.charge')}</dt>
          <dd>
            <Money texts={texts} units={order.charge} currency={order.currency} />
          </dd>
        </dl>
        {hasEnded ? (
          <>
            <Notice mood={order.status === 'Completed' ? 'good' : 'warn'}>
              {texts.text(order.status === 'Completed' ? 'desk.setup.order.done' : 'desk.setup.order.ended', { status: order.status })}
            </Notice>
            <a class="button main" href="/desk">
              {texts.text('desk.setup.toDesk')}
            </a>
          </>
        ) : (
          <p class="soft">
            {texts.text(order.byHand ? 'desk.setup.order.byHand' : 'desk.setup.order.follow')}{' '}
            {order.byHand && <a href="/desk/work">{texts.text('desk.place.work')}</a>}
          </p>
        )}
      </section>
    ),
  })
}
