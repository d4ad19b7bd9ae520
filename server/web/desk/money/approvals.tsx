import { approvalAccept } from '../../../acts/approval-accept.ts'
import { approvalDecline } from '../../../acts/approval-decline.ts'
import type { Approval } from '../../../staff/approvals.ts'
import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { actTitle, fieldLabel } from '../act-words.ts'
import { valueText } from '../changes.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { NewestLinks } from '../newest-links.tsx'

interface ApprovalsView {
  readonly decided: boolean
  readonly rows: readonly Approval[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

const PATH = `${DESK}/approvals`

/** What waits for a second person, or also what was decided. */
export function approvalsPage(context: DeskContext, { decided, rows, hasMore, isFirst }: ApprovalsView): string {
  const { texts } = context.ui.frame
  const last = rows.at(-1)
  const asked = { decided: decided ? 1 : null }
  return deskPage(context, {
    title: texts.text('desk.place.approvals'),
    lead: texts.text('desk.approvals.lead'),
    children: (
      <>
        <nav class="tabs-inline" aria-label={texts.text('desk.place.approvals')}>
          <a href={PATH} aria-current={decided ? undefined : 'page'}>
            {texts.text('desk.approvals.waiting')}
          </a>
          <a href={address(PATH, { decided: 1 })} aria-current={decided ? 'page' : undefined}>
            {texts.text('desk.approvals.all')}
          </a>
        </nav>
        <div data-live-region="approvals">
          {rows.length === 0 ? (
            <Empty title={texts.text('desk.approvals.none')} text={texts.text('desk.approvals.none.text')} />
          ) : (
            <ul class="rows desk-approvals">
              {rows.map((row) => (
                <Row key={row.id} context={context} row={row} />
              ))}
            </ul>
          )}
        </div>
        <NewestLinks
          texts={texts}
          newest={isFirst ? null : address(PATH, asked)}
          older={hasMore && last ? address(PATH, { ...asked, before: last.id }) : null}
        />
      </>
    ),
  })
}

function Row({ context, row }: { context: DeskContext; row: Approval }) {
  const { texts } = context.ui.frame
  const { act, input, askedBy, askedAt, why } = row
  return (
    <li data-row>
      <div>
        <h2>{actTitle(texts, act)}</h2>
        <dl class="own-facts">
          {Object.entries(input).map(([name, value]) => (
            <>
              <dt>{fieldLabel(texts, name)}</dt>
              <dd>
                {name === 'account' ? (
                  <a href={`${DESK}/customers/${String(value)}`}>{String(value)}</a>
                ) : (
                  <bdi>{valueText(texts, value)}</bdi>
                )}
              </dd>
            </>
          ))}
        </dl>
        <p class="soft small">
          <bdi>{askedBy}</bdi> · <Moment texts={texts} at={askedAt} />
        </p>
        <p class="soft small" lang="en">
          <bdi>{why}</bdi>
        </p>
      </div>
      <Decision context={context} row={row} />
    </li>
  )
}

/** The buttons of whoever may decide; who decided, where somebody has. */
function Decision({ context, row: { id, staffId, accepted, decidedBy, decidedAt } }: { context: DeskContext; row: Approval }) {
  const { texts } = context.ui.frame
  if (decidedAt !== null) {
    return (
      <p class="small">
        <Badge tone={accepted ? 'good' : 'bad'}>{texts.text(accepted ? 'desk.approvals.accepted' : 'desk.approvals.declined')}</Badge>{' '}
        <bdi>{decidedBy}</bdi> · <Moment texts={texts} at={decidedAt} />
      </p>
    )
  }
  const isOwn = staffId === context.staff.staffId
  const link = { context, with: { approval: String(id) }, back: PATH }
  return (
    <div class="buttons">
      {isOwn ? <p class="soft small">{texts.text('desk.approvals.own')}</p> : <ActLink {...link} act={approvalAccept} look="main" />}
      <ActLink {...link} act={approvalDecline} {...(isOwn && { text: texts.text('desk.approvals.takeBack') })} />
    </div>
  )
}
