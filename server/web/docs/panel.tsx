import type { Example } from '../../../contract/action.ts'
import { spelledOut } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'
import { CodeInEach, CodeSamples, CopyButton } from '../ui/code-samples.tsx'
import { Code } from '../ui/code.tsx'
import { Button } from '../ui/form.tsx'
import { type CodeLanguage, KEY_PLACEHOLDER } from '../ui/samples.ts'
import type { SampleCall } from '../ui/sample-call.ts'

interface PanelProps {
  readonly texts: Texts
  readonly address: string
  readonly action: string
  readonly example: Example
  /** Names of optional parameters that a reader who tries the call may fill in. */
  readonly optional?: readonly string[]
}

/** One example: the request in every language, of which the page shows the one that the reader chose, and the exact answer. */
export function ExamplePanel({ texts, address, action, example, optional = [] }: PanelProps) {
  const type = example.parameters['service'] && (example.title ?? 'Default')
  const call: SampleCall = {
    address,
    ...(type && { type }),
    parameters: [['key', KEY_PLACEHOLDER], ['action', action], ...Object.entries(example.parameters)],
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
        <Button
          look="small"
          class="try"
          data-try={JSON.stringify({ action, ...example.parameters })}
          data-optional={optional.filter((name) => !(name in example.parameters)).join(' ') || undefined}
          data-type={type}
        >
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

interface ProgramPanelProps {
  readonly texts: Texts
  readonly codeIn: (language: CodeLanguage) => string
}

/** A program that makes more than one call. */
export function ProgramPanel({ texts, codeIn }: ProgramPanelProps) {
  return (
    <div class="panel whole-program">
      <div class="panel-head">
        <h4>{texts.text('docs.request')}</h4>
        <CopyButton texts={texts} />
      </div>
      <CodeInEach codeIn={codeIn} />
    </div>
  )
}
