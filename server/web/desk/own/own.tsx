import type { Failure } from '../../../staff/staff-failures.ts'
import type { StaffSessionShown } from '../../../staff/sessions.ts'
import { languages } from '../../../texts/languages.ts'
import { deviceWords } from '../../device-words.ts'
import { Field } from '../../ui/form.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { Form, FormFault, Moment, NewPasswordField, PasswordField, Submit } from '../../ui/parts.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

interface OwnView {
  readonly sessions: readonly StaffSessionShown[]
  readonly failures: readonly Failure[]
  readonly faults: Faults
}

const OWN = `${DESK}/own`

/** A person's own name, language, password, code and sessions. */
export function ownPage(context: DeskContext, { sessions, failures, faults }: OwnView): string {
  const { staff, ui } = context
  const { texts } = ui.frame
  return deskPage(context, {
    title: texts.text('desk.own'),
    lead: (
      <>
        <bdi>{staff.email}</bdi> · {texts.text(`desk.option.${staff.role}`)}
      </>
    ),
    children: (
      <div class="desk-own">
        <FormFault faults={faults} />
        <Settings context={context} faults={faults} />
        <Password context={context} faults={faults} />
        <section aria-labelledby="code-title">
          <h2 id="code-title">{texts.text('account.codes')}</h2>
          <p>{texts.text(staff.secondFactor ? 'account.codes.on' : 'account.codes.lead')}</p>
          <a class="button plain" href={`${OWN}/code`}>
            {texts.text(staff.secondFactor ? 'desk.own.code.change' : 'account.codes.begin')}
          </a>
        </section>
        <Sessions context={context} sessions={sessions} />
        {failures.length > 0 && <Failures context={context} failures={failures} />}
      </div>
    ),
  })
}

type PartProps = { readonly context: DeskContext; readonly faults: Faults }

function Settings({ context: { staff, ui }, faults }: PartProps) {
  const { texts } = ui.frame
  return (
    <section aria-labelledby="settings-title">
      <h2 id="settings-title">{texts.text('desk.own.settings')}</h2>
      <Form ui={ui} action={`${OWN}/settings`}>
        <Field name="name" label={texts.text('desk.field.name')} value={staff.name} required fault={faults['name']} autocomplete="name" />
        <div class="field">
          <label for="locale">{texts.text('account.language')}</label>
          <select id="locale" name="locale">
            {languages.map(({ code, name }) => (
              <option key={code} value={code} lang={code} selected={code === (staff.locale ?? texts.language.code)}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <Submit>{texts.text('account.save')}</Submit>
      </Form>
    </section>
  )
}

function Password({ context: { staff, ui }, faults }: PartProps) {
  const { texts } = ui.frame
  return (
    <section aria-labelledby="password-title">
      <h2 id="password-title">{texts.text('account.changePassword')}</h2>
      <Form ui={ui} action={`${OWN}/password`}>
        <input type="hidden" name="username" value={staff.email} autocomplete="username" />
        <PasswordField texts={texts} faults={faults} name="current" label="account.currentPassword" />
        <NewPasswordField texts={texts} faults={faults} />
        <Submit look="plain">{texts.text('account.changePassword')}</Submit>
      </Form>
    </section>
  )
}

function Sessions({
  context: { staff, ui },
  sessions,
}: {
  readonly context: DeskContext
  readonly sessions: readonly StaffSessionShown[]
}) {
  const { texts } = ui.frame
  return (
    <section aria-labelledby="sessions-title">
      <h2 id="sessions-title">{texts.text('account.sessions')}</h2>
      <ul class="rows">
        {sessions.map((session) => (
          <li key={session.id}>
            <div>
              <h3 id={`device-${session.id}`}>
                {deviceWords(texts, session.agent)}{' '}
                {session.id === staff.sessionId && <span class="badge">{texts.text('account.sessions.here')}</span>}
              </h3>
              <p class="soft small">
                <bdi>{session.address}</bdi> · {texts.text('account.sessions.seen')} <Moment texts={texts} at={session.seenAt} />
              </p>
            </div>
            {session.id !== staff.sessionId && (
              <Form ui={ui} action={`${OWN}/sessions`} class="inline">
                <input type="hidden" name="session" value={String(session.id)} />
                <button
                  type="submit"
                  class="button plain"
                  id={`end-${session.id}`}
                  aria-labelledby={`end-${session.id} device-${session.id}`}
                >
                  {texts.text('account.signOut')}
                </button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <Form ui={ui} action={`${OWN}/sessions`}>
          <Submit look="bad">{texts.text('account.sessions.endOthers')}</Submit>
        </Form>
      )}
    </section>
  )
}

function Failures({ context: { ui }, failures }: { readonly context: DeskContext; readonly failures: readonly Failure[] }) {
  const { texts } = ui.frame
  return (
    <section aria-labelledby="failures-title">
      <h2 id="failures-title">{texts.text('desk.own.failures')}</h2>
      <p class="soft">{texts.text('desk.own.failures.lead')}</p>
      <ul class="rows">
        {failures.map((failure) => (
          <li key={failure.at.getTime()}>
            <div>
              {texts.text(failure.what === 'password' ? 'account.act.signInFailed' : 'account.act.codeRefused')}
              <p class="soft small">
                {deviceWords(texts, failure.agent)} · <bdi>{failure.address}</bdi> · <Moment texts={texts} at={failure.at} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
