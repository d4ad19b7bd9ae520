import {
  type Changes,
  madeId,
  type OrderState,
  partOf,
  readCancel,
  readOrder,
  readRefill,
  readServices,
  type RefillState,
  type Service,
} from './answers.ts'
import type { OrderFields, ServiceTypeName } from './contract.ts'
import { NoAnswer, PanelRefusal, passes, readError, saysNothingCertain } from './errors.ts'
import { given, inLists, orRefusal, refused, type Result, unclear } from './lists.ts'
import { Tickets } from './tickets.ts'
import { type CallOptions, type Fields, openTransport, type Options, type Reply, type Transport } from './transport.ts'
import { type Amount, type Id, isObject, type Json, member, readAmount, readText, sentText } from './values.ts'
import { type Watched, watch, type WatchOptions } from './watch.ts'

/** An order of one type: `OrderOf<'Poll'>` does not compile without its `answer_number`. Without `type` it is a Default. */
export type OrderOf<Type extends ServiceTypeName> = {
  readonly service: Id
} & (Type extends 'Default' ? { readonly type?: 'Default' } : { readonly type: Type }) &
  Readonly<OrderFields[Type]>
export type Order = { [Type in ServiceTypeName]: OrderOf<Type> }[ServiceTypeName]

export interface AddOptions extends CallOptions {
  /** Your own name for this order: on panels that keep such keys the same key never orders twice, so a lost answer is asked for again. */
  readonly retryKey?: string
  /** Dearer than this the order is refused, on panels that know `max_charge`. */
  readonly maxCharge?: Amount
}

export interface Extended extends CallOptions {
  /** Also read what only some panels tell: `more`. */
  readonly extended?: boolean
}

const ANY_KEY = 'the-sdk-asks-whether-keys-are-kept'
/** One character more than such a panel takes. */
const IMPOSSIBLE_KEY = 'x'.repeat(256)

/** A client of one panel, with one key. */
export class Docket {
  readonly orders: Orders
  readonly refills: Refills
  readonly tickets: Tickets
  readonly #transport: Transport
  readonly #lists = new Map<string, { readonly etag: string; readonly services: readonly Service[] }>()

  constructor(options: Options) {
    this.#transport = openTransport(options)
    this.orders = new Orders(this.#transport)
    this.refills = new Refills(this.#transport)
    this.tickets = new Tickets(this.#transport)
  }

  async balance(options?: CallOptions): Promise<{ readonly balance: Amount; readonly currency: string | null }> {
    return question(this.#transport, { action: 'balance' }, options, (reply) => {
      const balance = readAmount(member(orRefusal(reply).value, 'balance'))
      if (balance === null) throw unclear(reply)
      return { balance, currency: readText(member(reply.value, 'currency')) || null }
    })
  }

  /** All services on sale. A panel with ETags sends the list again only when it has changed: until then this is the same array. */
  async services({ lang, extended, ...options }: Extended & { readonly lang?: string } = {}): Promise<readonly Service[]> {
    const fields = { action: 'services', ...(lang !== undefined && { lang }), ...asExtended(extended) }
    const name = JSON.stringify(fields)
    const known = this.#lists.get(name)
    return this.#transport.ask(async () => {
      const reply = await this.#transport.once(fields, { ...options, etag: known?.etag ?? null })
      if (reply.unchanged && known) return known.services
      const services = readServices(reply)
      if (!services) throw unclear(orRefusal(reply))
      if (reply.etag !== null) this.#lists.set(name, { etag: reply.etag, services })
      return services
    }, options)
  }

  /** What an order would cost, where the panel tells. Nothing is bought. */
  async quote(order: Order, { maxCharge, ...options }: Omit<AddOptions, 'retryKey'> = {}) {
    return question(this.#transport, { action: 'quote', ...orderFields(order), ...priceLock(maxCharge) }, options, (reply) => {
      const charge = readAmount(member(orRefusal(reply).value, 'charge'))
      if (charge === null) throw unclear(reply)
      return { charge, currency: readText(member(reply.value, 'currency')) || null }
    })
  }

  /** Any other action, once. Numbers in the answer are the digits that were sent. */
  async call(action: string, fields: Fields = {}, options?: CallOptions): Promise<Json> {
    return orRefusal(await this.#transport.once({ action, ...fields }, options)).value
  }
}

