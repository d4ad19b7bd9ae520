import type { Changes, OrderState } from './answers.ts'
import { finalStatuses, type OrderStatus } from './contract.ts'
import { type NoAnswer, PanelRefusal, passes } from './errors.ts'
import { given, type Result } from './lists.ts'
import { type CallOptions, type Transport, within } from './transport.ts'
import type { Id } from './values.ts'

export interface WatchOptions {
  /** The orders to follow, until all of them have ended. Without: whatever is placed or moves, on panels that have a feed. */
  readonly orders?: Iterable<Id>
  /** Where to go on in the feed: the `cursor` of the last change that you have dealt with. Without: from now on. */
  readonly since?: string
  /** Milliseconds between two looks. 5,000 unless told with a feed, 60,000 without. */
  readonly everyMs?: number
  readonly signal?: AbortSignal
  /** Is told when there is no answer. The watch goes on. */
  readonly onTrouble?: (error: PanelRefusal | NoAnswer) => void
}

/** How an order stands now, or why that cannot be told. */
export type Watched = Result<OrderState> & {
  readonly order: string
  /** Keep it to go on from here; null on a panel without a feed. */
  readonly cursor: string | null
}

const FEED_EVERY_MS = 5_000
const POLL_EVERY_MS = 60_000

export function isFinal(status: OrderStatus | null): boolean {
  return (finalStatuses as readonly (OrderStatus | null)[]).includes(status)
}

/** What can be watched. */
interface Source {
  statuses(orders: Iterable<Id>, options?: CallOptions): Promise<ReadonlyMap<string, Result<OrderState>>>
  changes(since?: string, options?: CallOptions): Promise<Changes>
}

interface Watch extends WatchOptions {
  readonly source: Source
  readonly transport: Transport
  /** Of the orders that were named, those that have not ended. Null: none was named. */
  readonly open: Set<string> | null
  /** What was last told of each. */
  readonly told: Map<string, string>
}

export async function* watch(source: Source, transport: Transport, options: WatchOptions = {}): AsyncGenerator<Watched, void, undefined> {
  const { orders, since } = options
  const all: Watch = { ...options, source, transport, open: orders ? new Set([...orders].map(String)) : null, told: new Map() }
  const cursor = since ?? (await cursorNow(all))
  if (cursor !== null) {
    // The cursor is older than this look, so nothing is missed between them.
    if (since === undefined) yield* look(all, cursor)
    if (yield* follow(all, cursor)) return
  }
  if (!all.open) throw new PanelRefusal('This panel has no feed: name the orders to watch')
  while (all.open.size > 0) {
    yield* look(all, null)
    if (all.open.size > 0) await transport.wait(options.everyMs ?? POLL_EVERY_MS, options.signal)
  }
}

/** Asks how the named orders stand, and tells what is new. */
async function* look(all: Watch, cursor: string | null) {
  const found = await orTrouble(all, () => all.source.statuses(all.open ?? [], all))
  for (const [order, result] of found ?? []) {
    // Without an answer for this one it is asked again.
    if (result.ok || result.error instanceof PanelRefusal) yield* tell(all, order, result, cursor)
    else all.onTrouble?.(result.error)
  }
}

/** Reads the feed. True when it was followed to the end; false when there is none. */
async function* follow(all: Watch, since: string) {
  let cursor = since
  while (all.open === null || all.open.size > 0) {
    let page: Changes | null
    try {
      page = await orTrouble(all, () => all.source.changes(cursor, all))
    } catch (error) {
      const isWithout = !(error instanceof PanelRefusal && error.about === 'caller') && cursor === since && !all.signal?.aborted
      if (isWithout) return false
      throw error
    }
    if (page) {
      // A page is one step: only its last change has its cursor.
      const entries = [...page.orders].filter(([order]) => all.open?.has(order) ?? true)
      const before = cursor
      cursor = page.cursor
      for (const [at, [order, state]] of entries.entries())
        yield* tell(all, order, given(state), at === entries.length - 1 ? cursor : before)
    }
    if (!page?.more && all.open?.size !== 0) await all.transport.wait(all.everyMs ?? FEED_EVERY_MS, all.signal)
  }
  return true
}

function* tell({ open, told }: Watch, order: string, result: Result<OrderState>, cursor: string | null): Generator<Watched> {
  const now = JSON.stringify(result.ok ? result.value : result.error.message)
  if (!result.ok || isFinal(result.value.status)) open?.delete(order)
  if (open && told.get(order) === now) return
  if (open) told.set(order, now)
  yield { order, cursor, ...result }
}

async function orTrouble<T>({ onTrouble }: Watch, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (!passes(error)) throw error
    onTrouble?.(error)
    return null
  }
}

/** The feed's cursor of this moment: the first event of the panel's stream tells it. Null where there is no stream. */
async function cursorNow({ transport, signal }: Watch): Promise<string | null> {
  const limit = within(transport.timeoutMs, signal)
  try {
    const response = await transport.below('/events', limit.signal)
    if (!response.ok || !response.body || !response.headers.get('content-type')?.startsWith('text/event-stream')) return null
    const reader = response.body.getReader()
    const decoder = new TextDecoder()
    let text = ''
    for (let cursor: string | undefined; ;) {
      const { done, value } = await reader.read()
      if (value) text += decoder.decode(value, { stream: true })
      cursor = /^id: ?(\S+)\r?\n/m.exec(text)?.[1]
      if (cursor !== undefined || done) return cursor ?? null
    }
  } catch {
    signal?.throwIfAborted()
    return null
  } finally {
    limit.end()
    limit.abort()
  }
}
