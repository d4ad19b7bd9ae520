import { paymentDecide } from '../../../acts/payment-decide.ts'
import type { ReceiptRow } from '../../../payments/receipts.ts'
import { Empty } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { NewestLinks } from '../newest-links.tsx'
import { PaymentsTabs } from './payments-tabs.tsx'
import { Evidence } from './receipts.tsx'
import { Paid } from './words.tsx'

interface WithoutPayerView {
  readonly rows: readonly ReceiptRow[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

const PATH = `${DESK}/payments/without-payer`

/** Money that came, and nobody knows who sent it. */
export function withoutPayerPage(context: DeskContext, { rows, hasMore, isFirst }: WithoutPayerView): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.payments.withoutPayer'),
    lead: texts.text('desk.payments.withoutPayer.lead'),
    children: (
      <>
        <PaymentsTabs context={context} tab="/payments/without-payer" />
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.payments.withoutPayer.none')} text={texts.text('desk.payments.withoutPayer.none.text')} />
        ) : (
          <ul class="rows desk-receipts">
            {rows.map((row) => (
              <Row key={row.id} context={context} row={row} />
            ))}
          </ul>
        )}
        <NewestLinks texts={texts} newest={isFirst ? null : PATH} older={hasMore ? address(PATH, { before: rows.at(-1)!.id }) : null} />
      </>
    ),
  })
}

function Row({ context, row }: { readonly context: DeskContext; readonly row: ReceiptRow }) {
  const { texts } = context.ui.frame
  const receipt = String(row.id)
  return (
    <li data-row>
      <div>
        <h2>
          <Paid texts={texts} amount={row.amount} currency={row.currency} /> · <bdi>{row.method}</bdi>
        </h2>
        <p class="small soft">
          <Moment texts={texts} at={row.at} /> · <bdi dir="ltr">{row.theirId}</bdi>
        </p>
        <Evidence context={context} receipt={row} />
        <p class="buttons">
          <ActLink context={context} act={paymentDecide} with={{ receipt, decision: 'credit' }} back={PATH} text={texts.text('desk.payments.credit')} look="main" />
          <ActLink context={context} act={paymentDecide} with={{ receipt, decision: 'match' }} back={PATH} text={texts.text('desk.payments.match')} />
          <ActLink context={context} act={paymentDecide} with={{ receipt, decision: 'refuse' }} back={PATH} text={texts.text('desk.payments.refuse')} look="bad" />
        </p>
      </div>
    </li>
  ) // prettier-ignore
}
