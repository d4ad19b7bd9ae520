import type { Texts } from '../../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { DeliveryLog } from './delivery-log.tsx'
import type { ShownDelivery, ShownWebhook } from './webhook-actions.ts'
import { EventNames, hostOf, WebhookBadges } from './webhook-words.tsx'

interface WebhookView {
  readonly webhook: ShownWebhook
  readonly deliveries: readonly ShownDelivery[]
  readonly isFirst: boolean
  readonly onlyGivenUp: boolean
  /** The id that the next page continues from; null on the last page. */
  readonly older: bigint | null
  readonly done: string | undefined
  readonly warning: string | undefined
}

/** One webhook: its state, its actions, and its messages. */
export function webhookPage(ui: PageUi, view: WebhookView): string {
  const { texts } = ui.frame
  const { webhook, deliveries, isFirst, onlyGivenUp, older, done, warning } = view
  const here = `/webhooks/${webhook.id}`
  const filter = { only: onlyGivenUp ? 'given-up' : null }
  return appPage({
    ui,
    title: hostOf(webhook),
    done,
    script: 'programs',
    children: (
      <>
        {warning !== undefined && <Notice mood="bad">{warning}</Notice>}
        <Facts texts={texts} webhook={webhook} />
        <Acts ui={ui} webhook={webhook} />
        <section aria-labelledby="log">
          <h2 id="log">{texts.text('hooks.log')}</h2>
          <p class="soft small">{texts.text('hooks.log.lead')}</p>
          <div class="ways">
            <a href={onlyGivenUp ? here : address(here, { only: 'given-up' })}>
              {texts.text(onlyGivenUp ? 'app.showAll' : 'hooks.onlyGivenUp')}
            </a>
            {onlyGivenUp && deliveries.length > 0 && (
              <Form ui={ui} action={`${here}/again`} class="inline-form">
                <Submit look="plain">{texts.text('hooks.againAll')}</Submit>
              </Form>
            )}
          </div>
          {deliveries.length === 0 ? (
            <p>{texts.text(onlyGivenUp || !isFirst ? 'app.nothingFound.title' : 'hooks.noMessages')}</p>
          ) : (
            <DeliveryLog ui={ui} webhook={webhook} deliveries={deliveries} />
          )}
          <PageLinks
            links={[
              { href: isFirst ? null : address(here, filter), text: texts.text('app.newest') },
              { href: older === null ? null : address(here, { ...filter, before: older }), text: texts.text('app.older') },
            ]}
          />
        </section>
      </>
    ),
  })
}

function Facts({ texts, webhook }: { readonly texts: Texts; readonly webhook: ShownWebhook }) {
  const moments = [
    ['hooks.paused', webhook.pausedAt],
    ['hooks.failingSince', webhook.failingSince],
    ['hooks.oldUntil', webhook.oldSecretUntil],
    ['keys.made', webhook.createdAt],
  ] as const
  return (
    <>
      <p class="row">
        <WebhookBadges texts={texts} webhook={webhook} />
        <span class="soft small">{texts.text('hooks.waiting', { count: webhook.waiting })}</span>
      </p>
      <dl class="own-facts">
        <dt>{texts.text('hooks.url')}</dt>
        <dd class="link">
          <bdi dir="ltr">{webhook.url}</bdi>
        </dd>
        <dt>{texts.text('hooks.events')}</dt>
        <dd>
          <EventNames events={webhook.events} />
        </dd>
        {webhook.lastAnswer !== null && (
          <>
            <dt>{texts.text('hooks.lastAnswer')}</dt>
            <dd>
              <bdi dir="ltr">{webhook.lastAnswer}</bdi>
            </dd>
          </>
        )}
        {moments.map(
          ([name, at]) =>
            at && (
              <>
                <dt>{texts.text(name)}</dt>
                <dd>
                  <Moment texts={texts} at={at} />
                </dd>
              </>
            ),
        )}
      </dl>
    </>
  )
}

function Acts({ ui, webhook }: { readonly ui: PageUi; readonly webhook: ShownWebhook }) {
  const { texts } = ui.frame
  const here = `/webhooks/${webhook.id}`
  return (
    <div class="ways">
      <Form ui={ui} action={`${here}/test`} class="inline-form">
        <Submit>{texts.text('hooks.test')}</Submit>
      </Form>
      {webhook.pausedAt ? (
        <Form ui={ui} action={`${here}/resume`} class="inline-form">
          <button type="submit" name="meanwhile" value="told" class="button plain">
            {texts.text('hooks.resume')}
          </button>
          <button type="submit" name="meanwhile" value="not" class="button plain">
            {texts.text('hooks.resumeNow')}
          </button>
        </Form>
      ) : (
        <Form ui={ui} action={`${here}/pause`} class="inline-form">
          <Submit look="plain">{texts.text('hooks.pause')}</Submit>
        </Form>
      )}
      <a class="button plain" href={`${here}/edit`}>
        {texts.text('hooks.edit')}
      </a>
      <a class="button plain" href={`${here}/rotate`}>
        {texts.text('hooks.rotate')}
      </a>
      <a class="button bad" href={`${here}/remove`}>
        {texts.text('hooks.remove')}
      </a>
    </div>
  )
}