class Orders {
  readonly #transport: Transport
  #keepsKeys: boolean | undefined

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * Places an order and answers its id. After NoAnswer it may have been placed, unless `nothingDone`. With a `retryKey` it is sent again by itself, but
   * only once this panel has shown that it keeps such keys.
   */
  async add(order: Order, { retryKey, maxCharge, ...options }: AddOptions = {}): Promise<string> {
    const named = retryKey === undefined ? {} : { idempotency_key: retryKey }
    const fields = { action: 'add', ...orderFields(order), ...named, ...priceLock(maxCharge) }
    for (let attempt = 0; ; attempt += 1) {
      try {
        return made(await this.#transport.once(fields, options), 'order')
      } catch (error) {
        const again = retryKey !== undefined && passes(error) && (await this.keepsRetryKeys(options).catch(() => false))
        if (!again) throw error
        await this.#transport.backOff(error, attempt, options)
      }
    }
  }

  /** The order that was placed under this key; null when none was. Asks only panels that keep such keys. */
  async find(retryKey: string, { extended, ...options }: Extended = {}): Promise<(OrderState & { readonly order: string }) | null> {
    if (!(await this.keepsRetryKeys(options))) throw new NoAnswer('This panel does not keep retry keys', 'unclear')
    return question(this.#transport, { action: 'status', idempotency_key: retryKey, ...asExtended(extended) }, options, (reply) => {
      if (reply.words !== null && new PanelRefusal(reply.words).code === 'incorrect_order') return null
      const order = madeId(orRefusal(reply).value, 'order')
      if (order === null) throw unclear(reply)
      return { order, ...valueOf(readOrder(reply.value, reply)) }
    })
  }

  /**
   * Whether this panel keeps retry keys, asked once. A panel that does has no order under a key that was never sent, and refuses an impossible key in
   * other words; others do not read the key at all.
   */
  async keepsRetryKeys(options?: CallOptions): Promise<boolean> {
    this.#keepsKeys ??=
      (await this.#refusalUnder(ANY_KEY, options)) === 'incorrect_order' &&
      (await this.#refusalUnder(IMPOSSIBLE_KEY, options)) === 'incorrect_request'
    return this.#keepsKeys
  }

  async #refusalUnder(key: string, options?: CallOptions): Promise<string | null> {
    return question(this.#transport, { action: 'status', idempotency_key: key }, options, (reply) => {
      if (reply.words === null) return null
      const refusal = new PanelRefusal(reply.words)
      if (refusal.about === 'caller' || refusal.about === 'now' || saysNothingCertain(reply.words)) orRefusal(reply)
      return refusal.code
    })
  }

  /** How an order stands. */
  async status(order: Id, options?: Extended): Promise<OrderState> {
    const id = String(order).trim()
    return valueOf((await this.statuses([id], options)).get(id)!)
  }

  /** How many orders stand, a hundred in each call, each id with its own answer. */
  async statuses(orders: Iterable<Id>, { extended, ...options }: Extended = {}): Promise<ReadonlyMap<string, Result<OrderState>>> {
    return many(this.#transport, orders, { action: 'status', ...asExtended(extended) }, 'order', readOrder, options)
  }

  /** Asks to cancel. `true` means that the panel took the request: how the order ends, its status tells. Never sent twice by itself. */
  async cancel(orders: Iterable<Id>, options?: CallOptions): Promise<ReadonlyMap<string, Result<true>>> {
    return inLists(orders, this.#transport.mostIds, async (ids) => {
      const reply = orRefusal(await this.#transport.once({ action: 'cancel', orders: ids.join(',') }, options))
      return new Map(ids.map((id) => [id, readCancel(reply, id, ids.length === 1)]))
    })
  }

  /** What was placed or moved since a cursor, where the panel has a feed. Without a cursor: from the beginning. */
  async changes(since?: string, options?: CallOptions): Promise<Changes> {
    return question(this.#transport, { action: 'changes', ...(since !== undefined && { since }) }, options, (reply) => {
      const { value } = orRefusal(reply)
      const [cursor, orders, refills] = [readText(member(value, 'cursor')), member(value, 'orders'), member(value, 'refills')]
      if (cursor === '' || !isObject(orders)) throw unclear(reply)
      return {
        cursor,
        orders: readMap(orders, (part) => valueOf(readOrder(part, reply))),
        refills: readMap(refills, (part) => ({ ...valueOf(readRefill(part, reply)), order: madeId(part, 'order') })),
        more: member(value, 'more') === true,
      }
    })
  }

