import { MOST_IDS } from '../../../contract/action.ts'
import { refused } from '../../../contract/actions/status.ts'
import { aboutRefusals } from '../../../contract/refusals.ts'
import { aboutOrderStatuses, aboutRefillStatuses } from '../../../contract/statuses.ts'
import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'
import { Prose } from '../ui/prose.tsx'
import { Table } from '../ui/table.tsx'
import { type DocsContext, Heading, Name, RefusalTable } from './operation.tsx'
import { ExamplePanel } from './panel.tsx'

const codes = ['413', '415', '429', '503'] as const

/** The rules that apply to every call. */
export function Calls({ context, allowGet }: { readonly context: DocsContext; readonly allowGet: boolean }) {
  const { texts } = context
  const sentences: MessageKey[] = [
    'docs.calls.encodings',
    'docs.calls.json',
    ...(allowGet ? ['docs.calls.get' as const] : []),
    'docs.calls.absent',
    'docs.calls.lists',
    'docs.calls.repeated',
    'docs.calls.aliases',
    'docs.calls.numbers',
    'docs.calls.refusals',
  ]
  return (
    <section class="part" id="calls" aria-labelledby="calls-title">
      <div class="words">
        <Heading texts={texts} id="calls" title="docs.calls.title" />
        <p>
          <Prose text={texts.text('docs.calls.text')} />
        </p>
        <ul class="sentences">
          {sentences.map((key) => (
            <li key={key}>
              <Prose text={texts.text(key, { most: MOST_IDS })} />
            </li>
          ))}
        </ul>
        <p>{texts.text('docs.calls.limits')}</p>
        <Table
          caption={texts.text('docs.calls.limits')}
          headings={['HTTP', texts.text('docs.meaning')]}
          rows={codes.map((code) => [<Name name={code} />, <Prose text={texts.text(`docs.http.${code}`)} />])}
        />
      </div>
      <div class="code">
        <ExamplePanel {...context} action="status" example={refused} />
      </div>
    </section>
  )
}

export function Statuses({ texts }: { readonly texts: Texts }) {
  const table = (caption: string, words: Readonly<Record<string, MessageKey>>) => (
    <Table
      caption={caption}
      headings={[texts.text('docs.statuses.word'), texts.text('docs.meaning')]}
      rows={Object.entries(words).map(([word, about]) => [<Name name={word} />, <Prose text={texts.text(about)} />])}
    />
  )
  return (
    <section class="part" id="statuses" aria-labelledby="statuses-title">
      <div class="words">
        <Heading texts={texts} id="statuses" title="docs.statuses.title" />
        <p>
          <Prose text={texts.text('docs.statuses.orders')} />
        </p>
        {table(texts.text('docs.statuses.title'), aboutOrderStatuses)}
        <h4>{texts.text('docs.statuses.refills')}</h4>
        {table(texts.text('docs.statuses.refills'), aboutRefillStatuses)}
      </div>
    </section>
  )
}

export function Refusals({ texts }: { readonly texts: Texts }) {
  return (
    <section class="part" id="refusals" aria-labelledby="refusals-title">
      <div class="words">
        <Heading texts={texts} id="refusals" title="docs.refusals.title" />
        <p>{texts.text('docs.refusals.text')}</p>
        <RefusalTable texts={texts} refusals={[...aboutRefusals.keys()]} />
      </div>
    </section>
  )
}

export function Machines({ texts }: { readonly texts: Texts }) {
  return (
    <section class="part" id="machines" aria-labelledby="machines-title">
      <div class="words">
        <Heading texts={texts} id="machines" title="docs.machines.title" />
        <p>{texts.text('docs.machines.text')}</p>
        <ul class="sentences">
          <li>
            <a href="/openapi.json">openapi.json</a> – {texts.text('docs.machines.openapi')}
          </li>
          <li>
            <a href="/api/postman.json">postman.json</a> – Postman
          </li>
          <li>
            <a href="/llms.txt">llms.txt</a> – {texts.text('docs.machines.llms')}
          </li>
        </ul>
      </div>
    </section>
  )
}
