import type { ActWith } from '../../server/acts/act.ts'
import type { House } from '../../server/acts/house.ts'
import { runAct } from '../../server/acts/run-act.ts'
import { savedReplyAdd } from '../../server/acts/saved-reply.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { ticketAssign } from '../../server/acts/ticket-assign.ts'
import { ticketNote } from '../../server/acts/ticket-note.ts'
import { ticketReply } from '../../server/acts/ticket-reply.ts'
import { ticketSet } from '../../server/acts/ticket-set.ts'
import { type Database, transaction } from '../../server/db/pool.ts'
import { machineUser, type StaffActor } from '../../server/staff/actor.ts'
import { permissionsOf } from '../../server/staff/roles.ts'
import type { TicketKind } from '../../server/support/kinds.ts'
import { openByCustomer, replyByCustomer } from '../../server/support/open-ticket.ts'

const SUPPORT = { email: 'sam@docket.example', name: 'Sam Support', role: 'support' }

const REPLIES = [
  { name: 'Asked the supplier', text: 'Order {order} is later than usual. We have asked the supplier, who starts it again today. Its page shows how it goes on.' },
  { name: 'What was not delivered', text: 'Order {order} ended with {remains} not delivered. That part was refunded to your balance at once: see your statement.' },
  { name: 'Pedido retrasado', text: 'El pedido {order} va con retraso. Hemos preguntado al proveedor y hoy continúa.', language: 'es' },
] // prettier-ignore

/** How many hours before the end of the demo's month something is written. */
type HoursAgo = number

/** What somebody writes in a ticket. `saved`: the number of the saved reply that it is made from, from 0. */
type Said =
  | { readonly by: 'customer'; readonly ago: HoursAgo; readonly text: string }
  | { readonly by: 'staff'; readonly ago: HoursAgo; readonly text?: string; readonly saved?: number; readonly close?: boolean }
  | { readonly by: 'note'; readonly ago: HoursAgo; readonly text: string }

interface Story {
  readonly email: string
  readonly kind: TicketKind
  readonly subject: string
  /** It is about the newest order of its account, of those with this status if there is one; null: about none. */
  readonly status: string | null
  readonly priority?: 'high'
  readonly said: readonly Said[]
}

const STORIES: readonly Story[] = [
  {
    email: 'hello@bluefin-agency.example', kind: 'count', subject: '', status: 'Partial',
    said: [
      { by: 'customer', ago: 70, text: 'This one says Partial. Our client counts fewer than that, can you look?' },
      { by: 'staff', ago: 68, saved: 1 },
      { by: 'customer', ago: 67, text: 'Found the line in the statement, all good. Thanks!' },
      { by: 'staff', ago: 66, text: 'Thank you for telling us.', close: true },
    ],
  },
  {
    email: 'team@tallgrass-studio.example', kind: 'money', subject: 'Transfer of last Thursday', status: null,
    said: [
      { by: 'customer', ago: 50, text: 'We sent 250 USD on Thursday and do not see it yet. The reference was our company name, sorry.' },
      { by: 'note', ago: 49, text: 'It is among the money that nobody has matched. Ask for the day and the bank before booking it.' },
      { by: 'staff', ago: 48, text: 'We have found a transfer that may be yours. Which bank did it come from, and on which day was it sent?' },
    ],
  },
  {
    email: 'orders@marigold-media.example', kind: 'other', subject: 'Two campaigns at the weekend', status: 'In progress', priority: 'high',
    said: [
      { by: 'customer', ago: 30, text: 'Our two largest campaigns start on Saturday.\n\nCan this order be done by then? If not, we would rather cancel it and order less.' },
      { by: 'staff', ago: 29, saved: 0 },
      { by: 'customer', ago: 27, text: 'It has not moved since. Is anybody looking at it?' },
    ],
  },
  {
    email: 'demo@docket.example', kind: 'other', subject: 'Our VAT number on receipts', status: null,
    said: [
      { by: 'customer', ago: 20, text: 'Can you put our VAT number on the receipts? It is EU372010508.' },
      { by: 'staff', ago: 3, text: 'Yes: we have added it to your account. Receipts have it from today on, see https://docs.example.com/receipts' },
    ],
  },
  {
    email: 'buyer@second-street-shop.example', kind: 'refill', subject: '', status: 'Completed',
    said: [{ by: 'customer', ago: 1, text: 'About a tenth of these dropped within a day. What can we do?' }],
  },
] // prettier-ignore

