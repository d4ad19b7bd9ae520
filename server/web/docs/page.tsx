import { actions } from '../../../contract/actions.ts'
import { extensions, STREAM } from '../../../contract/extensions.ts'
import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../texts/texts.ts'
import { Prose } from '../ui/prose.tsx'
import { Contents } from './contents.tsx'
import { Calls, Machines, Refusals, Statuses } from './guide.tsx'
import { type Desk, Heading, Operation } from './operation.tsx'
import { ExamplePanel } from './panel.tsx'
import { Types } from './types.tsx'

/** Someone who is signed in: their key's prefix stands in the examples. */
export interface Reader {
  readonly keyPrefix: string
}

interface DocsProps {
  readonly texts: Texts
  readonly address: string
  readonly allowGet: boolean
  readonly reader?: Reader | undefined
}

/** All that the page tells, drawn from contract/. Nothing of it depends on who looks, but for the address and the reader's key. */
export function Docs({ texts, address, allowGet, reader }: DocsProps) {
  const desk: Desk = { texts, address, shownKey: reader && `${reader.keyPrefix}…` }
  return (
    <div class="docs">
      <Contents texts={texts} />
      <main id="content">
        <div class="intro">
          <h1>{texts.text('docs.title')}</h1>
          <p class="lead">{texts.text('docs.lead')}</p>
          <Facts texts={texts} address={address} />
        </div>
        <h2 id="basics">{texts.text('docs.guide')}</h2>
        <Calls desk={desk} allowGet={allowGet} />
        <h2 id="actions">{texts.text('docs.actions')}</h2>
        {actions.flatMap(({ name, forms }) =>
          forms.map((form) => (
            <Operation key={form.id} desk={desk} action={name} form={form}>
              {form.id === 'add' && <Types desk={desk} />}
            </Operation>
          )),
        )}
        <h2 id="extensions">{texts.text('docs.extensions')}</h2>
        <Extensions desk={desk} />
        <h2 id="reference">{texts.text('docs.reference')}</h2>
        <Statuses texts={texts} />
        <Refusals texts={texts} />
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
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Extensions({ desk }: { desk: Desk }) {
  const { texts, address } = desk
  return extensions.map(({ id, title, about, examples: [example] }) => (
    <section class="part" key={id} id={id} aria-labelledby={`${id}-title`}>
      <div class="words">
        <Heading texts={texts} id={id} title={title} />
        <p>
          <Prose text={texts.text(about, { path: new URL(address).pathname + STREAM })} />
        </p>
      </div>
      {example && (
        <div class="code">
          <ExamplePanel {...desk} action={example.action} example={example} />
        </div>
      )}
    </section>
  ))
}
