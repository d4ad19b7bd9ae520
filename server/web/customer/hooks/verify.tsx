import { Code } from '../../ui/code.tsx'
import { CopyPanel } from '../../ui/copy-panel.tsx'
import { Prose } from '../../ui/prose.tsx'
import { appPage } from '../app-frame.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { verifySamples } from './verify-samples.ts'

/** Explains how a receiver checks that a message is ours. */
export function verifyPage(ui: PageUi): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('hooks.verify'),
    script: 'programs',
    children: (
      <>
        <p>
          <Prose text={texts.text('hooks.verify.lead')} />
        </p>
        <p>
          <Prose text={texts.text('hooks.verify.twice')} />{' '}
          <a href="https://www.standardwebhooks.com" rel="noreferrer">
            Standard Webhooks
          </a>
        </p>
        {verifySamples.map(({ id, name, code }) => (
          <CopyPanel key={id} texts={texts} title={name}>
            <Code code={code} grammar="program" />
          </CopyPanel>
        ))}
      </>
    ),
  })
}
