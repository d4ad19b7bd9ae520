import { actions } from '../../../contract/actions.ts'
import { type Extension, extensions, STREAM } from '../../../contract/extensions.ts'
import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'
import { CopyButton } from '../ui/code-samples.tsx'
import { stream, unchangedList } from '../ui/program-samples.ts'
import { Prose } from '../ui/prose.tsx'
import { BesidePanels, BesideWords } from './beside.tsx'
import { besideOf, pathsBelow } from './besides.ts'
import { Contents } from './contents.tsx'
import { Calls, Machines, Refusals, Statuses } from './guide.tsx'
import { Changes } from './changes.tsx'
import { HookWords, MessagePanel } from './hooks.tsx'
import { type Limits, LimitsTable } from './limits.tsx'
import { type DocsContext, Heading, Operation } from './operation.tsx'
import { ExamplePanel, ProgramPanel } from './panel.tsx'
import { Types } from './types.tsx'

interface DocsProps {
  readonly texts: Texts
  readonly address: string
  readonly allowGet: boolean
  readonly limits: Limits
}

/** Stand in the body, which is drawn once per language, where the operator's notes and the newest changes of services are inserted. */
export const NOTES_PLACE = '{{notes}}'
export const NEWS_PLACE = '{{news}}'

/** The whole documentation, drawn from contract/. Only the address in it depends on the visitor. */
export function Docs({ texts, address, allowGet, limits }: DocsProps) {
  const context: DocsContext = { texts, address }
  return (
    <div class="docs">
      <Contents texts={texts} />
      <main id="content">
        <div class="intro">
          <h1>{texts.text('docs.title')}</h1>
          <p class="lead">{texts.text('docs.lead')}</p>
          <Facts texts={texts} address={address} />
        </div>
        {NOTES_PLACE}
        <h2 id="basics">{texts.text('docs.guide')}</h2>
        <Calls context={context} allowGet={allowGet} />
        <LimitsTable texts={texts} limits={limits} />
        <h2 id="actions">{texts.text('docs.actions')}</h2>
        {actions.flatMap(({ name, forms }) =>
          forms.map((form) => (
            <Operation key={form.id} context={context} action={name} form={form}>
              {form.id === 'add' && <Types context={context} />}
            </Operation>
          )),
        )}
        <h2 id="extensions">{texts.text('docs.extensions')}</h2>
        <Extensions context={context} />
        <h2 id="reference">{texts.text('docs.reference')}</h2>
        <Statuses texts={texts} />
        <Refusals texts={texts} />
        <Changes texts={texts} />
        {NEWS_PLACE}
        <Machines texts={texts} />
      </main>
    </div>
  )
}

function Facts({ texts, address }: { texts: Texts; address: string }) {
  const facts: [MessageKey, string][] = [
    ['docs.address', address],
    ['docs.method', 'POST'],
    ['docs.format', 'JSON'],
  ]
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{texts.text(name)}</dt>
          <dd>
            <code dir="ltr">{value}</code>
            {name === 'docs.address' && <CopyButton texts={texts} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Extensions({ context }: { context: DocsContext }) {
  const { texts, address } = context
  const api = new URL(address).pathname
  return extensions.map(({ id, title, about, examples: [example], shownBy }) => {
    const way = besideOf(shownBy)
    return (
      <section class="part" key={id} id={id} aria-labelledby={`${id}-title`}>
        <div class="words">
          <Heading texts={texts} id={id} title={title} />
          <p>
            <Prose text={texts.text(about, { path: api + STREAM, ...pathsBelow(api) })} />
          </p>
          {shownBy === 'webhook' && <HookWords texts={texts} />}
          {way && <BesideWords texts={texts} way={way} />}
        </div>
        <div class="code">
          {example && <ExamplePanel {...context} action={example.action} example={example} />}
          {way && <BesidePanels texts={texts} address={address} way={way} />}
          {shownBy && <Shown context={context} by={shownBy} />}
        </div>
      </section>
    )
  })
}

function Shown({ context: { texts, address }, by }: { context: DocsContext; by: NonNullable<Extension['shownBy']> }) {
  switch (by) {
    case 'unchanged list':
      return <ProgramPanel texts={texts} codeIn={(language) => unchangedList[language](address)} />
    case 'stream':
      return <ProgramPanel texts={texts} codeIn={(language) => stream[language](address + STREAM)} />
    case 'webhook':
      return <MessagePanel texts={texts} />
    case 'deposit':
    case 'ticket':
      return null
    default:
      return by satisfies never
  }
}
