import { handOffDecide } from '../../../acts/hand-off-decide.ts'
import { orderCancel } from '../../../acts/order-cancel.ts'
import { orderComplete } from '../../../acts/order-complete.ts'
import { orderNote } from '../../../acts/order-note.ts'
import { orderPartial } from '../../../acts/order-partial.ts'
import { orderSendTo } from '../../../acts/order-send-to.ts'
import { orderSet } from '../../../acts/order-set.ts'
import { speedUpAnswer } from '../../../acts/speed-up-answer.ts'
import type { ListedTicket } from '../../../support/tickets.ts'
import type { WholeOrder } from '../../../fulfilment/staff-order.ts'
import type { LogLine } from '../../../staff/log.ts'
import { Status } from '../../ui/order-status.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { Facts, HandOff } from './order-facts.tsx'
import { Beside, Children, Refills, Tickets } from './order-beside.tsx'
import { LogLines, Notes, Timeline } from './order-life.tsx'
import { Price } from './price.tsx'

interface BesideOrder {
  readonly lines: readonly LogLine[]
  /** Those about it, if the reader may see them. */
  readonly tickets: readonly ListedTicket[]
  /** Its customer asked to hurry it, and nobody has answered. */
  readonly isHurried: boolean
}

/** One order: how it stands and what may be done; its life with the words of suppliers; its price; what stands beside it. */
export function orderPage(context: DeskContext, whole: WholeOrder, { lines, tickets, isHurried }: BesideOrder): string {
  const { texts } = context.ui.frame
  const { order } = whole
  const id = order.id.toString()
  const notes = lines.filter(({ act }) => act === orderNote.name)
  return deskPage(context, {
    title: texts.text('app.orderNumber', { id }),
    actions: <Acts context={context} whole={whole} isHurried={isHurried} />,
    lead: (
      <>
        <Status texts={texts} status={order.status} /> {isHurried && <strong>{texts.text('tickets.speedUp.asked')}</strong>}
      </>
    ),
    children: (
      <div class="desk-order" data-live-region={`order-${id}`}>
        <div class="order-main">
          <Facts texts={texts} whole={whole} />
          <Notes context={context} id={order.id} notes={notes} />
          <Timeline texts={texts} steps={whole.steps} />
        </div>
        <div class="order-side">
          <HandOff texts={texts} whole={whole} />
          <Price texts={texts} currency={order.currency} explanation={whole.explanation} />
          <Children texts={texts} whole={whole} />
          <Refills texts={texts} refills={whole.refills} />
          <Tickets texts={texts} tickets={tickets} />
          <Beside texts={texts} orders={whole.sameLink} />
          {context.staff.may.has('log.read') && <LogLines texts={texts} lines={lines} />}
        </div>
      </div>
    ),
  })
}

/** The acts that fit the order as it stands. The acts themselves decide: a refusal is told in the form. */
function Acts({
  context,
  whole: { order },
  isHurried,
}: {
  readonly context: DeskContext
  readonly whole: WholeOrder
  readonly isHurried: boolean
}) {
  const id = order.id.toString()
  const given = { context, with: { order: id }, back: `/desk/orders/${id}` }
  const isUndecided = order.handOff === 'unconfirmed' || order.handOff === 'attention'
  return (
    <>
      {isUndecided && !order.ended && <ActLink {...given} act={handOffDecide} look="main" />}
      {isHurried && !order.ended && <ActLink {...given} act={speedUpAnswer} look="main" />}
      {!order.ended && order.kind === 'single' && (
        <>
          <ActLink {...given} act={orderComplete} />
          <ActLink {...given} act={orderPartial} />
          <ActLink {...given} act={orderSet} />
          <ActLink {...given} act={orderSendTo} />
        </>
      )}
      {!order.ended && <ActLink {...given} act={orderCancel} look="bad" />}
      <ActLink {...given} act={orderNote} />
    </>
  )
}
