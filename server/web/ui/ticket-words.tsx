import type { MessageKey } from '../../../contract/message.ts'
import type { KindAtOnce, TicketKind, TicketState } from '../../support/kinds.ts'
import type { TicketEvent } from '../../support/messages.ts'
import type { NotDone } from '../../support/outcome.ts'
import type { Texts } from '../../texts/texts.ts'
import { Badge, type Tone } from './badge.tsx'

const KINDS: Readonly<Record<TicketKind, MessageKey>> = {
  'speed up': 'tickets.kind.speedUp',
  refill: 'tickets.kind.refill',
  cancel: 'tickets.kind.cancel',
  count: 'tickets.kind.count',
  money: 'tickets.kind.money',
  other: 'tickets.kind.other',
}

export function kindText(texts: Texts, kind: TicketKind): string {
  return texts.text(KINDS[kind])
}

/** What a ticket is called: by its subject, else by its kind and its orders. */
export function ticketTitle(
  texts: Texts,
  {
    subject,
    kind,
    orders,
    orderCount,
  }: { readonly subject: string; readonly kind: TicketKind; readonly orders: readonly bigint[]; readonly orderCount: number },
): string {
  if (subject !== '') return subject
  if (orders.length === 0) return kindText(texts, kind)
  const numbers = orders.map(String).join(', ')
  return `${kindText(texts, kind)} · ${orderCount > orders.length ? texts.text('tickets.ordersAndMore', { orders: numbers, more: orderCount - orders.length }) : numbers}`
}

const TONES: Readonly<Record<TicketState, Tone>> = { waiting: 'busy', answered: 'good', closed: 'idle' }

/** How a ticket stands, as one of its two sides sees it. */
export function TicketStateBadge({
  texts,
  state,
  side,
}: {
  readonly texts: Texts
  readonly state: TicketState
  readonly side: 'customer' | 'staff'
}) {
  return <Badge tone={side === 'staff' && state === 'waiting' ? 'warn' : TONES[state]}>{texts.text(`tickets.state.${state}`)}</Badge>
}

const DONE: Readonly<Record<KindAtOnce, MessageKey>> = {
  'speed up': 'tickets.done.speedUp',
  refill: 'app.refillAsked',
  cancel: 'app.cancelAsked',
}

export function doneText(texts: Texts, kind: KindAtOnce): string {
  return texts.text(DONE[kind])
}

/** Why something was not done for an order. Where it is known from when on it may be, the moment follows. */
const NOT_DONE: Readonly<Record<NotDone, MessageKey>> = {
  'unknown order': 'tickets.no.unknownOrder',
  ended: 'tickets.no.ended',
  'has parts': 'tickets.no.hasParts',
  'test order': 'tickets.no.testOrder',
  'being cancelled': 'tickets.no.beingCancelled',
  'not late': 'tickets.no.notLate',
  'no usual time': 'tickets.no.noUsualTime',
  'asked already': 'tickets.no.askedAlready',
  'no cancel here': 'tickets.no.noCancelHere',
  'not ended': 'tickets.no.notEnded',
  'no refill here': 'tickets.no.noRefillHere',
  'refill is open': 'tickets.no.refillIsOpen',
  'refill too soon': 'tickets.no.refillTooSoon',
  'refill window over': 'tickets.no.refillWindowOver',
  'no refills left': 'tickets.no.noRefillsLeft',
  canceled: 'tickets.no.canceled',
}

export function notDoneText(texts: Texts, why: NotDone): string {
  return texts.text(NOT_DONE[why])
}

/** What happened to a ticket, like `closed` or `merged 5`; a word of another version stays as it is. */
export function eventText(texts: Texts, event: string): string {
  const [, word = event, number = ''] = /^(.*?)(?: (\d+))?$/.exec(event) ?? []
  const key = Object.hasOwn(EVENTS, word) ? EVENTS[word as TicketEvent] : undefined
  return key === undefined ? event : texts.text(key, { ticket: number })
}

const EVENTS: Readonly<Record<TicketEvent, MessageKey>> = {
  closed: 'tickets.event.closed',
  'closed by itself': 'tickets.event.closedByItself',
  reopened: 'tickets.event.reopened',
  merged: 'tickets.event.merged',
  parted: 'tickets.event.parted',
}
