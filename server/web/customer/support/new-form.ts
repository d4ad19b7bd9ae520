import { randomUUID } from 'node:crypto'
import { isTicketKind, type TicketKind } from '../../../support/kinds.ts'
import { readPasted } from '../../../support/own-orders.ts'
import type { PictureForm } from '../../picture-forms.ts'

/** A new ticket as its form has it. */
export interface NewTicketForm {
  readonly kind: TicketKind | null
  /** Orders by their numbers: those that were pasted and those that were ticked. */
  readonly orders: readonly bigint[]
  /** Words among them that are no numbers. */
  readonly wrong: readonly string[]
  /** What was looked for among the orders. */
  readonly find: string
  readonly subject: string
  readonly text: string
  /** The form's own name: sent twice, it is one ticket. */
  readonly once: string
}

const LONGEST_ASKED = 200
const LONGEST_LIST = 20_000

/** The form as an address fills it in, like `?orders=5,6&kind=cancel`. */
export function newFormIn(query: URLSearchParams): NewTicketForm {
  const kind = query.get('kind')
  const { ids, wrong } = readPasted((query.get('orders') ?? '').slice(0, LONGEST_LIST))
  const find = (query.get('find') ?? '').trim().slice(0, LONGEST_ASKED)
  return { kind: isTicketKind(kind) ? kind : null, orders: ids, wrong, find, subject: '', text: '', once: randomUUID() }
}

export function sentForm({ fields }: PictureForm): NewTicketForm {
  const ticked = Object.keys(fields).flatMap((name) => /^order-(\d{1,18})$/.exec(name)?.[1] ?? [])
  const { ids, wrong } = readPasted(`${(fields['orders'] ?? '').slice(0, LONGEST_LIST)} ${ticked.join(' ')}`)
  const { kind = '', find = '', subject = '', text = '', once = '' } = fields
  return {
    kind: isTicketKind(kind) ? kind : null,
    orders: ids,
    wrong,
    find: find.trim().slice(0, LONGEST_ASKED),
    subject,
    text,
    once: isOnce(once) ? once : randomUUID(),
  }
}

export function isOnce(text: string): boolean {
  return /^[0-9a-f-]{36}$/.test(text)
}
