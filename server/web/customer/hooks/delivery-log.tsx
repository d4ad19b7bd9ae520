import type { Texts } from '../../../texts/texts.ts'
import { Code } from '../../ui/code.tsx'
import { Form, Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import type { ShownDelivery, ShownWebhook } from './webhook-actions.ts'
import { Answer, DeliveryState } from './webhook-words.tsx'

interface DeliveryLogProps {
  readonly ui: PageUi
  readonly webhook: ShownWebhook
  readonly deliveries: readonly ShownDelivery[]
}

/** The messages, newest first, each with its outcome and, folded, its content. */
export function DeliveryLog({ ui, webhook, deliveries }: DeliveryLogProps) {
  return (
    <ul class="rows">
      {deliveries.map((delivery) => (
        <Delivery key={delivery.id} ui={ui} webhook={webhook} delivery={delivery} />
      ))}
    </ul>
  )
}

function Delivery({ ui, webhook, delivery }: { ui: PageUi; webhook: ShownWebhook; delivery: ShownDelivery }) {
  const { texts } = ui.frame
  const name = `delivery-${delivery.id}`
  return (
    <li class="delivery stacking">
      <div class="what">
        <h3 class="row-title" id={name}>
          <code dir="ltr">{delivery.type}</code> <DeliveryState texts={texts} state={delivery.state} />
        </h3>
        <Outcome texts={texts} delivery={delivery} />
        <Sent texts={texts} delivery={delivery} />
      </div>
      <Form ui={ui} action={`/webhooks/${webhook.id}/again`} class="inline-form">
        <input type="hidden" name="delivery" value={delivery.id.toString()} />
        <button type="submit" class="button plain" id={`again-${name}`} aria-labelledby={`again-${name} ${name}`}>
          {texts.text(delivery.state === 'waiting' ? 'hooks.sendNow' : 'hooks.again')}
        </button>
      </Form>
    </li>
  )
}

function Outcome({ texts, delivery }: { readonly texts: Texts; readonly delivery: ShownDelivery }) {
  return (
    <p class="small soft">
      {delivery.order !== null && (
        <>
          <a href={`/orders/${delivery.order}`}>{texts.text('app.orderNumber', { id: delivery.order.toString() })}</a>
          {' · '}
        </>
      )}
      <Moment texts={texts} at={delivery.created} />
      {' · '}
      {texts.text('hooks.attempts', { count: delivery.attempts })}
      {delivery.words !== null && (
        <>
          {' · '}
          <Answer delivery={delivery} />
        </>
      )}
      {delivery.due && (
        <>
          {' · '}
          {texts.text('hooks.nextTry')} <Moment texts={texts} at={delivery.due} />
        </>
      )}
    </p>
  )
}

/** The last attempt's headers, and the body, which is the same in every attempt. */
function Sent({ texts, delivery }: { readonly texts: Texts; readonly delivery: ShownDelivery }) {
  const { tried, signature, message, body } = delivery
  const signed = tried !== null && signature !== null
  const headers = signed
    ? [`webhook-id: ${message}`, `webhook-timestamp: ${Math.floor(tried.getTime() / 1000)}`, `webhook-signature: ${signature}`]
    : [`webhook-id: ${message}`]
  return (
    <details class="fold small">
      <summary>{texts.text('hooks.sent')}</summary>
      <div class="panel">
        <pre tabIndex={0} role="group" aria-label={texts.text('hooks.sent')}>
          <code dir="ltr">{headers.join('\n')}</code>
          {'\n\n'}
          <Code code={body} grammar="json" />
        </pre>
      </div>
    </details>
  )
}
