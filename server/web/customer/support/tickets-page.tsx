import type { ListedTicket } from '../../../support/tickets.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Button, Field } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { ticketTitle, TicketStateBadge } from '../../ui/ticket-words.tsx'
import { appPage } from '../app-frame.tsx'

interface TicketsView {
  readonly find: string
  readonly rows: readonly ListedTicket[]
  readonly isFirst: boolean
  readonly hasMore: boolean
}

/** The tickets of the reader's account, those that changed last first. */
export function ticketsPage(ui: PageUi, { find, rows, isFirst, hasMore }: TicketsView): string {
  const { texts } = ui.frame
  const last = rows.at(-1)
  const isEmpty = rows.length === 0 && find === '' && isFirst
  return appPage({
    ui,
    title: texts.text('app.support'),
    script: 'support',
    children: (
      <>
        <p class="soft">{texts.text('tickets.lead')}</p>
        <p>
          <a class="button main" href="/support/new">
            {texts.text('tickets.new')}
          </a>
        </p>
        {!isEmpty && (
          <form method="get" action="/support" class="ticket-find">
            <Field name="find" type="search" label={texts.text('tickets.find')} value={find} inputMode="numeric" dir="ltr" />
            <Button type="submit">{texts.text('tickets.find.do')}</Button>
          </form>
        )}
        <div data-live-region="tickets">
          {rows.length === 0 ? (
            <Empty
              title={texts.text(isEmpty ? 'tickets.none' : 'app.nothingFound.title')}
              text={texts.text(isEmpty ? 'tickets.none.text' : 'tickets.notFound')}
            />
          ) : (
            <ul class="rows tickets">
              {rows.map((ticket) => (
                <TicketRow key={ticket.id} texts={texts} ticket={ticket} />
              ))}
            </ul>
          )}
        </div>
        <PageLinks
          links={[
            { href: isFirst ? null : '/support', text: texts.text('app.newest') },
            { href: hasMore && last ? address('/support', { behind: last.id }) : null, text: texts.text('app.older') },
          ]}
        />
      </>
    ),
  })
}

function TicketRow({ texts, ticket }: { readonly texts: Texts; readonly ticket: ListedTicket }) {
  const { id, state, changedAt, begins, newestOfStaff, seenByCustomer } = ticket
  const isNew = newestOfStaff !== null && newestOfStaff > seenByCustomer
  return (
    <li class={isNew ? 'has-news' : undefined}>
      <div class="what">
        <h2>
          <a href={`/support/${id}`}>
            <bdi>{ticketTitle(texts, ticket)}</bdi>
          </a>{' '}
          <TicketStateBadge texts={texts} state={state} side="customer" />
          {isNew && <span class="new-answer">{texts.text('tickets.newAnswer')}</span>}
        </h2>
        {begins !== '' && (
          <p class="soft begins" dir="auto">
            {begins}
          </p>
        )}
      </div>
      <p class="soft small">
        <bdi>{texts.text('tickets.number', { id: id.toString() })}</bdi>
        <br />
        <Moment texts={texts} at={changedAt} />
      </p>
    </li>
  )
}
