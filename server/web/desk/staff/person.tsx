import { staffEnd } from '../../../acts/staff-end.ts'
import { staffAdd } from '../../../acts/staff-add.ts'
import { staffInvite } from '../../../acts/staff-invite.ts'
import { staffRemoveCodes } from '../../../acts/staff-remove-codes.ts'
import { staffSet } from '../../../acts/staff-set.ts'
import { staffSignOut } from '../../../acts/staff-sign-out.ts'
import { staffTokenAdd } from '../../../acts/staff-token-add.ts'
import { staffTokenRevoke } from '../../../acts/staff-token-revoke.ts'
import type { StaffSessionShown } from '../../../staff/sessions.ts'
import type { StaffRow } from '../../../staff/staff-table.ts'
import type { TokenRow } from '../../../staff/tokens.ts'
import { deviceWords } from '../../device-words.ts'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Prose } from '../../ui/prose.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { StateBadge } from './staff.tsx'

interface PersonView {
  readonly person: StaffRow
  readonly sessions: readonly StaffSessionShown[]
  readonly tokens: readonly TokenRow[]
}

/** One member of staff: how they sign in, where they are signed in, the tokens of their programs, and what may be done about it. */
export function personPage(context: DeskContext, { person, sessions, tokens }: PersonView): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: person.name,
    lead: (
      <>
        <bdi>{person.email}</bdi> · {texts.text(`desk.option.${person.role}`)} · <StateBadge texts={texts} state={person.state} />
      </>
    ),
    actions: <Acts context={context} person={person} />,
    children: (
      <>
        <dl class="own-facts">
          <dt>{texts.text('desk.staff.code')}</dt>
          <dd>{texts.text(person.code ? 'desk.staff.code.on' : 'desk.staff.code.off')}</dd>
          <dt>{texts.text('desk.staff.seen')}</dt>
          <dd>{person.seenAt ? <Moment texts={texts} at={person.seenAt} /> : '–'}</dd>
          <dt>{texts.text('desk.staff.since')}</dt>
          <dd>
            <Moment texts={texts} at={person.createdAt} />
          </dd>
        </dl>
        {context.staff.may.has('log.read') && (
          <p>
            <a href={address(`${DESK}/log`, { staff: person.id })}>{texts.text('desk.staff.log', { name: person.name })}</a>
          </p>
        )}
        <Sessions context={context} sessions={sessions} />
        <Tokens context={context} person={person} tokens={tokens} />
      </>
    ),
  })
}

const pageOf = (person: StaffRow) => `${DESK}/staff/${person.id}`

function Acts({ context, person }: { readonly context: DeskContext; readonly person: StaffRow }) {
  const about = { context, with: { staff: String(person.id) }, back: pageOf(person) }
  if (person.state === 'left') {
    return <ActLink {...about} act={staffAdd} with={{ email: person.email, name: person.name, role: person.role, invite: 'yes' }} />
  }
  return (
    <>
      <ActLink {...about} act={staffSet} />
      <ActLink {...about} act={staffInvite} />
      {person.sessions > 0 && <ActLink {...about} act={staffSignOut} />}
      {person.code && <ActLink {...about} act={staffRemoveCodes} />}
      <ActLink {...about} act={staffEnd} look="bad" />
    </>
  )
}

function Sessions({ context, sessions }: { readonly context: DeskContext; readonly sessions: readonly StaffSessionShown[] }) {
  const { texts } = context.ui.frame
  return (
    <section aria-labelledby="sessions-title">
      <h2 id="sessions-title">{texts.text('account.sessions')}</h2>
      {sessions.length === 0 ? (
        <p class="soft">{texts.text('desk.staff.notIn')}</p>
      ) : (
        <div class="scroll">
          <Table
            caption={texts.text('account.sessions')}
            headings={[texts.text('account.sessions'), texts.text('account.sessions.from'), texts.text('account.sessions.seen')]}
            rows={sessions.map((session) => [
              deviceWords(texts, session.agent),
              <bdi key="address">{session.address}</bdi>,
              <Moment key="seen" texts={texts} at={session.seenAt} />,
            ])}
          />
        </div>
      )}
    </section>
  )
}

function Tokens({ context, person, tokens }: Omit<PersonView, 'sessions'> & { readonly context: DeskContext }) {
  const { texts } = context.ui.frame
  const isOwn = person.id === context.staff.staffId
  return (
    <section aria-labelledby="tokens-title">
      <header class="desk-title">
        <h2 id="tokens-title">{texts.text('desk.staff.tokens')}</h2>
        {isOwn && <ActLink context={context} act={staffTokenAdd} with={{ staff: String(person.id) }} back={pageOf(person)} />}
        <p class="soft">
          <Prose text={texts.text('desk.staff.tokens.lead')} />
        </p>
      </header>
      {tokens.length > 0 && (
        <div class="scroll">
          <Table
            caption={texts.text('desk.staff.tokens')}
            headings={[
              texts.text('desk.staff.token'),
              texts.text('desk.field.label'),
              texts.text('desk.staff.made'),
              texts.text('desk.field.expires'),
              texts.text('desk.staff.state'),
            ]}
            rows={tokens.map((token) => [
              <code key="token">{token.prefix}…</code>,
              <bdi key="label">{token.label}</bdi>,
              <Moment key="made" texts={texts} at={token.createdAt} />,
              token.expiresAt ? <Moment key="expires" texts={texts} at={token.expiresAt} /> : '–',
              token.revokedAt ? (
                texts.text('desk.staff.revoked')
              ) : (
                <ActLink
                  key="revoke"
                  context={context}
                  act={staffTokenRevoke}
                  with={{ token: String(token.id) }}
                  back={pageOf(person)}
                  look="small"
                />
              ),
            ])}
          />
        </div>
      )}
    </section>
  )
}
