import { orRefusal, unclear } from './lists.ts'
import type { CallOptions, Fields, Transport } from './transport.ts'
import { type Id, type Json, member, readId, readText, readWhole } from './values.ts'

export type TicketKind = 'speed_up' | 'refill' | 'cancel' | 'count' | 'money' | 'other'
/** Whose turn it is: `waiting` for the panel's staff, `answered`: yours. */
export type TicketState = 'waiting' | 'answered' | 'closed'

export interface NewTicket {
  readonly text: string
  readonly kind?: TicketKind
  /** The orders that it is about. */
  readonly orders?: Iterable<Id>
  readonly subject?: string
}

export interface WriteOptions extends CallOptions {
  /** Your own name for what is written: with it a lost answer is asked for again, and nothing is written twice. */
  readonly retryKey?: string
}

export interface ListedTicket {
  readonly ticket: string
  readonly kind: TicketKind
  readonly subject: string
  readonly state: TicketState
  readonly created: string
  readonly changed: string
  /** Its page, for people. */
  readonly page: string
}

export interface Ticket extends ListedTicket {
  readonly orders: readonly string[]
  /** The newest, or those before `before`, in the order of time. */
  readonly messages: readonly TicketMessage[]
  /** The `before` of older messages; null: there are none. */
  readonly older: string | null
}

export interface TicketMessage {
  readonly message: string
  readonly from: 'customer' | 'staff'
  readonly text: string
  readonly at: string
  /** How many; they are seen on the page only. */
  readonly pictures: number
}

const PATH = '/tickets'

/** What you and the panel's staff write to each other, on panels that have tickets by API. */
export class Tickets {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  async open({ text, kind, orders, subject }: NewTicket, options?: WriteOptions): Promise<Ticket> {
    const fields = { text, ...(kind && { kind }), ...(orders && { orders: [...orders].join(',') }), ...(subject && { subject }) }
    return this.#write(PATH, fields, options)
  }

  async reply(ticket: Id, text: string, options?: WriteOptions): Promise<Ticket> {
    return this.#write(pathOf(ticket, '/reply'), { text }, options)
  }

  /** Closes a ticket. One that is closed stays so. */
  async close(ticket: Id, options?: CallOptions): Promise<Ticket> {
    return this.#transport.ask(() => this.#once(pathOf(ticket, '/close'), {}, options), options)
  }

  async read(ticket: Id, { before, ...options }: CallOptions & { readonly before?: Id } = {}): Promise<Ticket> {
    return this.#transport.ask(() => this.#once(pathOf(ticket), asBefore(before), { ...options, get: true }), options)
  }

  /** Your tickets, the last changed first, fifty at a time. */
  async list({ state, before, ...options }: CallOptions & { readonly state?: TicketState; readonly before?: Id } = {}): Promise<{
    readonly tickets: readonly ListedTicket[]
    /** The `before` of the next page; null: there is none. */
    readonly next: string | null
  }> {
    return this.#transport.ask(async () => {
      const fields = { ...(state && { state }), ...asBefore(before) }
      const reply = orRefusal(await this.#transport.once(fields, { ...options, path: PATH, get: true }))
      const tickets = listIn(reply.value, 'tickets')
      if (!tickets) throw unclear(reply)
      return { tickets: tickets.map(listedOf), next: readId(member(reply.value, 'next')) }
    }, options)
  }

  #write(path: string, fields: Fields, { retryKey, ...options }: WriteOptions = {}): Promise<Ticket> {
    if (retryKey === undefined) return this.#once(path, fields, options)
    return this.#transport.ask(() => this.#once(path, { ...fields, idempotency_key: retryKey }, options), options)
  }

  async #once(path: string, fields: Fields, options?: CallOptions & { readonly get?: boolean }): Promise<Ticket> {
    const reply = orRefusal(await this.#transport.once(fields, { ...options, path }))
    const [orders, messages] = [listIn(reply.value, 'orders'), listIn(reply.value, 'messages')]
    const ticket = listedOf(reply.value)
    if (!ticket.ticket || !orders || !messages) throw unclear(reply)
    return { ...ticket, orders: orders.map(readText), messages: messages.map(messageOf), older: readId(member(reply.value, 'older')) }
  }
}

function pathOf(ticket: Id, below = ''): string {
  return `${PATH}/${encodeURIComponent(String(ticket).trim())}${below}`
}

function asBefore(before: Id | undefined): Fields {
  return before === undefined ? {} : { before: String(before) }
}

function listIn(value: Json | undefined, name: string): Json[] | null {
  const list = member(value, name)
  return Array.isArray(list) ? list : null
}

function textsOf<Name extends string>(value: Json | undefined, ...names: Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, readText(member(value, name))])) as Record<Name, string>
}

function listedOf(value: Json | undefined): ListedTicket {
  return textsOf(value, 'ticket', 'kind', 'subject', 'state', 'created', 'changed', 'page') as unknown as ListedTicket
}

function messageOf(value: Json): TicketMessage {
  const texts = textsOf(value, 'message', 'from', 'text', 'at')
  return { ...texts, from: texts.from as TicketMessage['from'], pictures: readWhole(member(value, 'pictures')) ?? 0 }
}
