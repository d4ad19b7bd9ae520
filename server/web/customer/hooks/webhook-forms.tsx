import type { MessageKey } from '../../../../contract/message.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Choice, Choices } from '../../ui/choice.tsx'
import { CopyPanel } from '../../ui/copy-panel.tsx'
import { Field } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { durationText } from '../../ui/figures.tsx'
import { ConfirmForm } from '../keys/key-fields.tsx'
import { Form, FormFault, Moment, Submit } from '../../ui/parts.tsx'
import { type Proof, ProofFields } from '../proof.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import type { ShownWebhook } from './webhook-actions.ts'

export interface TypedWebhook {
  readonly url: string
  readonly events: readonly string[]
  readonly test: boolean
}

interface NewView {
  readonly typed: TypedWebhook
  readonly groups: readonly string[]
  readonly messageTypes: readonly string[]
  /** The id of this form, by which a second submit is recognized. */
  readonly form: string
  /** The webhook that is being changed; undefined for a new one. */
  readonly edited?: number
  readonly faults: Faults
  readonly proof: Proof
}

/** The form for a webhook's address and its events. */
export function newWebhookPage(ui: PageUi, view: NewView): string {
  const { texts } = ui.frame
  const { typed, faults, form, edited, proof } = view
  return appPage({
    ui,
    title: texts.text(edited === undefined ? 'hooks.new' : 'hooks.edit'),
    script: 'programs',
    children: (
      <Form ui={ui} action={edited === undefined ? '/webhooks/new' : `/webhooks/${edited}/edit`} class="form key-form">
        <FormFault faults={faults} />
        <input type="hidden" name="form" value={form} />
        <Field
          name="url" type="url" inputMode="url" label={texts.text('hooks.url')} value={typed.url} required dir="ltr" autocomplete="off"
          fault={faults['url']} hint={texts.text('hooks.url.hint')}
        />
        <Events texts={texts} view={view} />
        {edited === undefined && (
          <Choices legend={texts.text('hooks.money')} id="money" fault={faults['money']}>
            <Choice type="radio" name="money" value="live" id="money-live" checked={!typed.test} label={texts.text('keys.live')} />
            <Choice type="radio" name="money" value="test" id="money-test" checked={typed.test} label={texts.text('keys.test')} />
          </Choices>
        )}
        <ProofFields texts={texts} faults={faults} proof={proof} next="/webhooks" />
        <Submit>{texts.text(edited === undefined ? 'hooks.add' : 'account.save')}</Submit>
      </Form>
    ),
  })
} // prettier-ignore

/** The name of an event's field. Field names contain no dots or stars. */
export function eventField(event: string): string {
  return `event-${event.replaceAll('.', '-').replace('*', 'all')}`
}

const ABOUT_GROUPS: Readonly<Record<string, MessageKey>> = {
  'order.*': 'hooks.event.order',
  'refill.*': 'hooks.event.refill',
  'balance.low': 'hooks.event.balance',
  'deposit.*': 'hooks.event.deposit',
  'ticket.*': 'hooks.event.ticket',
}

function Events({ texts, view: { typed, groups, messageTypes, faults } }: { readonly texts: Texts; readonly view: NewView }) {
  const choice = (event: string, hint?: string) => (
    <Choice
      key={event} type="checkbox" name={eventField(event)} id={eventField(event)} checked={typed.events.includes(event)}
      label={<code dir="ltr">{event}</code>} hint={hint}
    />
  ) // prettier-ignore
  const isSingle = typed.events.some((event) => !groups.includes(event))
  return (
    <Choices legend={texts.text('hooks.events')} id="events" fault={faults['events']}>
      {groups.map((event) => choice(event, texts.text(ABOUT_GROUPS[event]!)))}
      <details class="fold" open={isSingle}>
        <summary>{texts.text('hooks.single')}</summary>
        <div class="single-events">{messageTypes.filter((event) => !groups.includes(event)).map((event) => choice(event))}</div>
      </details>
    </Choices>
  )
}

interface SecretView {
  readonly webhook: number
  readonly url: string
  readonly secret: string
  readonly oldUntil: Date | null
}

/** Shows a new secret, once. */
export function secretPage(ui: PageUi, { webhook, url, secret, oldUntil }: SecretView): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('hooks.secret.title'),
    script: 'programs',
    children: (
      <section class="shown-once">
        <Notice mood="warn">{texts.text('hooks.secret.warn')}</Notice>
        <CopyPanel texts={texts} title={url}>
          <code>{secret}</code>
        </CopyPanel>
        {oldUntil && (
          <p>
            {texts.text('hooks.oldUntil')} <Moment texts={texts} at={oldUntil} />
          </p>
        )}
        <p>
          <a href="/webhooks/verify">{texts.text('hooks.verify')}</a>
        </p>
        <p>
          <a class="button main" href={`/webhooks/${webhook}`}>
            {texts.text('keys.made.kept')}
          </a>
        </p>
      </section>
    ),
  })
}

/** The choices for how long an old secret still signs, in hours. */
export const KEEP_OLD_HOURS = [0, 1, 24, 168] as const

export function rotatePage(ui: PageUi, webhook: ShownWebhook, proof: Proof, faults: Faults): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('hooks.rotate'),
    script: 'programs',
    children: (
      <>
        <p class="link">
          <bdi dir="ltr">{webhook.url}</bdi>
        </p>
        <p class="soft">{texts.text('hooks.rotate.lead')}</p>
        <Form ui={ui} action={`/webhooks/${webhook.id}/rotate`} class="form narrow-form">
          <FormFault faults={faults} />
          <input type="hidden" name="rotations" value={webhook.rotations} />
          <div class="field">
            <label for="keep_old">{texts.text('hooks.keepOld')}</label>
            <select id="keep_old" name="keep_old">
              {KEEP_OLD_HOURS.map((hours) => (
                <option key={hours} value={hours} selected={hours === 24}>
                  {hours === 0 ? texts.text('hooks.keepOld.none') : durationText(texts, hours * 60)}
                </option>
              ))}
            </select>
          </div>
          <ProofFields texts={texts} faults={faults} proof={proof} next="/webhooks" />
          <Submit>{texts.text('hooks.rotate')}</Submit>
        </Form>
      </>
    ),
  })
}

export function removePage(ui: PageUi, webhook: ShownWebhook, proof: Proof, faults: Faults): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('hooks.remove'),
    script: 'programs',
    children: (
      <>
        <p class="link">
          <bdi dir="ltr">{webhook.url}</bdi>
        </p>
        <Notice mood="warn">{texts.text('hooks.remove.lead')}</Notice>
        <ConfirmForm
          ui={ui} action={`/webhooks/${webhook.id}/remove`} proof={proof} faults={faults} submit={texts.text('hooks.remove')} look="bad"
        />
      </>
    ),
  }) // prettier-ignore
}
