import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, Hung, type Line } from './ask.ts'
import { type Dice, diceOf } from './dice.ts'
import { type Account, accuse, type Add, type History, type Outcome } from './history.ts'
import { COMMENTS_SERVICE, LYING_SERVICE, PLAIN_SERVICES, WORKED_SERVICE } from './shop.ts'

/** Longer than any request may take: the server's own limit of a request, and a margin for a busy machine. */
export const BOUND_MS = 35_000
/** How long a customer goes on asking for what it does not know, once the traffic is over. */
const LAST_RETRIES_MS = 15_000
const REMEMBERED = 200

/** What all customers of a run share. */
export interface Market {
  readonly history: History
  /** Per node, a line of this customer. */
  readonly now: () => number
  readonly isOver: () => boolean
  readonly pauseMs: number
  readonly lyingSupplier: boolean
  readonly seed: number
}

interface Mine {
  readonly index: number
  readonly account: Account
  readonly lines: readonly Line[]
  readonly dice: Dice
  node: number
  asked: number
  /** Pauses before it asks again after a "not now". */
  readonly isPatient: boolean
  /** Orders of this account that were acknowledged to this customer, the newest last. */
  readonly orders: string[]
}

/** One customer: asks, waits for the answer, asks again until the market is over, and ends with what it still has to know. */
export async function beCustomer(market: Market, index: number, others: readonly Mine[]) {
  const mine = others[index]!
  while (!market.isOver()) {
    await act(market, mine, others)
    await pause(mine.dice.roll() * 2 * market.pauseMs)
  }
}

export function customerOf(market: Market, index: number, account: Account, lines: readonly Line[], isPatient = true): Mine {
  return { index, account, lines, dice: diceOf(market.seed, 7, index), node: index % lines.length, asked: 0, isPatient, orders: [] }
}
export type { Mine as Customer }

async function act(market: Market, mine: Mine, others: readonly Mine[]) {
  const roll = mine.dice.roll()
  if (roll < 0.6 || mine.orders.length === 0) return addOne(market, mine)
  if (roll < 0.8) return askStatus(market, mine, mine.dice.pick(mine.orders), true)
  if (roll < 0.9) return void (await read(market, mine, { action: 'balance' }, 'balance'))
  if (roll < 0.96) return quote(market, mine)
  const other = mine.dice.pick(others)
  const order = other.orders.at(-1)
  if (order !== undefined && other.account !== mine.account) return askStatus(market, mine, order, false)
}

async function addOne(market: Market, mine: Mine) {
  const { dice } = mine
  mine.asked += 1
  const service = pickService(market, dice)
  const name = `${market.seed}-${mine.index}-${mine.asked}`
  const ending = service === WORKED_SERVICE ? dice.pick(['', '', '#partial', '#canceled']) : ''
  const keyed = dice.chance(0.5)
  const wanted = {
    service,
    quantity: dice.whole(1, 60) * 10,
    link: `https://example.com/${name}${ending}`,
    retryKey: keyed ? `key ${name}` : undefined,
    maxCharge: dice.chance(0.2) ? BigInt(dice.whole(20, 80)) * 1000n : undefined,
  }
  const leaveAfter = dice.chance(0.02) ? dice.whole(1, 30) : undefined
  const first = await attempt(market, mine, wanted, leaveAfter)
  if (keyed) await untilKnown(market, mine, wanted, first)
}

function pickService(market: Market, dice: Dice): number {
  if (dice.chance(0.04)) return WORKED_SERVICE
  if (market.lyingSupplier && dice.chance(0.04)) return LYING_SERVICE
  return dice.pick(PLAIN_SERVICES)
}

export type Wanted = Pick<Add, 'service' | 'quantity' | 'link' | 'retryKey' | 'maxCharge'>

/** A careful customer asks again by the same key until it knows, and now and then once more. */
async function untilKnown(market: Market, mine: Mine, wanted: Wanted, first: Outcome) {
  let outcome = first
  let over: number | undefined
  while (outcome !== 'placed' && outcome !== 'refused' && outcome !== 'hung') {
    if (market.isOver() && market.now() > (over ??= market.now()) + LAST_RETRIES_MS) return
    await pause(50)
    outcome = await attempt(market, mine, wanted)
  }
  if (outcome === 'placed' && mine.dice.chance(0.1)) await attempt(market, mine, wanted)
}

