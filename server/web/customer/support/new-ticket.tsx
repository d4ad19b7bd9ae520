import { isKindAtOnce, LONGEST_SUBJECT, MOST_ORDERS, ticketKinds } from '../../../support/kinds.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Choice, Choices } from '../../ui/choice.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { LinesArea } from '../../ui/labelled.tsx'
import { Status } from '../../ui/order-status.tsx'
import { FormFault } from '../../ui/parts.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import { kindText } from '../../ui/ticket-words.tsx'
import { PicturesField, picturesHint } from '../../ui/pictures-field.tsx'
import { WordsArea } from '../../ui/words-area.tsx'
import { appPage } from '../app-frame.tsx'
import type { NewTicketForm } from './new-form.ts'
import type { OrderOfTicket } from './named-orders.ts'

interface NewTicketView {
  readonly form: NewTicketForm
  readonly chosen: readonly OrderOfTicket[]
  /** More orders to choose from. */
  readonly offered: readonly OrderOfTicket[]
  readonly faults: Faults
}

/** What the reader wants, about which orders, and the words of a ticket where it needs one. */
export function newTicketPage(ui: PageUi, { form, chosen, offered, faults }: NewTicketView): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('tickets.new'),
    script: 'support',
    children: (
      <form method="post" action="/support/new" enctype="multipart/form-data" class="form new-ticket">
        <input type="hidden" name="csrf" value={ui.csrf} />
        <input type="hidden" name="once" value={form.once} />
        <FormFault faults={faults} />
        <Choices legend={texts.text('tickets.kind')} id="kind" fault={faults['kind']}>
          {ticketKinds.map((kind) => (
            <Choice
              key={kind}
              type="radio"
              id={`kind-${kind.replace(' ', '-')}`}
              name="kind"
              value={kind}
              checked={form.kind === kind}
              label={kindText(texts, kind)}
              {...(isKindAtOnce(kind) && { hint: texts.text('tickets.kind.atOnce') })}
            />
          ))}
        </Choices>
        <fieldset class="choices ticket-choose">
          <legend>{texts.text('tickets.orders')}</legend>
          {chosen.length > 0 && <OrderBoxes texts={texts} orders={chosen} checked label={texts.text('tickets.orders.chosen')} />}
          <div class="ticket-find">
            <Field name="find" type="search" label={texts.text('tickets.orders.find')} value={form.find} />
            <Button type="submit" name="step" value="find">
              {texts.text('tickets.find.do')}
            </Button>
          </div>
          {offered.length > 0 && (
            <OrderBoxes texts={texts} orders={offered} label={texts.text(form.find === '' ? 'tickets.orders.newest' : 'tickets.orders.found')} />
          )}
          <LinesArea
            id="orders"
            name="orders"
            rows={2}
            label={texts.text('tickets.orders.paste')}
            hint={texts.text('tickets.orders.paste.hint', { most: MOST_ORDERS })}
            value={form.wrong.join(' ')}
            fault={faults['orders']}
          />
        </fieldset>
        <div class="ticket-words">
          <Field name="subject" label={texts.text('tickets.subject')} value={form.subject} fault={faults['subject']} hint={texts.text('tickets.subject.hint', { most: LONGEST_SUBJECT })} />
          <WordsArea id="text" name="text" rows={6} label={texts.text('tickets.text')} value={form.text} fault={faults['text']} />
          <PicturesField texts={texts} hint={picturesHint(texts)} fault={faults['pictures']} />
        </div>
        <div class="buttons">
          <Button type="submit" look="main" name="step" value="do" class="do-at-once">
            {texts.text('tickets.doAtOnce')}
          </Button>
          <Button type="submit" look="main" name="step" value="write" class="write-ticket send">
            {texts.text('tickets.open')}
          </Button>
        </div>
      </form>
    ),
  }) // prettier-ignore
}

interface OrderBoxesProps {
  readonly texts: Texts
  readonly orders: readonly OrderOfTicket[]
  readonly checked?: true
  readonly label: string
}

function OrderBoxes({ texts, orders, checked, label }: OrderBoxesProps) {
  return (
    <div class="order-boxes" role="group" aria-label={label}>
      <p class="soft small">{label}</p>
      {orders.map(({ order, name }) => (
        <Choice
          key={order.id}
          type="checkbox"
          id={`order-${order.id}`}
          name={`order-${order.id}`}
          checked={checked === true}
          label={
            <>
              {texts.text('app.orderNumber', { id: order.id.toString() })} <Status texts={texts} status={order.status} />
            </>
          }
          hint={
            <>
              <bdi>{name}</bdi> · <bdi dir="ltr">{order.link}</bdi>
            </>
          }
        />
      ))}
    </div>
  )
}
