import { languages } from '../../../texts/languages.ts'
import { closestLanguage } from '../../../texts/negotiate.ts'
import { textsIn } from '../../../texts/texts.ts'
import type { StaffOrder } from '../../../fulfilment/all-orders.ts'
import { filled, type ReplyValues, type SavedReply } from '../../../support/saved-replies.ts'
import type { Ticket } from '../../../support/tickets.ts'
import { countText } from '../../ui/figures.tsx'
import { statusText } from '../../ui/order-status.tsx'

interface Known {
  readonly ticket: Ticket
  readonly orders: readonly StaffOrder[]
  /** Who answers, and for which house. */
  readonly me: string
  readonly site: string
}

/** The values of saved replies in one ticket, in the language of its customer. What several orders have is listed with their numbers. */
export function replyValuesOf({ ticket, orders, me, site }: Known): ReplyValues {
  const texts = textsIn(closestLanguage(ticket.locale ?? 'en') ?? languages[0]!)
  const each = (value: (order: StaffOrder) => string) =>
    orders.length === 1 ? value(orders[0]!) : orders.map((order) => `${order.id}: ${value(order)}`).join(', ')
  return {
    ticket: ticket.id.toString(),
    customer: ticket.email,
    order: orders.map(({ id }) => id.toString()).join(', '),
    service: [...new Set(orders.map(({ serviceName }) => serviceName))].join(', '),
    link: orders.map(({ link }) => link).join(' '),
    status: each(({ status }) => statusText(texts, status)),
    remains: each(({ remains }) => countText(texts, remains)),
    me,
    site,
  }
}

/** The saved replies with their values: those in the language of the customer and those of no language, the one that is used most first. */
export function repliesFor(replies: readonly SavedReply[], locale: string | null, values: ReplyValues): SavedReply[] {
  const own = replies.filter((reply) => reply.locale === null || reply.locale === locale)
  return own.map((reply) => ({ ...reply, text: filled(reply.text, values) }))
}
