import { randomUUID } from 'node:crypto'
import { ticketReply } from '../../../acts/ticket-reply.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { Button } from '../../ui/form.tsx'
import { address } from '../../ui/page-links.tsx'
import { Form } from '../../ui/parts.tsx'
import { PicturesField } from '../../ui/pictures-field.tsx'
import { Prose } from '../../ui/prose.tsx'
import { WordsArea } from '../../ui/words-area.tsx'
import type { DeskContext } from '../desk.ts'
import { TICKETS } from './asked.ts'
import type { TicketView } from './ticket-view.ts'

/** How many saved replies are offered as buttons; the others are in a fold. */
const OFFERED = 6

/** The answer: typed, or made of a saved reply; sent, sent with the ticket closed, or kept as a note for staff. */
export function ReplyBox({ context, view }: { readonly context: DeskContext; readonly view: TicketView }) {
  const { ui, staff } = context
  const { texts } = ui.frame
  const { ticket, text, saved, fault, replies } = view
  if (!staff.may.has(ticketReply.permission)) return null
  const here = `${TICKETS}/${ticket.id}`
  const language = ticket.locale === null ? undefined : languageByCode(ticket.locale)
  const [offered, others] = [replies.slice(0, OFFERED), replies.slice(OFFERED)]
  return (
    <section class="reply-box" aria-label={texts.text('desk.act.ticket-reply')}>
      <Form ui={ui} action={`${here}/reply`} id="reply" withFiles>
        <input type="hidden" name="once" value={randomUUID()} />
        <input type="hidden" name="saved" value={saved} />
        <Replies here={here} replies={offered} label={texts.text('desk.tickets.replies')} />
        {others.length > 0 && (
          <details class="fold">
            <summary>{texts.text('desk.tickets.moreReplies', { count: others.length })}</summary>
            <Replies here={here} replies={others} label={texts.text('desk.tickets.replies')} />
          </details>
        )}
        <WordsArea
          id="text"
          name="text"
          rows={6}
          label={texts.text('tickets.text')}
          value={text}
          fault={fault}
          {...(language && { hint: texts.text('desk.tickets.language', { language: language.name }) })}
        />
        <PicturesField texts={texts} fault={undefined} />
        <div class="buttons">
          <Button type="submit" look="main" name="what" value="send" class="send">
            {texts.text('tickets.send')}
          </Button>
          <Button type="submit" name="what" value="next">
            {texts.text('desk.tickets.sendNext')}
          </Button>
          <Button type="submit" name="what" value="close">
            {texts.text('desk.tickets.sendClose')}
          </Button>
          <Button type="submit" name="what" value="note">
            {texts.text('desk.act.ticket-note')}
          </Button>
        </div>
      </Form>
      <p class="soft small needs-script" data-writing={`${here}/writing`}>
        <Prose text={texts.text('desk.tickets.keysOfOne')} />
      </p>
    </section>
  )
}

/** Without script, a saved reply leads to the page with its text in the field. */
function Replies({ here, replies, label }: { readonly here: string; readonly replies: TicketView['replies']; readonly label: string }) {
  if (replies.length === 0) return null
  return (
    <ul class="saved-replies" aria-label={label}>
      {replies.map(({ id, name, text }) => (
        <li key={id}>
          <a class="button small" href={address(here, { saved: id })} data-saved={id} data-text={text} title={text}>
            <bdi>{name}</bdi>
          </a>
        </li>
      ))}
    </ul>
  )
}
