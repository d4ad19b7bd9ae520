import type { AccountContext } from '../../../customers/account-context.ts'
import { CodeField, EmailField, Form, FormFault, narrowPage, NewPasswordField, PasswordField, Submit } from '../../ui/parts.tsx'
import type { OfferedProvider } from '../../../sign-in-providers/providers.ts'
import { ProviderButtons } from './provider-buttons.tsx'
import { TermsField } from './terms-field.tsx'
import { Button } from '../../ui/form.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'

interface SignInView {
  readonly email: string
  readonly next: string
  readonly mayRegister: boolean
  readonly providers: readonly OfferedProvider[]
  readonly faults: Faults
  readonly done?: string | undefined
}

export function signInPage(ui: PageUi, { email, next, mayRegister, providers, faults, done }: SignInView): string {
  const { texts } = ui.frame
  return narrowPage({
    ui,
    title: 'account.signIn',
    done,
    children: (
      <>
        <Form ui={ui} action="/sign-in">
          <FormFault faults={faults} />
          <input type="hidden" name="next" value={next} />
          <EmailField texts={texts} faults={faults} value={email} autofocus={email === ''} />
          <PasswordField texts={texts} faults={faults} autofocus={email !== ''} />
          <Submit>{texts.text('account.signIn')}</Submit>
        </Form>
        <ProviderButtons ui={ui} providers={providers} next={next} />
        <p class="ways">
          <a href="/forgot">{texts.text('account.forgot')}</a>
          {mayRegister && <a href="/register">{texts.text('account.register')}</a>}
        </p>
      </>
    ),
  })
}

export function codePage(ui: PageUi, { ticket, next, faults }: { ticket: string; next: string; faults: Faults }): string {
  const { texts } = ui.frame
  return narrowPage({
    ui,
    title: 'account.code.title',
    children: (
      <Form ui={ui} action="/sign-in/code">
        <FormFault faults={faults} />
        <input type="hidden" name="ticket" value={ticket} />
        <input type="hidden" name="next" value={next} />
        <CodeField texts={texts} faults={faults} autofocus />
        <Submit>{texts.text('account.continue')}</Submit>
      </Form>
    ),
  })
}

interface AskView {
  readonly of: 'register' | 'forgot'
  readonly email: string
  readonly faults: Faults
  readonly providers: readonly OfferedProvider[]
}

/** The form that requests a mail with a link. */
export function askPage(ui: PageUi, view: AskView): string {
  const { texts } = ui.frame
  return narrowPage({
    ui,
    title: view.of === 'register' ? 'account.register' : 'account.forgot.title',
    children: (
      <>
        <p class="soft">{texts.text(`account.${view.of}.lead`)}</p>
        <Form ui={ui} action={`/${view.of}`}>
          <FormFault faults={view.faults} />
          <EmailField texts={texts} faults={view.faults} value={view.email} autofocus />
          <Submit>{texts.text('account.sendLink')}</Submit>
        </Form>
        <ProviderButtons ui={ui} providers={view.providers} next="/" />
        <ToSignIn ui={ui} />
      </>
    ),
  })
}

export function askedPage(ui: PageUi, email: string): string {
  const { texts } = ui.frame
  return narrowPage({
    ui,
    title: 'account.asked.title',
    children: (
      <>
        <p class="soft">{texts.text('account.asked.text', { email })}</p>
        <ToSignIn ui={ui} />
      </>
    ),
  })
}

export function choosePage(ui: PageUi, view: { token: string; email: string; terms: AccountContext['terms']; faults: Faults }): string {
  const { texts } = ui.frame
  return narrowPage({
    ui,
    title: 'account.choose.title',
    children: (
      <>
        <p class="soft">{texts.text('account.choose.lead', { email: view.email })}</p>
        <Form ui={ui} action={`/reset/${view.token}`}>
          <FormFault faults={view.faults} />
          {/* Password managers store the password with this address. */}
          <input type="hidden" name="email" value={view.email} autocomplete="username" />
          <NewPasswordField texts={texts} faults={view.faults} autofocus />
          {view.terms && <TermsField ui={ui} version={view.terms.version} faults={view.faults} />}
          <Submit>{texts.text('account.choose.save')}</Submit>
        </Form>
      </>
    ),
  })
}

export function confirmMailPage(ui: PageUi, view: { token: string; email: string }): string {
  const { texts } = ui.frame
  return narrowPage({
    ui,
    title: 'account.confirmMail.title',
    children: (
      <>
        <p class="soft">{texts.text('account.confirmMail.text', { email: view.email })}</p>
        <Form ui={ui} action={`/confirm-mail/${view.token}`}>
          <Submit>{texts.text('account.confirmMail.save')}</Submit>
        </Form>
      </>
    ),
  })
}

interface ProveView {
  readonly next: string
  readonly secondFactor: boolean
  /** The user has no password: they show by a provider who they are. */
  readonly providers?: readonly OfferedProvider[] | undefined
  readonly faults: Faults
}

/** Asks for the password again before a sensitive action. */
export function provePage(ui: PageUi, { next, secondFactor, providers, faults }: ProveView): string {
  const { texts } = ui.frame
  const code = secondFactor && <CodeField texts={texts} faults={faults} />
  return narrowPage({
    ui,
    title: 'account.prove.title',
    children: (
      <>
        <p class="soft">{texts.text(providers ? 'account.with.prove' : 'account.prove.lead')}</p>
        <Form ui={ui} action={providers ? '/account/prove/with' : '/account/prove'}>
          <FormFault faults={faults} />
          <input type="hidden" name="next" value={next} />
          {!providers && <PasswordField texts={texts} faults={faults} />}
          {code}
          {providers?.map(({ name, title }) => (
            <Button key={name} type="submit" look="main" name="provider" value={name}>
              {texts.text('account.with.continue', { provider: title })}
            </Button>
          )) ?? <Submit>{texts.text('account.continue')}</Submit>}
        </Form>
      </>
    ),
  })
}

const deadEnds = {
  linkVoid: { title: 'account.linkVoid.title', text: 'account.linkVoid.text' },
  closed: { title: 'account.register.closed.title', text: 'account.register.closed.text' },
} as const

/** Says why the reader cannot continue here, and links to where they can. */
export function deadEndPage(ui: PageUi, end: keyof typeof deadEnds): string {
  const { texts, house } = ui.frame
  const { title, text } = deadEnds[end]
  return narrowPage({
    ui,
    title,
    children: (
      <>
        <p class="soft">{texts.text(text, { name: house.name })}</p>
        <p class="ways">
          {end === 'linkVoid' && <a href="/forgot">{texts.text('account.forgot')}</a>}
          <a href="/sign-in">{texts.text('account.signIn')}</a>
        </p>
      </>
    ),
  })
}

function ToSignIn({ ui }: { readonly ui: PageUi }) {
  return (
    <p class="ways">
      <a href="/sign-in">{ui.frame.texts.text('account.signIn')}</a>
    </p>
  )
}
