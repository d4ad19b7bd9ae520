import type { Faults } from '../../ui/page-ui.ts'
import { CodeField, EmailField, Form, FormFault, NewPasswordField, PasswordField, Submit } from '../../ui/parts.tsx'
import { DESK, type DeskVisit } from '../desk.ts'
import { openDeskPage } from '../desk-page.tsx'

export function signInPage(visit: DeskVisit, { email, next, faults }: { email: string; next: string; faults: Faults }): string {
  const { ui } = visit
  const { texts, house } = ui.frame
  return openDeskPage(
    visit,
    texts.text('desk.entry.signIn', { name: house.name }),
    <>
      <Form ui={ui} action={`${DESK}/sign-in`}>
        <FormFault faults={faults} />
        <input type="hidden" name="next" value={next} />
        <EmailField texts={texts} faults={faults} value={email} autofocus={email === ''} />
        <PasswordField texts={texts} faults={faults} autofocus={email !== ''} />
        <Submit>{texts.text('account.signIn')}</Submit>
      </Form>
      <p class="ways">
        <a href={`${DESK}/forgot`}>{texts.text('account.forgot')}</a>
      </p>
    </>,
  )
}

export function codePage(visit: DeskVisit, { ticket, next, faults }: { ticket: string; next: string; faults: Faults }): string {
  const { ui } = visit
  const { texts } = ui.frame
  return openDeskPage(
    visit,
    texts.text('account.code.title'),
    <Form ui={ui} action={`${DESK}/sign-in/code`}>
      <FormFault faults={faults} />
      <input type="hidden" name="ticket" value={ticket} />
      <input type="hidden" name="next" value={next} />
      <CodeField texts={texts} faults={faults} autofocus />
      <Submit>{texts.text('account.continue')}</Submit>
    </Form>,
  )
}

/** The form that asks for a link to choose a new password. */
export function forgotPage(visit: DeskVisit, { email, faults }: { email: string; faults: Faults }): string {
  const { ui } = visit
  const { texts } = ui.frame
  return openDeskPage(
    visit,
    texts.text('account.forgot.title'),
    <>
      <p class="soft">{texts.text('account.forgot.lead')}</p>
      <Form ui={ui} action={`${DESK}/forgot`}>
        <FormFault faults={faults} />
        <EmailField texts={texts} faults={faults} value={email} autofocus />
        <Submit>{texts.text('account.sendLink')}</Submit>
      </Form>
      <ToSignIn visit={visit} />
    </>,
  )
}

export function askedPage(visit: DeskVisit, email: string): string {
  const { texts } = visit.ui.frame
  return openDeskPage(
    visit,
    texts.text('account.asked.title'),
    <>
      <p class="soft">{texts.text('account.asked.text', { email })}</p>
      <ToSignIn visit={visit} />
    </>,
  )
}

interface WelcomeView {
  readonly token: string
  readonly email: string
  readonly name: string
  readonly isFirst: boolean
  readonly faults: Faults
}

/** Where somebody who was invited, or forgot the password, chooses one. */
export function welcomePage(visit: DeskVisit, { token, email, name, isFirst, faults }: WelcomeView): string {
  const { ui } = visit
  const { texts, house } = ui.frame
  return openDeskPage(
    visit,
    isFirst ? texts.text('desk.entry.welcome', { name }) : texts.text('account.choose.title'),
    <>
      <p class="soft">
        {isFirst ? texts.text('desk.entry.welcome.lead', { house: house.name, email }) : texts.text('account.choose.lead', { email })}
      </p>
      <Form ui={ui} action={`${DESK}/welcome/${token}`}>
        <FormFault faults={faults} />
        {/* Password managers store the password with this address. */}
        <input type="hidden" name="email" value={email} autocomplete="username" />
        <NewPasswordField texts={texts} faults={faults} autofocus />
        <Submit>{texts.text('account.choose.save')}</Submit>
      </Form>
    </>,
  )
}

export function linkVoidPage(visit: DeskVisit): string {
  const { texts } = visit.ui.frame
  return openDeskPage(
    visit,
    texts.text('account.linkVoid.title'),
    <>
      <p class="soft">{texts.text('account.linkVoid.text')}</p>
      <p class="ways">
        <a href={`${DESK}/forgot`}>{texts.text('account.forgot')}</a>
        <a href={`${DESK}/sign-in`}>{texts.text('account.signIn')}</a>
      </p>
    </>,
  )
}

function ToSignIn({ visit }: { readonly visit: DeskVisit }) {
  return (
    <p class="ways">
      <a href={`${DESK}/sign-in`}>{visit.ui.frame.texts.text('account.signIn')}</a>
    </p>
  )
}