/** One request, noted before it is sent. */
export async function attempt(market: Market, mine: Mine, wanted: Wanted, leaveAfter?: number, boundMs = BOUND_MS): Promise<Outcome> {
  const add: Add = { account: mine.account.account, node: mine.node, ...wanted, sentAt: market.now(), answeredAt: 0, outcome: 'lost' }
  count(market.history, 'add')
  market.history.adds.push(add)
  try {
    const parameters: Record<string, string> = {
      action: 'add',
      key: mine.account.key,
      service: String(wanted.service),
      quantity: String(wanted.quantity),
      link: wanted.link,
    }
    if (wanted.retryKey !== undefined) parameters['idempotency_key'] = wanted.retryKey
    if (wanted.maxCharge !== undefined) parameters['max_charge'] = unitsText(wanted.maxCharge)
    learn(add, await mine.lines[mine.node]!.ask(parameters, boundMs, leaveAfter))
  } catch (error) {
    add.outcome = error instanceof Hung ? 'hung' : 'lost'
    if (leaveAfter === undefined) await pause(20)
  }
  add.answeredAt = market.now()
  if (add.outcome === 'placed') remember(mine, add.order!)
  else if (add.outcome !== 'refused' && leaveAfter === undefined) await goElsewhere(mine)
  return add.outcome
}

/** Exported for the test of what is learnt from which answer. */
export function learn(add: Add, { status, body }: Answer) {
  add.said = `${status} ${JSON.stringify(body)}`.slice(0, 200)
  if (status === 200 && typeof body?.order === 'number') {
    add.outcome = 'placed'
    add.order = String(body.order)
  } else if (status === 200) add.outcome = 'refused'
  else if (status === 429 || (status === 503 && body?.code !== 'outcome_unknown')) add.outcome = 'not now'
  else add.outcome = 'unknown'
}

function remember(mine: Mine, order: string) {
  mine.orders.push(order)
  if (mine.orders.length > REMEMBERED) mine.orders.splice(0, REMEMBERED / 2)
}

async function goElsewhere(mine: Mine) {
  mine.node = (mine.node + 1) % mine.lines.length
  if (mine.isPatient) await pause(20 + mine.dice.roll() * 60)
}

/** A request that changes nothing. Undefined when it was not answered. */
async function read(market: Market, mine: Mine, parameters: Record<string, string>, name: string): Promise<Answer | undefined> {
  const sentAt = market.now()
  count(market.history, name)
  try {
    return await mine.lines[mine.node]!.ask({ key: mine.account.key, ...parameters }, BOUND_MS)
  } catch (error) {
    if (error instanceof Hung && !wasStopped(market.history, sentAt, market.now()))
      accuse(market.history, 'hung', `${name} of account ${mine.account.account} on node ${mine.node}, sent at ${Math.round(sentAt)} ms`)
    await goElsewhere(mine)
    return undefined
  }
}

/** The checker's own stops are no fault of the server's. */
export function wasStopped(history: Pick<History, 'stopped'>, from: number, until: number): boolean {
  const stopped = history.stopped.reduce((sum, each) => sum + Math.max(0, Math.min(until, each.until) - Math.max(from, each.from)), 0)
  return until - from - stopped < BOUND_MS
}

async function askStatus(market: Market, mine: Mine, order: string, isMine: boolean) {
  const sentAt = market.now()
  const answer = await read(market, mine, { action: 'status', order }, 'status')
  if (answer?.status !== 200) return
  const found = answer.body.error === undefined
  if (found === isMine) return
  // What a restored backup forgot is not there, and its id may be another's by now.
  if (market.history.setBack.length > 0) return
  const what = isMine ? `was acknowledged, and its status is ${JSON.stringify(answer.body)}` : `is another's, and was shown`
  accuse(
    market.history,
    isMine ? 'order is gone' : 'foreign order shown',
    `order ${order}, account ${mine.account.account}: ${what} (${Math.round(sentAt)} ms)`,
  )
}

async function quote(market: Market, mine: Mine) {
  const comments = 'word\n'.repeat(mine.dice.whole(1, 20))
  await read(market, mine, { action: 'quote', service: String(COMMENTS_SERVICE), link: 'https://example.com/q', comments }, 'quote')
}

function count(history: History, name: string) {
  history.requests[name] = (history.requests[name] ?? 0) + 1
}

export function unitsText(units: bigint): string {
  const digits = units.toString().padStart(6, '0')
  return `${digits.slice(0, -5)}.${digits.slice(-5)}`
}
