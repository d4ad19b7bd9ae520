import { Field } from '../../ui/form.tsx'
import { EmailField, Form, FormFault, NewPasswordField, Submit } from '../../ui/parts.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import type { DeskVisit } from '../desk.ts'
import { openDeskPage } from '../desk-page.tsx'

interface BeginView {
  readonly token: string
  readonly email: string
  readonly name: string
  readonly faults: Faults
}

/** Asks who the first owner is. */
export function beginPage(visit: DeskVisit, { token, email, name, faults }: BeginView): string {
  const { ui } = visit
  const { texts } = ui.frame
  return openDeskPage(
    visit,
    texts.text('desk.setup.begin.title'),
    <>
      <p class="soft">{texts.text('desk.setup.begin.lead')}</p>
      <Form ui={ui} action={`/desk/setup/begin/${token}`}>
        <FormFault faults={faults} />
        <Field
          name="name"
          label={texts.text('desk.setup.begin.name')}
          value={name}
          autocomplete="name"
          required
          fault={faults['name']}
          autofocus
        />
        <EmailField texts={texts} faults={faults} value={email} />
        <NewPasswordField texts={texts} faults={faults} />
        <Submit>{texts.text('desk.setup.begin.go')}</Submit>
      </Form>
    </>,
  )
}

/** The link is used up, or older than a day. */
export function voidPage(visit: DeskVisit): string {
  const { texts } = visit.ui.frame
  return openDeskPage(
    visit,
    texts.text('desk.setup.void.title'),
    <>
      <p class="soft">{texts.text('desk.setup.void.text')}</p>
      <pre class="code-line">
        <code dir="ltr">docket setup-link</code>
      </pre>
      <p class="ways">
        <a href="/desk/sign-in">{texts.text('account.signIn')}</a>
      </p>
    </>,
  )
}
