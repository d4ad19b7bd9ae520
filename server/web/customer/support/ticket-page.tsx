import { randomUUID } from 'node:crypto'
import type { MessageKey } from '../../../../contract/message.ts'
import type { TicketMessage } from '../../../support/messages.ts'
import type { Ticket } from '../../../support/tickets.ts'
import type { Texts } from '../../../texts/texts.ts'
import { MessagePictures } from '../../ui/message-pictures.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Status } from '../../ui/order-status.tsx'
import { address } from '../../ui/page-links.tsx'
import { Form, FormFault, Moment, Submit } from '../../ui/parts.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import { PlainText } from '../../ui/plain-text.tsx'
import { eventText, kindText, TicketStateBadge } from '../../ui/ticket-words.tsx'
import { PicturesField, picturesHint } from '../../ui/pictures-field.tsx'
import { WordsArea } from '../../ui/words-area.tsx'
import { appPage } from '../app-frame.tsx'
import type { OrderOfTicket } from './named-orders.ts'

interface TicketView {
  readonly ticket: Ticket
  readonly messages: readonly TicketMessage[]
  /** The message before which there are older ones. */
  readonly older: bigint | null
  readonly isNewest: boolean
  readonly orders: readonly OrderOfTicket[]
  /** The numbers of tickets that were merged into this one. */
  readonly merged: readonly bigint[]
}

const DONE: Readonly<Record<string, MessageKey>> = {
  opened: 'tickets.done.opened',
  sent: 'tickets.done.sent',
  closed: 'tickets.done.closed',
  reopened: 'tickets.done.reopened',
}

/** One ticket: what it is about, what both sides wrote, and the reader's turn. */
export function ticketPage(
  ui: PageUi,
  view: TicketView,
  said: { readonly text: string; readonly faults: Faults },
  done: string | null,
): string {
  const { texts } = ui.frame
  const { ticket, messages, older, isNewest, orders, merged } = view
  const id = ticket.id.toString()
  const isRefused = Object.keys(said.faults).length > 0
  const confirmed = !isRefused && done !== null && Object.hasOwn(DONE, done) ? DONE[done] : undefined
  return appPage({
    ui,
    title: texts.text('tickets.number', { id }),
    done: confirmed && texts.text(confirmed),
    script: 'support',
    children: (
      <div class="one-ticket">
        <div class="ticket-head" data-live-region="ticket-head">
          <p>
            <TicketStateBadge texts={texts} state={ticket.state} side="customer" /> <span>{kindText(texts, ticket.kind)}</span>
          </p>
          {ticket.subject !== '' && (
            <p class="ticket-subject">
              <bdi>{ticket.subject}</bdi>
            </p>
          )}
          {merged.length > 0 && (
            <p class="soft small">{texts.text('tickets.with', { tickets: merged.map(String).join(', '), count: merged.length })}</p>
          )}
          <OrdersOfTicket texts={texts} orders={orders} />
        </div>
        {older !== null && (
          <p>
            <a href={address(`/support/${id}`, { before: older })}>{texts.text('tickets.older')}</a>
          </p>
        )}
        <p class="visually-hidden ticket-news" role="status" data-news={texts.text('tickets.newAnswer')} />
        <div data-live-region="messages">
          <ol class="messages" aria-label={texts.text('tickets.messages')}>
            {messages.map((message) => (
              <Message key={message.id} ui={ui} message={message} ticketId={ticket.id} />
            ))}
          </ol>
        </div>
        {isNewest ? (
          <Reply ui={ui} ticket={ticket} text={said.text} faults={said.faults} />
        ) : (
          <p>
            <a class="button plain" href={`/support/${id}`}>
              {texts.text('app.newest')}
            </a>
          </p>
        )}
      </div>
    ),
  })
}

function OrdersOfTicket({ texts, orders }: { readonly texts: Texts; readonly orders: readonly OrderOfTicket[] }) {
  if (orders.length === 0) return null
  return (
    <ul class="ticket-orders" aria-label={texts.text('app.orders')}>
      {orders.map(({ order, name }) => (
        <li key={order.id}>
          <a href={`/orders/${order.id}`}>{texts.text('app.orderNumber', { id: order.id.toString() })}</a>{' '}
          <Status texts={texts} status={order.status} />{' '}
          <span class="soft small">
            <bdi>{name}</bdi>
          </span>
        </li>
      ))}
    </ul>
  )
}

function Message({ ui, message, ticketId }: { readonly ui: PageUi; readonly message: TicketMessage; readonly ticketId: bigint }) {
  const { texts, house } = ui.frame
  const { side, text, at, pictures } = message
  if (side === 'event') {
    return (
      <li class="message event">
        <p class="soft small">
          {eventText(texts, text)} · <Moment texts={texts} at={at} />
        </p>
      </li>
    )
  }
  return (
    <li class={`message ${side === 'customer' ? 'own' : 'other'}`} id={`message-${message.id}`}>
      <p class="message-head">
        <strong>{side === 'customer' ? texts.text('tickets.you') : <bdi>{house.name}</bdi>}</strong>{' '}
        <span class="soft small">
          <Moment texts={texts} at={at} />
        </span>
      </p>
      {text !== '' && <PlainText text={text} />}
      <MessagePictures texts={texts} ticket={`/support/${ticketId}`} pictures={pictures} />
    </li>
  )
}

function Reply({
  ui,
  ticket,
  text,
  faults,
}: {
  readonly ui: PageUi
  readonly ticket: Ticket
  readonly text: string
  readonly faults: Faults
}) {
  const { texts } = ui.frame
  const here = `/support/${ticket.id}`
  const isClosed = ticket.state === 'closed'
  return (
    <section class="ticket-reply" aria-label={texts.text('tickets.reply')} id="reply">
      {isClosed && <Notice mood="plain">{texts.text('tickets.closed.text')}</Notice>}
      <form method="post" action={`${here}/reply`} enctype="multipart/form-data" class="form">
        <input type="hidden" name="csrf" value={ui.csrf} />
        <input type="hidden" name="once" value={randomUUID()} />
        <FormFault faults={faults} />
        <WordsArea id="text" name="text" rows={5} label={texts.text('tickets.text')} value={text} fault={faults['text']} />
        <PicturesField texts={texts} hint={picturesHint(texts)} fault={faults['pictures']} />
        <Submit>{texts.text('tickets.send')}</Submit>
      </form>
      <div data-live-region="ticket-turn">
        <Form ui={ui} action={`${here}/${isClosed ? 'reopen' : 'close'}`} class="ticket-turn">
          <Submit look="plain">{texts.text(isClosed ? 'tickets.reopen' : 'tickets.close')}</Submit>
        </Form>
      </div>
    </section>
  )
}
