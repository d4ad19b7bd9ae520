import { ticketClose, ticketReopen } from '../../../acts/ticket-close.ts'
import type { TicketMessage } from '../../../support/messages.ts'
import type { Ticket } from '../../../support/tickets.ts'
import { Icon } from '../../ui/icon.tsx'
import { MessagePictures } from '../../ui/message-pictures.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import { eventText, kindText, TicketStateBadge } from '../../ui/ticket-words.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { TICKETS } from './asked.ts'
import { AtOnce } from './queue.tsx'
import { ReplyBox } from './reply-box.tsx'
import { TicketSide } from './ticket-side.tsx'
import type { TicketView } from './ticket-view.ts'

/** One ticket: what both sides wrote and what staff noted, the answer, and beside it the orders with their suppliers' words. */
export function ticketPage(context: DeskContext, view: TicketView): string {
  const { texts } = context.ui.frame
  const { ticket, merged } = view
  const id = ticket.id.toString()
  const here = `${TICKETS}/${id}`
  return deskPage(context, {
    title: texts.text('tickets.number', { id }),
    script: 'desk-ticket',
    actions: <Actions context={context} ticket={ticket} back={here} />,
    lead: (
      <>
        <TicketStateBadge texts={texts} state={ticket.state} side="staff" /> {kindText(texts, ticket.kind)} ·{' '}
        <a href={`${DESK}/customers/${ticket.accountId}`}>
          <bdi>{ticket.email}</bdi>
        </a>
        {ticket.waitingSince !== null && (
          <>
            {' · '}
            {texts.text('desk.tickets.since')} <Moment texts={texts} at={ticket.waitingSince} />
          </>
        )}
      </>
    ),
    children: (
      <div class="desk-ticket">
        <div class="ticket-main">
          {ticket.subject !== '' && (
            <p class="ticket-subject">
              <bdi>{ticket.subject}</bdi>
            </p>
          )}
          {merged.length > 0 && (
            <p class="soft small">{texts.text('tickets.with', { tickets: merged.map(String).join(', '), count: merged.length })}</p>
          )}
          {view.older !== null && <a href={address(here, { before: view.older })}>{texts.text('tickets.older')}</a>}
          <div data-live-region="messages">
            <ol class="messages" aria-label={texts.text('tickets.messages')}>
              {view.messages.map((message) => (
                <Message key={message.id} context={context} message={message} ticketId={ticket.id} />
              ))}
            </ol>
          </div>
          <div class="also-open" data-live-region="writing" role="status">
            {view.writing.map(({ name }) => (
              <p key={name}>
                <Icon name="support" /> {texts.text('desk.tickets.writing', { name })}
              </p>
            ))}
          </div>
          {view.isNewest ? (
            <ReplyBox context={context} view={view} />
          ) : (
            <a class="button plain" href={here}>
              {texts.text('app.newest')}
            </a>
          )}
        </div>
        <TicketSide context={context} view={view} />
      </div>
    ),
  })
}

function Actions({ context, ticket, back }: { readonly context: DeskContext; readonly ticket: Ticket; readonly back: string }) {
  const { texts } = context.ui.frame
  const of = { ticket: String(ticket.id) }
  return (
    <>
      <a class="button plain" href={TICKETS} data-act="u">
        {texts.text('desk.place.tickets')} <kbd class="needs-script">u</kbd>
      </a>
      {ticket.state === 'closed' ? (
        <AtOnce context={context} act={ticketReopen} with={of} letter="o" text={texts.text('tickets.reopen')} back={back} />
      ) : (
        <AtOnce context={context} act={ticketClose} with={of} letter="c" text={texts.text('tickets.close')} back={back} />
      )}
    </>
  )
}

function Message({
  context,
  message,
  ticketId,
}: {
  readonly context: DeskContext
  readonly message: TicketMessage
  readonly ticketId: bigint
}) {
  const { texts } = context.ui.frame
  const { side, text, at, who, pictures } = message
  if (side === 'event') {
    return (
      <li class="message event">
        <p class="soft small">
          {eventText(texts, text)} · <bdi>{who}</bdi> · <Moment texts={texts} at={at} />
        </p>
      </li>
    )
  }
  const look = side === 'note' ? 'note' : side === 'staff' ? 'own' : 'other'
  return (
    <li class={`message ${look}`} id={`message-${message.id}`}>
      <p class="message-head">
        <strong>
          <bdi>{who}</bdi>
        </strong>{' '}
        <span class="soft small">
          {side === 'note' && `${texts.text('desk.tickets.note')} · `}
          <Moment texts={texts} at={at} />
        </span>
      </p>
      {text !== '' && <PlainText text={text} />}
      <MessagePictures texts={texts} ticket={`${TICKETS}/${ticketId}`} pictures={pictures} />
    </li>
  )
}
