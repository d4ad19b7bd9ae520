import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'
import { CopyButton } from '../ui/code-samples.tsx'
import { Code } from '../ui/code.tsx'
import { Prose } from '../ui/prose.tsx'
import { Table } from '../ui/table.tsx'
import { besideCall } from './beside-call.ts'
import type { BesideDoc } from './besides.ts'
import { Name } from './operation.tsx'

/** What is sent to a way beside v2, and what is answered. */
export function BesideWords({ texts, way: { parameters, answer } }: { readonly texts: Texts; readonly way: BesideDoc }) {
  const rows = (fields: readonly { readonly name: string; readonly about: MessageKey }[]) =>
    fields.map(({ name, about }) => [<Name name={name} />, <Prose text={texts.text(about)} />])
  const headings = (name: MessageKey) => [texts.text(name), texts.text('docs.meaning')]
  return (
    <>
      <Table caption={texts.text('docs.request')} headings={headings('docs.request')} rows={rows(parameters)} />
      <Table caption={texts.text('docs.answer')} headings={headings('docs.answer')} rows={rows(answer)} />
    </>
  )
}

interface BesidePanelsProps {
  readonly texts: Texts
  readonly address: string
  readonly way: BesideDoc
}

/** A call of a way beside v2, and its answer. */
export function BesidePanels({ texts, address, way: { path, example } }: BesidePanelsProps) {
  return (
    <div class="panel whole-program">
      <div class="panel-head">
        <h4>{texts.text('docs.request')}</h4>
        <CopyButton texts={texts} />
      </div>
      <pre tabIndex={0} role="group" aria-label={texts.text('docs.request')}>
        <Code code={besideCall(address + path, example.parameters)} grammar="shell" />
      </pre>
      <div class="panel-head">
        <h4>{texts.text('docs.answer')}</h4>
        <CopyButton texts={texts} />
      </div>
      <pre tabIndex={0} role="group" aria-label={texts.text('docs.answer')}>
        <Code code={JSON.stringify(example.answer, null, 2)} grammar="json" />
      </pre>
    </div>
  )
}
