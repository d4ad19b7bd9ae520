import { readFileSync } from 'node:fs'
import type { Texts } from '../../../texts/texts.ts'
import { Code } from '../../ui/code.tsx'
import { Button } from '../../ui/form.tsx'
import { Prose } from '../../ui/prose.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { FundsView } from './funds-view.ts'

/** The program that verifies a downloaded statement. docs/statement.md contains the same program. */
const verifier = readFileSync(new URL('./verify-statement.py', import.meta.url), 'utf8')

/** Explains what protects lines from being changed, and how readers can verify it themselves. */
export function Proof({ texts, view: { lines, chain, seal } }: { texts: Texts; view: FundsView }) {
  return (
    <section class="proof" aria-labelledby="proof">
      <h2 id="proof">{texts.text('funds.proof')}</h2>
      <p>{texts.text('funds.proof.text')}</p>
      {seal ? (
        <p>
          {texts.text('funds.sealed', { line: seal.line.toString() })} (<Moment texts={texts} at={seal.at} />){' '}
          {(lines[0]?.line ?? 0n) > seal.line && texts.text('funds.unsealed')}
          <br />
          <code dir="ltr" class="whole-hash">
            {seal.hash}
          </code>
          <br />
          {texts.text('funds.proof.keep')}
        </p>
      ) : (
        <p>{texts.text('funds.unsealed')}</p>
      )}
      {chain ? (
        <div class="row needs-script">
          <Button class="verify">{texts.text('funds.verify')}</Button>
          <p
            class="verified"
            role="status"
            data-good={texts.text('funds.verify.good', { count: lines.length })}
            data-bad={texts.text('funds.verify.bad', { line: '{line}' })}
            data-unable={texts.text('funds.verify.unable')}
          />
        </div>
      ) : (
        <p class="soft">{texts.text('funds.verify.filtered')}</p>
      )}
      <details>
        <summary>{texts.text('funds.verify.own')}</summary>
        <p>
          <Prose text={texts.text('funds.verify.own.text')} />
        </p>
        <pre class="program">
          <Code code={verifier} grammar="program" />
        </pre>
      </details>
    </section>
  )
}
