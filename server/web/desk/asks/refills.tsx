import { refillAccept } from '../../../acts/refill-accept.ts'
import { refillAskAgain } from '../../../acts/refill-ask-again.ts'
import { refillDecline } from '../../../acts/refill-decline.ts'
import type { RefillAsked } from '../../../fulfilment/asks.ts'
import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Moment, OpenLink } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { AskTabs } from './tabs.tsx'

const PATH = `${DESK}/refills`

interface RefillsView {
  readonly status: RefillAsked['status'] | null
  readonly rows: readonly RefillAsked[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** The refills of all accounts that have not ended, those that wait longest first. */
export function refillsPage(context: DeskContext, { status, rows, hasMore, isFirst }: RefillsView): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.place.refills'),
    children: (
      <>
        <AskTabs context={context} here="refills" />
        <p class="asks-filter">
          <a href={PATH} aria-current={status === null ? 'page' : undefined}>
            {texts.text('desk.asks.all')}
          </a>
          <a href={address(PATH, { status: 'Pending' })} aria-current={status === 'Pending' ? 'page' : undefined}>
            {texts.text('desk.asks.pending')}
          </a>
          <a href={address(PATH, { status: 'In progress' })} aria-current={status === 'In progress' ? 'page' : undefined}>
            {texts.text('desk.asks.inProgress')}
          </a>
        </p>
        <div data-live-region="refills">
          {rows.length === 0 ? (
            <Empty title={texts.text('desk.asks.noRefills')} text={texts.text('desk.asks.none.next')} />
          ) : (
            <div class="scroll">
              <Rows context={context} rows={rows} back={address(PATH, { status })} />
            </div>
          )}
        </div>
        <PageLinks
          links={[
            { href: isFirst ? null : address(PATH, { status }), text: texts.text('desk.work.first') },
            { href: hasMore ? address(PATH, { status, after: rows.at(-1)!.refill }) : null, text: texts.text('desk.work.next') },
          ]}
        />
      </>
    ),
  })
}

function Rows({ context, rows, back }: { context: DeskContext; rows: readonly RefillAsked[]; back: string }) {
  const { texts } = context.ui.frame
  return (
    <table class="desk-asks">
      <caption class="visually-hidden">{texts.text('desk.asks.refills')}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.text('desk.asks.refill')}</th>
          <th scope="col">{texts.text('desk.work.service')}</th>
          <th scope="col">{texts.text('desk.asks.askedAt')}</th>
          <th scope="col">{texts.text('desk.asks.supplierSays')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={String(row.refill)} context={context} row={row} back={back} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ context, row, back }: { context: DeskContext; row: RefillAsked; back: string }) {
  const { texts } = context.ui.frame
  const refill = String(row.refill)
  const isBusy = row.status === 'In progress'
  return (
    <tr data-row>
      <th scope="row">
        <a href={`${DESK}/orders/${row.order}`}>{texts.text('desk.asks.refillOf', { refill, order: String(row.order) })}</a>
        <br />
        <Badge tone={isBusy ? 'busy' : 'idle'}>{texts.text(isBusy ? 'desk.asks.inProgress' : 'desk.asks.pending')}</Badge>
      </th>
      <td class="link">
        {row.service} <bdi>{row.service_name}</bdi>
        <br />
        <bdi dir="ltr" class="small">
          <OpenLink link={row.link} />
        </bdi>
      </td>
      <td>
        <Moment texts={texts} at={row.asked_at} />
        <br />
        <span class="small soft">{texts.text('desk.asks.account', { account: String(row.account) })}</span>
      </td>
      <td>
        <bdi>{row.supplier ?? '–'}</bdi> <span class="small soft">{texts.text(`desk.asks.state.${row.state ?? 'none'}`)}</span>
        {row.words !== null && (
          <>
            <br />
            <q lang="en">{row.words}</q>
          </>
        )}
      </td>
      <td class="acts-of-a-row">
        {!isBusy && <ActLink context={context} act={refillAccept} with={{ refill }} back={back} look="small" />}
        <ActLink
          context={context}
          act={refillAccept}
          with={{ refill, done: 'yes' }}
          back={back}
          look="small"
          text={texts.text('desk.asks.done')}
        />
        <ActLink context={context} act={refillDecline} with={{ refill }} back={back} look="small" />
        {row.their_refill !== 'manual' && <ActLink context={context} act={refillAskAgain} with={{ refill }} back={back} look="small" />}
      </td>
    </tr>
  )
}
