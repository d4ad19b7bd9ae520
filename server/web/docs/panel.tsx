import type { Example } from '../../../contract/action.ts'
import { spelledOut } from '../../../contract/message.ts'
import type { Texts } from '../texts/texts.ts'
import { CodeSamples, CopyButton } from '../ui/code-samples.tsx'
import { Code } from '../ui/code.tsx'
import { Button } from '../ui/form.tsx'
import { KEY_PLACEHOLDER, type SampleCall } from '../ui/samples.ts'

interface PanelProps {
  readonly texts: Texts
  readonly address: string
  /** Stands where the reader's own key goes. */
  readonly shownKey: string | undefined
  readonly action: string
  readonly example: Example
}

/** One example: the request in every language, of which the reader's choice is seen, and the exact answer. */
export function ExamplePanel({ texts, address, shownKey, action, example }: PanelProps) {
  const call: SampleCall = {
    address,
    parameters: [['key', shownKey ?? KEY_PLACEHOLDER], ['action', action], ...Object.entries(example.parameters)],
  }
  const answer = JSON.stringify(
    spelledOut(example.answer, (key) => texts.text(key)),
    null,
    4,
  )
  return (
    <div class="panel">
      <div class="panel-head">
        <h4>{texts.text('docs.request')}</h4>
        <Button look="small" class="try" data-try={JSON.stringify({ action, ...example.parameters })}>
          {texts.text('docs.try')}
        </Button>
        <CopyButton texts={texts} />
      </div>
      <CodeSamples call={call} />
      <div class="panel-head">
        <h4>{texts.text('docs.answer')}</h4>
        <CopyButton texts={texts} />
      </div>
      <pre data-code="json" tabIndex={0} role="group" aria-label={texts.text('docs.answer')}>
        <Code code={answer} grammar="json" />
      </pre>
    </div>
  )
}
