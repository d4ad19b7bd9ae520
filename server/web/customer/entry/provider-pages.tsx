import type { AccountContext } from '../../../customers/account-context.ts'
import type { ProvenIdentity } from '../../../customers/linked-sign-ins.ts'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import { Form, FormFault, narrowPage, Submit } from '../../ui/parts.tsx'
import { TermsField } from './terms-field.tsx'

/** Shown for the moment in which the browser goes on to a provider. */
export function goPage(ui: PageUi, { url, provider }: { readonly url: string; readonly provider: string }): string {
  const { texts } = ui.frame
  return narrowPage({
    ui,
    title: 'account.with.go.title',
    values: { provider },
    children: (
      <>
        <p class="soft">{texts.text('account.with.go.text')}</p>
        <a class="button main" href={url} rel="noreferrer">
          {texts.text('account.with.continue', { provider })}
        </a>
      </>
    ),
  })
}

interface OpenView {
  readonly ticket: string
  readonly identity: Pick<ProvenIdentity, 'provider' | 'email'>
  readonly terms: AccountContext['terms']
  readonly faults: Faults
}

/** Asks somebody whom a provider has shown to be new whether to open an account. */
export function openPage(ui: PageUi, { ticket, identity: { provider, email }, terms, faults }: OpenView): string {
  const { texts, house } = ui.frame
  return narrowPage({
    ui,
    title: 'account.register',
    children: (
      <>
        <p class="soft">{texts.text('account.with.open.text', { provider, email: email ?? '', name: house.name })}</p>
        <Form ui={ui} action="/register/with-provider">
          <FormFault faults={faults} />
          <input type="hidden" name="ticket" value={ticket} />
          {terms && <TermsField ui={ui} version={terms.version} faults={faults} />}
          <Submit>{texts.text('account.register')}</Submit>
        </Form>
        <p class="ways">
          <a href="/sign-in">{texts.text('account.with.other')}</a>
        </p>
      </>
    ),
  })
}

const ends = {
  void: { title: 'account.with.void.title', text: 'account.with.void.text' },
  late: { title: 'account.with.late.title', text: 'account.with.late.text' },
  cancelled: { title: 'account.with.cancelled.title', text: 'account.with.cancelled.text' },
  refused: { title: 'account.with.refused.title', text: 'account.with.refused.text' },
  silent: { title: 'account.with.silent.title', text: 'account.with.silent.text' },
  'address not confirmed': { title: 'account.with.unconfirmed.title', text: 'account.with.unconfirmed.text' },
  'sign in first': { title: 'account.with.first.title', text: 'account.with.first.text' },
  'of another': { title: 'account.with.linked', text: 'account.with.ofAnother' },
  'too many': { title: 'account.with.linked', text: 'account.with.tooMany' },
  'not linked': { title: 'account.prove.title', text: 'account.with.notLinked' },
} as const

export type ProviderEnd = keyof typeof ends

interface EndView {
  readonly provider: string
  readonly email: string
  /** Where the reader goes on; the words say what they do there. */
  readonly ways: readonly {
    readonly href: string
    readonly text: 'account.signIn' | 'account.register' | 'account.forgot' | 'account.profile'
  }[]
}

/** Says why a sign-in by a provider ends here, and leads to where the reader can go on. */
export function providerEndPage(ui: PageUi, end: ProviderEnd, { provider, email, ways }: EndView): string {
  const { texts } = ui.frame
  const { title, text } = ends[end]
  return narrowPage({
    ui,
    title,
    values: { provider },
    children: (
      <>
        <p class="soft">{texts.text(text, { provider, email })}</p>
        <p class="ways">
          {ways.map(({ href, text }) => (
            <a key={href} href={href}>
              {texts.text(text)}
            </a>
          ))}
        </p>
      </>
    ),
  })
}
