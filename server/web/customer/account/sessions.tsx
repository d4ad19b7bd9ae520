import type { SessionRowShown } from '../../../customers/sessions.ts'
import { deviceWords } from '../../device-words.ts'
import { accountPage } from './account-frame.tsx'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'

interface SessionsView {
  readonly sessions: readonly SessionRowShown[]
  readonly ownId: bigint
  readonly done?: string | undefined
}

/** The browsers in which the user is signed in; each session can be ended. */
export function sessionsPage(ui: PageUi, { sessions, ownId, done }: SessionsView): string {
  const { texts } = ui.frame
  return accountPage({
    ui,
    tab: '/account/sessions',
    done,
    children: (
      <>
        <p class="soft">{texts.text('account.sessions.lead')}</p>
        <ul class="rows">
          {sessions.map((session) => (
            <Session key={session.id} ui={ui} session={session} isOwn={session.id === ownId} />
          ))}
        </ul>
        {sessions.length > 1 && (
          <Form ui={ui} action="/account/sessions/end-others">
            <Submit look="bad">{texts.text('account.sessions.endOthers')}</Submit>
          </Form>
        )}
      </>
    ),
  })
}

function Session({ ui, session, isOwn }: { ui: PageUi; session: SessionRowShown; isOwn: boolean }) {
  const { texts } = ui.frame
  const name = `device-${session.id}`
  return (
    <li>
      <div>
        <h2 id={name}>
          {deviceWords(texts, session.agent)} {isOwn && <span class="badge">{texts.text('account.sessions.here')}</span>}
        </h2>
        <dl class="own-facts small">
          <dt>{texts.text('account.sessions.from')}</dt>
          <dd dir="ltr">{session.address}</dd>
          <dt>{texts.text('account.act.signedIn')}</dt>
          <dd>
            <Moment texts={texts} at={session.startedAt} />
          </dd>
          <dt>{texts.text('account.sessions.seen')}</dt>
          <dd>
            <Moment texts={texts} at={session.seenAt} />
          </dd>
        </dl>
      </div>
      {!isOwn && (
        <Form ui={ui} action="/account/sessions/end">
          <input type="hidden" name="session" value={String(session.id)} />
          <button type="submit" class="button plain" id={`end-${name}`} aria-labelledby={`end-${name} ${name}`}>
            {texts.text('account.signOut')}
          </button>
        </Form>
      )}
    </li>
  )
}
