import { depositAnswer, depositExample, depositParameters, DEPOSITS } from '../../../contract/deposits.ts'
import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'
import { CopyButton } from '../ui/code-samples.tsx'
import { Code } from '../ui/code.tsx'
import { Prose } from '../ui/prose.tsx'
import { Table } from '../ui/table.tsx'
import { depositCall } from './deposit-call.ts'
import { Name } from './operation.tsx'

/** What is sent to start a deposit, and what is answered. */
export function DepositWords({ texts }: { readonly texts: Texts }) {
  const rows = (fields: readonly { readonly name: string; readonly about: MessageKey }[]) =>
    fields.map(({ name, about }) => [<Name name={name} />, <Prose text={texts.text(about)} />])
  const headings = (name: MessageKey) => [texts.text(name), texts.text('docs.meaning')]
  return (
    <>
      <Table caption={texts.text('docs.request')} headings={headings('docs.request')} rows={rows(depositParameters)} />
      <Table caption={texts.text('docs.answer')} headings={headings('docs.answer')} rows={rows(depositAnswer)} />
    </>
  )
}

/** A call that starts a deposit, and its answer. */
export function DepositPanels({ texts, address }: { readonly texts: Texts; readonly address: string }) {
  return (
    <div class="panel whole-program">
      <div class="panel-head">
        <h4>{texts.text('docs.request')}</h4>
        <CopyButton texts={texts} />
      </div>
      <pre tabIndex={0} role="group" aria-label={texts.text('docs.request')}>
        <Code code={depositCall(address + DEPOSITS, depositExample.parameters)} grammar="shell" />
      </pre>
      <div class="panel-head">
        <h4>{texts.text('docs.answer')}</h4>
        <CopyButton texts={texts} />
      </div>
      <pre tabIndex={0} role="group" aria-label={texts.text('docs.answer')}>
        <Code code={JSON.stringify(depositExample.answer, null, 2)} grammar="json" />
      </pre>
    </div>
  )
}