  /** What changes, as it changes: by the panel's feed where there is one, by asking for `orders` else. Ends when all of `orders` have ended. */
  watch(options?: WatchOptions): AsyncGenerator<Watched, void, undefined> {
    return watch(this, this.#transport, options)
  }
}

class Refills {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Asks for a refill and answers its id. Never sent twice by itself. */
  async request(order: Id, options?: CallOptions): Promise<string> {
    return made(await this.#transport.once({ action: 'refill', order: String(order) }, options), 'refill')
  }

  /** Refills of many orders: the id of each, or why there is none. */
  async requests(orders: Iterable<Id>, options?: CallOptions): Promise<ReadonlyMap<string, Result<string>>> {
    return inLists(orders, this.#transport.mostIds, async (ids) => {
      const reply = orRefusal(await this.#transport.once({ action: 'refill', orders: ids.join(',') }, options))
      return new Map(ids.map((id) => [id, readRequested(reply, id, ids.length === 1)]))
    })
  }

  async status(refill: Id, options?: CallOptions): Promise<RefillState> {
    const id = String(refill).trim()
    return valueOf((await this.statuses([id], options)).get(id)!)
  }

  async statuses(refills: Iterable<Id>, options?: CallOptions): Promise<ReadonlyMap<string, Result<RefillState>>> {
    return many(this.#transport, refills, { action: 'refill_status' }, 'refill', readRefill, options)
  }
}

export type { Orders, Refills }

/** An answer that can be read, asked for until there is one. */
function question<T>(transport: Transport, fields: Fields, options: CallOptions | undefined, read: (reply: Reply) => T): Promise<T> {
  return transport.ask(async () => read(await transport.once(fields, options)), options)
}

function many<T>(
  transport: Transport,
  ids: Iterable<Id>,
  fields: Fields,
  name: 'order' | 'refill',
  read: (part: Json, reply: Reply) => Result<T>,
  options?: CallOptions,
): Promise<Map<string, Result<T>>> {
  return inLists(ids, transport.mostIds, (list) => {
    const named = list.length === 1 ? { [name]: list[0]! } : { [`${name}s`]: list.join(',') }
    return question(transport, { ...fields, ...named }, options, (reply) => {
      const { value } = orRefusal(reply)
      return new Map(
        list.map((id) => {
          const part = partOf(value, id, [name, `${name}_id`, 'id'], list.length === 1)
          return [id, part === undefined ? { ok: false, error: unclear(reply) } : read(part, reply)]
        }),
      )
    })
  })
}

/** The id of what was made, when the answer says a clear yes. With both an id and an error it may have been made all the same. */
function made(reply: Reply, name: 'order' | 'refill'): string {
  const id = madeId(reply.value, name)
  if (id === null && reply.words !== null) orRefusal(reply)
  if (id === null || reply.words !== null || !reply.ok) throw unclear(reply)
  return id
}

function readRequested(reply: Reply, order: string, alone: boolean): Result<string> {
  const part = partOf(reply.value, order, ['order', 'order_id'], false) ?? (alone ? reply.value : undefined)
  const said = member(part, 'refill')
  const words = readError(said) ?? readError(part) ?? (/\s/.test(readText(said)) ? readText(said) : null)
  if (words !== null) return refused(words)
  const id = part === undefined ? null : madeId(part, 'refill')
  return id === null ? { ok: false, error: unclear(reply) } : given(id)
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw result.error
  return result.value
}

function readMap<T>(value: Json | undefined, read: (part: Json) => T): Map<string, T> {
  return new Map(isObject(value) ? Object.entries(value).map(([id, part]) => [id, read(part)]) : [])
}

/** The type is for the compiler: the panel knows its own services. */
function orderFields(order: Order): Fields {
  const sent = Object.entries(order).filter(([name, value]) => name !== 'type' && value !== undefined)
  return Object.fromEntries(sent.map(([name, value]) => [name, sentText(name, value)]))
}

function priceLock(maxCharge: Amount | undefined): Fields {
  return maxCharge === undefined ? {} : { max_charge: maxCharge }
}

function asExtended(extended: boolean | undefined): Fields {
  return extended ? { extended: '1' } : {}
}
