import { orderCancel } from '../../../acts/order-cancel.ts'
import { speedUpAnswer } from '../../../acts/speed-up-answer.ts'
import { ticketMerge, ticketPart } from '../../../acts/ticket-merge.ts'
import { ticketSet } from '../../../acts/ticket-set.ts'
import type { StaffOrder } from '../../../fulfilment/all-orders.ts'
import type { OrderStep } from '../../../fulfilment/staff.ts'
import { priorities, ticketKinds } from '../../../support/kinds.ts'
import { countText } from '../../ui/figures.tsx'
import { Button } from '../../ui/form.tsx'
import { Status } from '../../ui/order-status.tsx'
import { Form, OpenLink } from '../../ui/parts.tsx'
import { kindText, ticketTitle, TicketStateBadge } from '../../ui/ticket-words.tsx'
import { ActLink } from '../act-link.tsx'
import { optionLabel } from '../act-words.ts'
import { DESK, type DeskContext } from '../desk.ts'
import { Said, Steps } from '../orders/order-life.tsx'
import { FactList, Part } from '../orders/part.tsx'
import { Select } from '../select.tsx'
import { TICKETS } from './asked.ts'
import type { TicketView } from './ticket-view.ts'

interface SideProps {
  readonly context: DeskContext
  readonly view: TicketView
}

/** What stands beside the text: who answers and how urgent it is, the orders with their timelines, and the customer's other tickets. */
export function TicketSide({ context, view }: SideProps) {
  return (
    <div class="ticket-side">
      <Sort context={context} view={view} />
      <div data-live-region="ticket-orders" class="ticket-side-orders">
        <Orders context={context} view={view} />
      </div>
      <Others context={context} view={view} />
    </div>
  )
}

function Sort({ context, view: { ticket, people } }: SideProps) {
  const { ui, staff } = context
  const { texts } = ui.frame
  if (!staff.may.has(ticketSet.permission)) {
    return (
      <Part title={texts.text('desk.act.ticket-set')}>
        <FactList
          facts={[
            [texts.text('desk.field.assignee'), <bdi key="assignee">{ticket.assigneeName ?? texts.text('desk.tickets.nobody')}</bdi>],
            [texts.text('desk.field.priority'), optionLabel(texts, ticket.priority)],
          ]}
        />
      </Part>
    )
  }
  // Whoever has it stays in the list, also when they have left or may not answer any more.
  const isListed = ticket.assignee === null || people.some(({ id }) => id === ticket.assignee)
  const own = isListed ? [] : [[String(ticket.assignee), ticket.assigneeName ?? String(ticket.assignee)] as const]
  return (
    <Part title={texts.text('desk.act.ticket-set')}>
      <Form ui={ui} action={`${TICKETS}/${ticket.id}/sort`} class="ticket-sort">
        <Select
          name="assignee"
          label={texts.text('desk.field.assignee')}
          value={String(ticket.assignee ?? '')}
          options={[['', texts.text('desk.tickets.nobody')], ...own, ...people.map(({ id, name }) => [String(id), name] as const)]}
        />
        <Select
          name="priority"
          label={texts.text('desk.field.priority')}
          value={ticket.priority}
          options={priorities.map((priority) => [priority, optionLabel(texts, priority)] as const)}
        />
        <Select
          name="kind"
          label={texts.text('desk.field.kind')}
          value={ticket.kind}
          options={ticketKinds.map((kind) => [kind, kindText(texts, kind)] as const)}
        />
        <Button type="submit">{texts.text('desk.tickets.save')}</Button>
      </Form>
    </Part>
  )
}

function Orders({ context, view: { ticket, orders, details, steps, hurried } }: SideProps) {
  const { texts } = context.ui.frame
  if (orders.length === 0) return null
  return (
    <Part title={texts.text('tickets.orders')}>
      <ul class="ticket-side-list">
        {orders.map((order) => (
          <li key={order.id}>
            <OneOrder
              context={context}
              order={order}
              words={details.get(order.id)?.handOff?.words ?? null}
              steps={steps.get(order.id) ?? []}
              isHurried={hurried.has(order.id)}
              back={`${TICKETS}/${ticket.id}`}
            />
          </li>
        ))}
      </ul>
    </Part>
  )
}

interface OneOrderProps {
  readonly context: DeskContext
  readonly order: StaffOrder
  /** What its supplier said last, and how it went; of the first orders only, where there are many. */
  readonly words: string | null
  readonly steps: readonly OrderStep[]
  readonly isHurried: boolean
  readonly back: string
}

function OneOrder({ context, order, words, steps, isHurried, back }: OneOrderProps) {
  const { texts } = context.ui.frame
  const id = order.id.toString()
  return (
    <>
      <p>
        <a href={`${DESK}/orders/${id}`}>{texts.text('app.orderNumber', { id })}</a> <Status texts={texts} status={order.status} />
        {isHurried && <strong> {texts.text('tickets.speedUp.asked')}</strong>}
      </p>
      <p class="small soft">
        <bdi>{order.serviceName}</bdi> · {countText(texts, order.quantity - order.remains)} / {countText(texts, order.quantity)}
        <br />
        <bdi dir="ltr">
          <OpenLink link={order.link} />
        </bdi>
      </p>
      {order.supplier !== null && (
        <p class="small">
          <bdi>{order.supplier}</bdi> {order.reference !== null && <code dir="ltr">{order.reference}</code>} <Said words={words} />
        </p>
      )}
      {steps.length > 0 && (
        <details class="fold">
          <summary>{texts.text('desk.orders.part.timeline')}</summary>
          <Steps texts={texts} steps={steps} />
        </details>
      )}
      <div class="buttons">
        {isHurried && <ActLink context={context} act={speedUpAnswer} with={{ order: id }} back={back} look="small" />}
        {!order.ended && <ActLink context={context} act={orderCancel} with={{ order: id }} back={back} look="small" />}
      </div>
    </>
  )
}

function Others({ context, view: { ticket, others, merged } }: SideProps) {
  const { texts } = context.ui.frame
  const back = `${TICKETS}/${ticket.id}`
  return (
    <Part title={texts.text('desk.tickets.others')}>
      {others.length === 0 && <p class="soft">{texts.text('desk.tickets.noOthers')}</p>}
      <ul class="ticket-side-list">
        {others.map((other) => (
          <li key={other.id}>
            <p>
              <a href={`${TICKETS}/${other.id}`}>
                <bdi>
                  {texts.text('tickets.number', { id: other.id.toString() })} · {ticketTitle(texts, other)}
                </bdi>
              </a>{' '}
              <TicketStateBadge texts={texts} state={other.state} side="staff" />
            </p>
            <ActLink
              context={context}
              act={ticketMerge}
              with={{ ticket: String(ticket.id), into: String(other.id) }}
              back={`${TICKETS}/${other.id}`}
              text={texts.text('desk.tickets.mergeInto')}
              look="small"
            />
          </li>
        ))}
      </ul>
      {merged.map((id) => (
        <ActLink
          key={id}
          context={context}
          act={ticketPart}
          with={{ ticket: String(id) }}
          back={back}
          text={texts.text('desk.tickets.takeOut', { ticket: id.toString() })}
          look="small"
        />
      ))}
    </Part>
  )
}
