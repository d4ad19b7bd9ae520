import type { Offer } from '../docs/samples-on-sale.ts'
import type { Texts } from '../../texts/texts.ts'
import { CodeLanguages, CodeSamples, CopyButton } from '../ui/code-samples.tsx'
import { Code } from '../ui/code.tsx'
import { type CodeLanguage, KEY_PLACEHOLDER } from '../ui/samples.ts'
import type { SampleCall } from '../ui/sample-call.ts'
import { addressIn } from '../visitor.ts'

interface CodeShownProps {
  readonly texts: Texts
  readonly address: string
  readonly chosen: CodeLanguage
  readonly offer: Offer
}

const ANY_ORDER = { service: 1448, min: 1000, max: 1000 }
const ANSWER = '{"order": 23501}'

/** The code that places an order for a service that is on sale here. */
export function CodeShown({ texts, address, chosen, offer }: CodeShownProps) {
  const { service, min, max } = offer['Default'] ?? ANY_ORDER
  const call: SampleCall = {
    address,
    parameters: [
      ['key', KEY_PLACEHOLDER],
      ['action', 'add'],
      ['service', String(service)],
      ['link', 'https://example.com/p/1'],
      ['quantity', String(Math.min(Math.max(1000, min), max))],
      ['idempotency_key', 'shop-order-7781'],
    ],
  }
  return (
    <section class="code-shown" aria-labelledby="by-program">
      <div class="stack">
        <h2 id="by-program">{texts.text('shell.home.code.title')}</h2>
        <p>{texts.text('shell.home.code.text')}</p>
        <p>
          <a href={addressIn(texts.language, '/api')}>{texts.text('site.toDocs')}</a>
        </p>
      </div>
      <div class="code">
        <CodeLanguages texts={texts} chosen={chosen} />
        <div class="panel">
          <div class="panel-head">
            <h3>{texts.text('docs.request')}</h3>
            <CopyButton texts={texts} />
          </div>
          <CodeSamples call={call} />
          <div class="panel-head">
            <h3>{texts.text('docs.answer')}</h3>
          </div>
          <pre tabIndex={0} role="group" aria-label={texts.text('docs.answer')}>
            <Code code={ANSWER} grammar="json" />
          </pre>
        </div>
      </div>
    </section>
  )
}
