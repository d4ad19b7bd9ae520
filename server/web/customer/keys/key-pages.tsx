import type { KeyRow } from '../../../customers/keys.ts'
import { Notice } from '../../ui/notice.tsx'
import { CopyPanel } from '../../ui/copy-panel.tsx'
import { appPage } from '../app-frame.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { Proof } from '../proof.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import { ConfirmForm, KeyForm, type KeyFormView } from './key-fields.tsx'
import { keyName, KeyPrefix } from './key-words.tsx'

/** The form for a new key or for an existing one. */
export function keyFormPage(ui: PageUi, title: string, view: KeyFormView): string {
  return appPage({ ui, title, script: 'programs', children: <KeyForm ui={ui} view={view} /> })
}

/** Shows a new key, once. */
export function madeKeyPage(ui: PageUi, { id, key, label }: { readonly id: number; readonly key: string; readonly label: string }): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('keys.made.title'),
    script: 'programs',
    children: (
      <section class="shown-once">
        <Notice mood="warn">{texts.text('keys.made.warn')}</Notice>
        <CopyPanel texts={texts} title={label}>
          <code>{key}</code>
        </CopyPanel>
        <p>
          <a class="button main" href={`/keys/${id}`}>
            {texts.text('keys.made.kept')}
          </a>
        </p>
      </section>
    ),
  })
}

/** Explains what revoking does, and says when the key was last used. */
export function revokeKeyPage(ui: PageUi, key: KeyRow, proof: Proof, faults: Faults): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('keys.revoke'),
    script: 'programs',
    children: (
      <>
        <dl class="own-facts">
          <dt>{texts.text('usage.key')}</dt>
          <dd>
            <bdi>{keyName(key)}</bdi> <KeyPrefix prefix={key.prefix} />
          </dd>
          <dt>{texts.text('keys.lastUsed')}</dt>
          <dd>{key.lastUsedAt ? <Moment texts={texts} at={key.lastUsedAt} /> : texts.text('keys.neverUsed')}</dd>
        </dl>
        <Notice mood="warn">{texts.text('keys.revoke.lead')}</Notice>
        <ConfirmForm
          ui={ui} action={`/keys/${key.id}/revoke`} proof={proof} faults={faults} submit={texts.text('keys.revoke')} look="bad"
        />
      </>
    ),
  }) // prettier-ignore
}
