import { ticketAssign } from '../../../acts/ticket-assign.ts'
import { ticketClose, ticketReopen } from '../../../acts/ticket-close.ts'
import type { AnyAct } from '../../../acts/act.ts'
import { ticketKinds, ticketStates } from '../../../support/kinds.ts'
import type { ListedTicket } from '../../../support/tickets.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import { PageLinks } from '../../ui/page-links.tsx'
import { Form, Moment } from '../../ui/parts.tsx'
import { Prose } from '../../ui/prose.tsx'
import { kindText, ticketTitle, TicketStateBadge } from '../../ui/ticket-words.tsx'
import { optionLabel } from '../act-words.ts'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { Select } from '../select.tsx'
import { type AskedTickets, hrefOf, TICKETS } from './asked.ts'
import type { Person } from './ticket-view.ts'

interface QueueView {
  readonly asked: AskedTickets
  /** Whoever may answer. */
  readonly people: readonly Person[]
  readonly rows: readonly ListedTicket[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** The tickets that wait for an answer, the longest first, or others by the filter. */
export function queuePage(context: DeskContext, view: QueueView): string {
  const { texts } = context.ui.frame
  const { asked, rows, hasMore, isFirst } = view
  const last = rows.at(-1)
  return deskPage(context, {
    title: texts.text('desk.place.tickets'),
    lead: texts.text('desk.tickets.lead'),
    actions: (
      <a class="button plain" href={`${DESK}/saved-replies`}>
        {texts.text('desk.tickets.replies')}
      </a>
    ),
    script: 'desk-attention',
    children: (
      <>
        <Filter context={context} view={view} />
        <div data-live-region="tickets" data-worked>
          {rows.length === 0 && (
            <Empty
              title={texts.text(asked.state === 'waiting' && asked.find === '' ? 'desk.tickets.none' : 'app.nothingFound.title')}
              text={texts.text(asked.state === 'waiting' && asked.find === '' ? 'desk.tickets.none.text' : 'desk.tickets.notFound')}
            />
          )}
          <ol class="troubles tickets">
            {rows.map((ticket) => (
              <Row key={ticket.id} context={context} ticket={ticket} back={hrefOf(asked)} />
            ))}
          </ol>
        </div>
        <PageLinks
          links={[
            { href: isFirst ? null : hrefOf(asked), text: texts.text('desk.work.first') },
            { href: hasMore && last ? hrefOf(asked, { behind: last.id }) : null, text: texts.text('desk.work.next') },
          ]}
        />
        <p class="soft small needs-script">
          <Prose text={texts.text('desk.attention.keys')} />
        </p>
        <dialog class="act-panel" aria-label={texts.text('desk.place.tickets')} />
      </>
    ),
  })
}

function Filter({ context, view: { asked, people } }: { readonly context: DeskContext; readonly view: QueueView }) {
  const { texts } = context.ui.frame
  const any = ['', texts.text('desk.customers.any')] as const
  const me = String(context.staff.staffId)
  const others = people.filter(({ id }) => String(id) !== me)
  return (
    <form method="get" action={TICKETS} class="desk-asked">
      <Field name="find" type="search" label={texts.text('desk.tickets.find')} value={asked.find} />
      <Select
        name="state"
        label={texts.text('desk.field.state')}
        value={asked.state}
        options={ticketStates.map((state) => [state, texts.text(`tickets.state.${state}`)] as const)}
      />
      <Select
        name="kind"
        label={texts.text('desk.field.kind')}
        value={asked.kind ?? ''}
        options={[any, ...ticketKinds.map((kind) => [kind, kindText(texts, kind)] as const)]}
      />
      <Select
        name="assignee"
        label={texts.text('desk.field.assignee')}
        value={String(asked.assignee ?? '')}
        options={[
          any,
          [me, texts.text('desk.tickets.me')],
          ['0', texts.text('desk.tickets.nobody')],
          ...others.map(({ id, name }) => [String(id), name] as const),
        ]}
      />
      <Button type="submit">{texts.text('desk.customers.show')}</Button>
    </form>
  )
}

function Row({ context, ticket, back }: { readonly context: DeskContext; readonly ticket: ListedTicket; readonly back: string }) {
  const { texts } = context.ui.frame
  const { staffId } = context.staff
  const { id, state, priority, email, accountId, begins, waitingSince, changedAt, assignee, assigneeName, newestOfCustomer, seenByStaff } =
    ticket
  const isNew = newestOfCustomer !== null && newestOfCustomer > seenByStaff
  const of = { ticket: String(id) }
  return (
    <li data-row class={`trouble ${isNew ? 'has-news' : ''}`.trim()}>
      <p class="trouble-head">
        <span class="trouble-subject">
          <a href={`${TICKETS}/${id}`}>
            <bdi>
              {texts.text('tickets.number', { id: id.toString() })} · {ticketTitle(texts, ticket)}
            </bdi>
          </a>
          <a href={`${DESK}/customers/${accountId}`}>
            <bdi>{email}</bdi>
          </a>
        </span>
        {(priority === 'high' || priority === 'urgent') && <Badge tone="bad">{optionLabel(texts, priority)}</Badge>}
        <TicketStateBadge texts={texts} state={state} side="staff" />
        <span class="soft small">
          <Moment texts={texts} at={waitingSince ?? changedAt} />
        </span>
        {assigneeName !== null && (
          <span class="soft small">
            <bdi>{assigneeName}</bdi>
          </span>
        )}
      </p>
      {begins !== '' && (
        <p class="trouble-words" dir="auto">
          {begins}
        </p>
      )}
      <div class="buttons">
        {assignee !== staffId && state !== 'closed' && (
          <AtOnce
            context={context}
            act={ticketAssign}
            with={{ ...of, staff: String(staffId) }}
            letter="t"
            text={texts.text('desk.tickets.take')}
            back={back}
          />
        )}
        {state === 'closed' ? (
          <AtOnce context={context} act={ticketReopen} with={of} letter="o" text={texts.text('tickets.reopen')} back={back} />
        ) : (
          <AtOnce context={context} act={ticketClose} with={of} letter="c" text={texts.text('tickets.close')} back={back} />
        )}
      </div>
    </li>
  )
}

interface AtOnceProps {
  readonly context: DeskContext
  readonly act: AnyAct
  readonly with: Readonly<Record<string, string>>
  /** The letter that does it while the row has the focus. */
  readonly letter: string
  readonly text: string
  readonly back: string
}

/** A button that does an act at once. Nothing for a reader who may not do it. */
export function AtOnce({ context, act, with: given, letter, text, back }: AtOnceProps) {
  if (!context.staff.may.has(act.permission)) return null
  return (
    <Form ui={context.ui} action={TICKETS} class="at-once">
      <input type="hidden" name="form:act" value={act.name} />
      <input type="hidden" name="form:back" value={back} />
      {Object.entries(given).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button type="submit" look="small" data-act={letter}>
        {text} <kbd class="needs-script">{letter}</kbd>
      </Button>
    </Form>
  )
}
