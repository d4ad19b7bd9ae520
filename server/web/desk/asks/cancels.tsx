import { cancelAskAgain } from '../../../acts/cancel-ask-again.ts'
import { cancelDecline } from '../../../acts/cancel-decline.ts'
import { orderCancel } from '../../../acts/order-cancel.ts'
import { orderPartial } from '../../../acts/order-partial.ts'
import type { CancelAsked } from '../../../fulfilment/asks.ts'
import { countText } from '../../ui/figures.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Moment, OpenLink } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { AskTabs } from './tabs.tsx'

const PATH = `${DESK}/cancels`

interface CancelsView {
  readonly supplierId: number | null
  readonly rows: readonly CancelAsked[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** Open orders of all accounts whose cancel was asked for, the oldest first. */
export function cancelsPage(context: DeskContext, { supplierId, rows, hasMore, isFirst }: CancelsView): string {
  const { texts } = context.ui.frame
  const back = address(PATH, { supplier: supplierId })
  return deskPage(context, {
    title: texts.text('desk.place.refills'),
    children: (
      <>
        <AskTabs context={context} here="cancels" />
        <div data-live-region="cancels">
          {rows.length === 0 ? (
            <Empty title={texts.text('desk.asks.noCancels')} text={texts.text('desk.asks.none.next')} />
          ) : (
            <div class="scroll">
              <Rows context={context} rows={rows} back={back} />
            </div>
          )}
        </div>
        <PageLinks
          links={[
            { href: isFirst ? null : back, text: texts.text('desk.work.first') },
            {
              href: hasMore ? address(PATH, { supplier: supplierId, after: rows.at(-1)!.order }) : null,
              text: texts.text('desk.work.next'),
            },
          ]}
        />
      </>
    ),
  })
}

function Rows({ context, rows, back }: { context: DeskContext; rows: readonly CancelAsked[]; back: string }) {
  const { texts } = context.ui.frame
  return (
    <table class="desk-asks">
      <caption class="visually-hidden">{texts.text('desk.asks.cancels')}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.text('desk.work.order')}</th>
          <th scope="col">{texts.text('desk.work.service')}</th>
          <th scope="col" class="figures">
            {texts.text('desk.work.remains')}
          </th>
          <th scope="col">{texts.text('desk.asks.askedAt')}</th>
          <th scope="col">{texts.text('desk.asks.supplierSays')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={String(row.order)} context={context} row={row} back={back} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ context, row, back }: { context: DeskContext; row: CancelAsked; back: string }) {
  const { texts } = context.ui.frame
  const order = String(row.order)
  const isSingle = row.kind === 'single'
  const told = row.words === null && (row.told ? 'desk.asks.told' : 'desk.asks.notTold')
  return (
    <tr data-row>
      <th scope="row">
        <a href={`${DESK}/orders/${order}`}>{order}</a>
      </th>
      <td class="link">
        {row.service} <bdi>{row.service_name}</bdi>
        <br />
        <bdi dir="ltr" class="small">
          <OpenLink link={row.link} />
        </bdi>
      </td>
      <td class="figures">
        {countText(texts, row.remains)}
        <br />
        <span class="small soft">{texts.text('desk.work.of', { quantity: countText(texts, row.quantity) })}</span>
      </td>
      <td>
        <Moment texts={texts} at={row.asked_at} />
        <br />
        <span class="small soft">{texts.text('desk.asks.account', { account: String(row.account) })}</span>
      </td>
      <td>
        <bdi>{row.supplier ?? '–'}</bdi> {told && <span class="small soft">{texts.text(told)}</span>}
        {row.words !== null && (
          <>
            <br />
            <q lang="en">{row.words}</q>
          </>
        )}
      </td>
      <td class="acts-of-a-row">
        {isSingle && (
          <ActLink
            context={context}
            act={orderCancel}
            with={{ order, refund_now: 'yes' }}
            back={back}
            look="small"
            text={texts.text('desk.asks.cancelNow')}
          />
        )}
        {isSingle && (
          <ActLink
            context={context}
            act={orderPartial}
            with={{ order, remains: String(row.remains) }}
            back={back}
            look="small"
            text={texts.text('desk.asks.endInPart')}
          />
        )}
        <ActLink context={context} act={cancelDecline} with={{ order }} back={back} look="small" />
        {row.protocol !== 'manual' && row.state === 'sent' && (
          <ActLink context={context} act={cancelAskAgain} with={{ order }} back={back} look="small" />
        )}
      </td>
    </tr>
  )
}
