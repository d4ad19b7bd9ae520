import type { Texts } from '../../../texts/texts.ts'
import { Field } from '../../ui/form.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import type { ShownWebhook } from './webhook-actions.ts'
import { EventNames, WebhookBadges } from './webhook-words.tsx'

interface WebhooksView {
  readonly webhooks: readonly ShownWebhook[]
  /** The limit below which the balance is low, as typed. */
  readonly low: string
  readonly faults: Faults
  readonly done: string | undefined
  readonly warning: string | undefined
}

/** An account's webhooks, and the limit below which its balance is low. */
export function webhooksPage(ui: PageUi, { webhooks, low, faults, done, warning }: WebhooksView): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('app.webhooks'),
    done,
    script: 'programs',
    children: (
      <>
        {warning !== undefined && <Notice mood="warn">{warning}</Notice>}
        <div class="page-head">
          <p class="soft">{texts.text('hooks.lead')}</p>
          <a class="button main" href="/webhooks/new">
            {texts.text('hooks.new')}
          </a>
        </div>
        {webhooks.length === 0 ? (
          <Empty title={texts.text('hooks.none.title')} text={texts.text('hooks.none.text')} />
        ) : (
          <ul class="rows">
            {webhooks.map((webhook) => (
              <WebhookItem key={webhook.id} texts={texts} webhook={webhook} />
            ))}
          </ul>
        )}
        <p>
          <a href="/webhooks/verify">{texts.text('hooks.verify')}</a>
        </p>
        {/* Only webhooks of real orders receive the event of a low balance. */}
        {webhooks.some(({ test }) => !test) && (
          <section aria-labelledby="low-title">
            <h2 id="low-title">{texts.text('hooks.low.title')}</h2>
            <Form ui={ui} action="/webhooks/low" class="form narrow-form">
              <Field
                name="below" label={texts.text('hooks.low')} value={low} inputMode="decimal" dir="ltr" autocomplete="off"
                fault={faults['below']} hint={texts.text('hooks.low.hint')}
              />
              <Submit look="plain">{texts.text('account.save')}</Submit>
            </Form>
          </section>
        )}
      </>
    ),
  })
} // prettier-ignore

function WebhookItem({ texts, webhook }: { readonly texts: Texts; readonly webhook: ShownWebhook }) {
  return (
    <li class="stacking">
      <div class="what">
        <h2>
          <a href={`/webhooks/${webhook.id}`}>
            <bdi dir="ltr">{webhook.url}</bdi>
          </a>{' '}
          <WebhookBadges texts={texts} webhook={webhook} />
        </h2>
        <p class="small">
          <EventNames events={webhook.events} />
        </p>
      </div>
      <div class="price small">
        <p>{texts.text('hooks.waiting', { count: webhook.waiting })}</p>
        {webhook.failingSince && (
          <p class="soft">
            {texts.text('hooks.failingSince')} <Moment texts={texts} at={webhook.failingSince} />
          </p>
        )}
      </div>
    </li>
  )
}
