import { refillAccept } from '../../../acts/refill-accept.ts'
import { refillAskAgain } from '../../../acts/refill-ask-again.ts'
import { refillDecline } from '../../../acts/refill-decline.ts'
import type { RefillAsked } from '../../../fulfilment/asks.ts'
import { Badge } from '../../ui/badge.tsx'
import { address } from '../../ui/page-links.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { AskedAt, LinkBelow, ServiceAnd, SupplierSays, WaitingList } from '../waiting-list.tsx'
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
  const back = address(PATH, { status })
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
        <WaitingList
          texts={texts}
          region="refills"
          caption={texts.text('desk.asks.refills')}
          rows={rows}
          none={{ title: texts.text('desk.asks.noRefills'), text: texts.text('desk.asks.none.next') }}
          first={isFirst ? null : back}
          next={hasMore ? address(PATH, { status, after: rows.at(-1)!.refill }) : null}
          columns={[
            { heading: texts.text('desk.asks.refill'), cell: (row) => <Name context={context} row={row} /> },
            {
              heading: texts.text('desk.work.service'),
              look: 'link',
              cell: (row) => (
                <ServiceAnd row={row}>
                  <LinkBelow link={row.link} />
                </ServiceAnd>
              ),
            },
            { heading: texts.text('desk.asks.askedAt'), cell: (row) => <AskedAt texts={texts} row={row} /> },
            {
              heading: texts.text('desk.asks.supplierSays'),
              cell: (row) => <SupplierSays row={row} stands={texts.text(`desk.asks.state.${row.state ?? 'none'}`)} />,
            },
            { heading: null, look: 'acts-of-a-row', cell: (row) => <Acts context={context} row={row} back={back} /> },
          ]}
        />
      </>
    ),
  })
}

function Name({ context, row }: { context: DeskContext; row: RefillAsked }) {
  const { texts } = context.ui.frame
  const isBusy = row.status === 'In progress'
  return (
    <>
      <a href={`${DESK}/orders/${row.order}`}>
        {texts.text('desk.asks.refillOf', { refill: String(row.refill), order: String(row.order) })}
      </a>
      <br />
      <Badge tone={isBusy ? 'busy' : 'idle'}>{texts.text(isBusy ? 'desk.asks.inProgress' : 'desk.asks.pending')}</Badge>
    </>
  )
}

function Acts({ context, row, back }: { context: DeskContext; row: RefillAsked; back: string }) {
  const { texts } = context.ui.frame
  const refill = String(row.refill)
  const text = texts.text('desk.asks.done')
  return (
    <>
      {row.status === 'Pending' && <ActLink context={context} act={refillAccept} with={{ refill }} back={back} look="small" />}
      <ActLink context={context} act={refillAccept} with={{ refill, done: 'yes' }} back={back} look="small" text={text} />
      <ActLink context={context} act={refillDecline} with={{ refill }} back={back} look="small" />
      {row.their_refill !== 'manual' && <ActLink context={context} act={refillAskAgain} with={{ refill }} back={back} look="small" />}
    </>
  )
}
