import type { ComponentChildren } from 'preact'
import type { FirstSteps } from '../../../orders/first-steps.ts'
import type { Texts } from '../../../texts/texts.ts'
import { CodeLanguages, CodeSamples, CopyButton } from '../../ui/code-samples.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { Prose } from '../../ui/prose.tsx'
import { type CodeLanguage, KEY_PLACEHOLDER } from '../../ui/samples.ts'
import type { SampleCall } from '../../ui/sample-call.ts'
import { appPage } from '../app-frame.tsx'
import { countText } from '../../ui/figures.tsx'
import { Form, Submit } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'

/** The order that the examples place. */
export interface FirstOrder {
  readonly parameters: SampleCall['parameters']
  readonly name: string
  readonly quantity: bigint
}

interface StartView {
  readonly steps: FirstSteps
  /** Undefined if no service on sale can be ordered. */
  readonly order: FirstOrder | undefined
  readonly chosen: CodeLanguage
  readonly address: string
  /** Whether there is a way to pay on the page of funds. */
  readonly canPay: boolean
  /** How to pay in, as the operator has written it. */
  readonly fundsNote: string | undefined
  /** A test key that was just made. It is shown only this once. */
  readonly madeKey: string | undefined
}

/** The first steps, those that are done, and examples that run as they are. */
export function startPage(ui: PageUi, view: StartView): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('app.start'),
    script: 'start',
    children: (
      <>
        <p class="soft">{texts.text('start.lead')}</p>
        <Checklist ui={ui} view={view} />
        <section aria-labelledby="try" class="first-order">
          <div class="row spread">
            <h2 id="try">{texts.text('start.program')}</h2>
            <CodeLanguages texts={texts} chosen={view.chosen} />
          </div>
          <Panel title={texts.text('docs.address')} texts={texts}>
            <pre dir="ltr" tabIndex={0} role="group" aria-label={texts.text('docs.address')}>
              <code>{view.address}</code>
            </pre>
          </Panel>
          <TestKey ui={ui} view={view} />
          {view.order ? (
            <Lines texts={texts} view={view} order={view.order} />
          ) : (
            <Empty title={texts.text('start.nothing.title')} text={texts.text('start.nothing.text')} />
          )}
          <p>
            <a href="/api">{texts.text('site.toDocs')}</a>
          </p>
        </section>
      </>
    ),
  })
}

function Checklist({ ui, view: { steps, canPay, fundsNote } }: { readonly ui: PageUi; readonly view: StartView }) {
  const { texts, house } = ui.frame
  const note =
    fundsNote === undefined ? (
      texts.text(canPay ? 'start.funds.pay' : 'start.funds.text', { name: house.name })
    ) : (
      <span class="funds-note" dir="auto">
        {fundsNote}
      </span>
    )
  const all = [
    { name: 'funds', isDone: steps.hasPaidIn, text: note, href: '/funds', link: texts.text('app.funds') },
    { name: 'key', isDone: steps.hasKey, text: texts.text('start.key.text'), href: '/keys', link: texts.text('app.keys') },
    { name: 'test', isDone: steps.hasTestOrder, text: texts.text('start.test.text'), href: '#try', link: texts.text('start.program') },
    { name: 'real', isDone: steps.hasOrder, text: texts.text('start.real.text'), href: '/order', link: texts.text('app.newOrder') },
    { name: 'hook', isDone: steps.hasWebhook, text: texts.text('start.hook.text'), href: '/webhooks', link: texts.text('app.webhooks') },
  ] as const
  const done = all.filter(({ isDone }) => isDone).length
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">{texts.text('start.progress', { done: texts.number(done), count: texts.number(all.length) })}</h2>
      <ol class="steps">
        {all.map(({ name, isDone, text, href, link }) => (
          <li key={name} class={isDone ? 'done' : undefined}>
            <Mark isDone={isDone} />
            <div>
              <h3>
                {texts.text(`start.${name}`)} <span class="visually-hidden">{texts.text(isDone ? 'start.done' : 'start.open')}</span>
              </h3>
              <p class="soft">{text}</p>
            </div>
            <a href={href}>{link}</a>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Mark({ isDone }: { readonly isDone: boolean }) {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <circle cx="12" cy="12" r="10" />
      {isDone && <path d="M7.5 12.5l3 3 6-6.5" />}
    </svg>
  )
}

function TestKey({ ui, view: { madeKey } }: { readonly ui: PageUi; readonly view: StartView }) {
  const { texts } = ui.frame
  return (
    <>
      {madeKey !== undefined && (
        <>
          <Notice mood="good">{texts.text('start.madeKey')}</Notice>
          <Panel title={texts.text('start.testKey')} texts={texts}>
            <pre dir="ltr" tabIndex={0} role="group" aria-label={texts.text('start.testKey')}>
              <code>{madeKey}</code>
            </pre>
          </Panel>
        </>
      )}
      <Form ui={ui} action="/start/test-key" class="row">
        <Submit look={madeKey === undefined ? 'main' : 'plain'}>{texts.text('start.makeKey')}</Submit>
        <p class="soft small make-key-hint">
          <Prose text={texts.text('start.makeKey.hint')} />
        </p>
      </Form>
    </>
  )
}

const ORDER_PLACEHOLDER = 'ORDER_ID'

function Lines({ texts, view, order }: { readonly texts: Texts; readonly view: StartView; readonly order: FirstOrder }) {
  const { address, madeKey, steps } = view
  const key = ['key', madeKey ?? KEY_PLACEHOLDER] as const
  const add: SampleCall = { address, parameters: [key, ['action', 'add'], ...order.parameters] }
  const id = steps.newestTestOrder === null ? ORDER_PLACEHOLDER : String(steps.newestTestOrder)
  const status: SampleCall = { address, parameters: [key, ['action', 'status'], ['order', id]] }
  return (
    <>
      <p class="soft">
        {texts.text('start.least', { quantity: countText(texts, order.quantity) })} <bdi>{order.name}</bdi>
      </p>
      <Panel title={texts.text('app.place')} texts={texts}>
        <CodeSamples call={add} />
      </Panel>
      {steps.newestTestOrder === null && (
        <p class="soft">
          <Prose text={texts.text('start.status.hint')} />
        </p>
      )}
      <Panel title={texts.text('action.status')} texts={texts}>
        <CodeSamples call={status} />
      </Panel>
    </>
  )
}

function Panel({ title, texts, children }: { readonly title: string; readonly texts: Texts; readonly children: ComponentChildren }) {
  return (
    <div class="panel">
      <div class="panel-head">
        <h3>{title}</h3>
        <CopyButton texts={texts} />
      </div>
      {children}
    </div>
  )
}
