import { cancelAskAgain } from '../../../acts/cancel-ask-again.ts'
import { cancelDecline } from '../../../acts/cancel-decline.ts'
import { orderCancel } from '../../../acts/order-cancel.ts'
import { orderPartial } from '../../../acts/order-partial.ts'
import type { CancelAsked } from '../../../fulfilment/asks.ts'
import { address } from '../../ui/page-links.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { AskedAt, LinkBelow, Remains, ServiceAnd, SupplierSays, WaitingList } from '../waiting-list.tsx'
import { AskTabs } from './tabs.tsx'

const PATH = `${DESK}/cancels`

interface CancelsView {
  readonly supplierId: number | null
  readonly rows: readonly CancelAsked[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** Open orders of all accounts whose cancel was asked for, the newest request first. */
export function cancelsPage(context: DeskContext, { supplierId, rows, hasMore, isFirst }: CancelsView): string {
  const { texts } = context.ui.frame
  const back = address(PATH, { supplier: supplierId })
  return deskPage(context, {
    title: texts.text('desk.place.refills'),
    children: (
      <>
        <AskTabs context={context} here="cancels" />
        <WaitingList
          texts={texts}
          region="cancels"
          caption={texts.text('desk.asks.cancels')}
          rows={rows}
          none={{ title: texts.text('desk.asks.noCancels'), text: texts.text('desk.asks.none.next') }}
          first={isFirst ? null : back}
          next={hasMore ? address(PATH, { supplier: supplierId, before: rows.at(-1)!.order }) : null}
          columns={[
            { heading: texts.text('desk.work.order'), cell: ({ order }) => <a href={`${DESK}/orders/${order}`}>{String(order)}</a> },
            {
              heading: texts.text('desk.work.service'),
              look: 'link',
              cell: (row) => (
                <ServiceAnd row={row}>
                  <LinkBelow link={row.link} />
                </ServiceAnd>
              ),
            },
            { heading: texts.text('desk.work.remains'), look: 'figures', cell: (row) => <Remains texts={texts} row={row} /> },
            { heading: texts.text('desk.asks.askedAt'), cell: (row) => <AskedAt texts={texts} row={row} /> },
            { heading: texts.text('desk.asks.supplierSays'), cell: (row) => <SupplierSays row={row} stands={standsText(context, row)} /> },
            { heading: null, look: 'acts-of-a-row', cell: (row) => <Acts context={context} row={row} back={back} /> },
          ]}
        />
      </>
    ),
  })
}

/** Whether the supplier knows of it; its own words say more. */
function standsText({ ui }: DeskContext, { words, told }: CancelAsked): string | null {
  return words === null ? ui.frame.texts.text(told ? 'desk.asks.told' : 'desk.asks.notTold') : null
}

function Acts({ context, row, back }: { context: DeskContext; row: CancelAsked; back: string }) {
  const { texts } = context.ui.frame
  const order = String(row.order)
  const isSingle = row.kind === 'single'
  const look = 'small'
  return (
    <>
      {isSingle && (
        <ActLink
          context={context}
          act={orderCancel}
          with={{ order, refund_now: 'yes' }}
          back={back}
          look={look}
          text={texts.text('desk.asks.cancelNow')}
        />
      )}
      {isSingle && (
        <ActLink
          context={context}
          act={orderPartial}
          with={{ order, remains: String(row.remains) }}
          back={back}
          look={look}
          text={texts.text('desk.asks.endInPart')}
        />
      )}
      <ActLink context={context} act={cancelDecline} with={{ order }} back={back} look={look} />
      {row.protocol !== 'manual' && row.state === 'sent' && (
        <ActLink context={context} act={cancelAskAgain} with={{ order }} back={back} look={look} />
      )}
    </>
  )
}