export interface Stories {
  /** Tells what was written until this moment and is not told yet; `at` is called with the moment of each. */
  tell(until: number, at: (moment: number) => void): Promise<void>
}

const HOUR_MS = 3_600_000

/** Stories of tickets in the last days of a month that ends at `end`. Each thing is done by the function that does it on any day. */
export async function openStories(house: House, end: Date): Promise<Stories> {
  const asMachine = actingAs(house, machineUser('demo'))
  const { staff } = await asMachine(staffAdd, SUPPORT)
  const replies: SavedText[] = []
  for (const each of REPLIES) replies.push({ id: (await asMachine(savedReplyAdd, each)).reply, text: each.text })
  const asSam = actingAs(house, { staffId: staff, who: SUPPORT.email, via: 'page', may: permissionsOf('support') })
  const known = new Map<Story, Known>()
  const steps = STORIES.flatMap((story) => story.said.map((said) => ({ story, said, at: end.getTime() - said.ago * HOUR_MS })))
  const waiting = steps.toSorted((one, other) => one.at - other.at)

  async function play(story: Story, said: Said): Promise<void> {
    const { ticket, account, order } = known.get(story) ?? {}
    if (ticket === undefined || account === undefined) {
      const opened = await open(house, story, said.text ?? '')
      known.set(story, opened)
      if (story.priority) await asSam(ticketSet, { ticket: String(opened.ticket), priority: story.priority })
    } else if (said.by === 'note') await asSam(ticketNote, { ticket: String(ticket), note: said.text })
    else if (said.by === 'customer') await reply(house, { account, ticket }, story.email, said.text)
    else {
      const made = said.saved === undefined ? undefined : replies[said.saved]!
      await asSam(ticketAssign, { ticket: String(ticket), staff })
      await asSam(ticketReply, {
        ticket: String(ticket),
        text: made ? filledFor(made, order) : said.text!,
        close: said.close ?? false,
        ...(made && { saved: made.id }),
      })
    }
  }

  return {
    async tell(until, at) {
      while (waiting[0] && waiting[0].at <= until) {
        const step = waiting.shift()!
        at(step.at)
        await play(step.story, step.said)
      }
    },
  }
}

interface Known {
  readonly ticket: bigint
  readonly account: number
  readonly order: StoryOrder | undefined
}

interface SavedText {
  readonly id: number
  readonly text: string
}

function filledFor({ text }: SavedText, order: StoryOrder | undefined): string {
  return text.replace('{order}', String(order?.id ?? '')).replace('{remains}', String(order?.remains ?? ''))
}

interface StoryOrder {
  readonly id: bigint
  readonly remains: bigint
}

const ACCOUNT = 'select id from accounts where email = $1'
const ORDER = `
  select o.id, o.remains from orders o join books b on b.id = o.book_id
  where b.account_id = $1 and not b.play order by (o.status = $2::order_status) desc, o.id desc limit 1`

async function open({ db, now }: House, { email, kind, subject, status }: Story, text: string): Promise<Known> {
  const account = (await db.query<{ id: number }>(ACCOUNT, [email])).rows[0]!.id
  const order = status === null ? undefined : await orderOf(db, account, status)
  const orders = order ? [order.id] : []
  const asked = { accountId: account, kind, subject, orders, locale: 'en', who: email, text, pictures: [], form: null }
  const ticket = await transaction(db, (tx) => openByCustomer(tx, asked, now()))
  return { ticket, account, order }
}

async function orderOf(db: Database, account: number, status: string): Promise<StoryOrder | undefined> {
  return (await db.query<StoryOrder>(ORDER, [account, status])).rows[0]
}

async function reply({ db, now }: House, own: { readonly account: number; readonly ticket: bigint }, who: string, text: string) {
  const writing = { who, text, pictures: [], form: null }
  await transaction(db, (tx) => replyByCustomer(tx, { accountId: own.account, ticketId: own.ticket }, writing, now()))
}

function actingAs(house: House, actor: StaffActor) {
  return async <Result extends object>(act: ActWith<Result>, input: object): Promise<Result> =>
    (await runAct(house, actor, act, { input })).result
}
