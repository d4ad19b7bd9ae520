import type { LinkedSignInShown } from '../../../customers/linked-sign-ins.ts'
import type { OfferedProvider } from '../../../sign-in-providers/providers.ts'
import { Button } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import { Form, Moment, Submit } from '../../ui/parts.tsx'

export interface LinkedView {
  readonly linked: readonly LinkedSignInShown[]
  /** Those that the house offers. */
  readonly providers: readonly OfferedProvider[]
}

/** The sign-ins by a provider that a person has linked, and the way to link another. Nothing where there is neither. */
export function LinkedSection({ ui, linked, providers, faults }: LinkedView & { readonly ui: PageUi; readonly faults: Faults }) {
  const { texts } = ui.frame
  if (linked.length === 0 && providers.length === 0) return null
  return (
    <section aria-labelledby="linked-title">
      <h2 id="linked-title">{texts.text('account.with.linked')}</h2>
      <p class="soft">{texts.text('account.with.linked.lead')}</p>
      {faults['linked'] !== undefined && <Notice mood="bad">{faults['linked']}</Notice>}
      {linked.length > 0 && (
        <ul class="rows">
          {linked.map(({ id, provider, email, usedAt }) => (
            <li key={id}>
              <div>
                <h3>
                  <bdi>{provider}</bdi>
                </h3>
                {email !== null && (
                  <p class="about">
                    <bdi>{email}</bdi>
                  </p>
                )}
                <p class="soft small">
                  {texts.text('account.with.used')} <Moment texts={texts} at={usedAt} />
                </p>
              </div>
              <Form ui={ui} action="/account/unlink" class="row">
                <input type="hidden" name="linked" value={id} />
                <Button type="submit" look="small" aria-label={`${texts.text('account.with.unlink')}: ${provider} ${email ?? ''}`.trim()}>
                  {texts.text('account.with.unlink')}
                </Button>
              </Form>
            </li>
          ))}
        </ul>
      )}
      {providers.length > 0 && (
        <div class="buttons">
          {providers.map(({ name, title }) => (
            <Form key={name} ui={ui} action="/account/link" class="row">
              <input type="hidden" name="provider" value={name} />
              <Submit look="plain">{texts.text('account.with.link', { provider: title })}</Submit>
            </Form>
          ))}
        </div>
      )}
    </section>
  )
}
