import { setTimeout as pause } from 'node:timers/promises'
import { type Line, openLine } from '../nemesis/ask.ts'
import { attempt, type Customer, customerOf, type Market, type Wanted } from '../nemesis/customer.ts'
import type { Account, Add, History, Outcome } from '../nemesis/history.ts'
import { PLAIN_SERVICES } from '../nemesis/shop.ts'

export const WITH_KEYS = 64
export const WITHOUT_KEYS = 16
const PAUSE_MS = 40

/** What the clients of a round share. */
export interface Load {
  readonly history: History
  readonly accounts: readonly Account[]
  readonly urls: readonly string[]
  readonly seed: number
  readonly round: number
  readonly now: () => number
  readonly isOver: () => boolean
}

/** 64 clients that ask again by their retry keys until they know, and 16 that have none. Resolves when all have ended. */
export async function beClients(load: Load): Promise<void> {
  const market: Market = { ...load, pauseMs: PAUSE_MS, lyingSupplier: false, seed: load.seed * 1000 + load.round }
  const opened: Line[] = []
  const client = async (index: number) => {
    const lines = load.urls.map((url) => openLine(url, `127.0.0.${2 + (index % 5)}`))
    opened.push(...lines)
    const mine = customerOf(market, index, load.accounts[index % load.accounts.length]!, lines)
    while (!market.isOver()) {
      await order(market, mine, load.round, index < WITH_KEYS)
      await pause(mine.dice.roll() * 2 * PAUSE_MS)
    }
  }
  try {
    await Promise.all(Array.from({ length: WITH_KEYS + WITHOUT_KEYS }, (_, index) => client(index)))
  } finally {
    for (const line of opened) await line.close()
  }
}

async function order(market: Market, mine: Customer, round: number, isKeyed: boolean) {
  mine.asked += 1
  const name = `${market.seed}-${round}-${mine.index}-${mine.asked}`
  const wanted: Wanted = {
    service: mine.dice.pick(PLAIN_SERVICES),
    quantity: mine.dice.whole(1, 60) * 10,
    link: `https://example.com/${name}`,
    retryKey: isKeyed ? `key ${name}` : undefined,
    maxCharge: undefined,
  }
  let outcome: Outcome
  do outcome = await attempt(market, mine, wanted)
  while (mayAskAgain(outcome, isKeyed) && !market.isOver())
}

/** Without a key only what was certainly not done is asked for again. */
function mayAskAgain(outcome: Outcome, isKeyed: boolean): boolean {
  return outcome === 'not now' || (isKeyed && (outcome === 'unknown' || outcome === 'lost'))
}

const MOST_ASKED_AGAIN = 800
const WORKERS = 16

/** Some of what was acknowledged is asked for once more by its retry key, as a careful client does after a crash of its own: the same order must be told.
 * What nobody knows by now is asked for until it is known. */
export async function askAgain(load: Load, adds: readonly Add[]): Promise<void> {
  const market: Market = { ...load, pauseMs: 0, lyingSupplier: false, seed: load.seed }
  const known = adds.filter((add) => add.retryKey !== undefined && add.outcome === 'placed')
  const every = Math.max(1, Math.ceil(known.length / MOST_ASKED_AGAIN))
  const waiting = [...known.filter((_, index) => index % every === 0), ...openKeys(adds)]
  const accounts = new Map(load.accounts.map((account) => [account.account, account]))
  const worker = async (index: number) => {
    const lines = load.urls.map((url) => openLine(url, '127.0.0.8'))
    for (let add = waiting.pop(); add; add = waiting.pop()) {
      const mine = customerOf(market, index, accounts.get(add.account)!, lines)
      for (let turn = 0; turn < 5; turn += 1) {
        const outcome = await attempt(market, mine, add)
        if (outcome === 'placed' || outcome === 'refused') break
      }
    }
    for (const line of lines) await line.close()
  }
  await Promise.all(Array.from({ length: WORKERS }, (_, index) => worker(index)))
}

/** The last attempts with a key whose outcome nobody knows. */
function openKeys(adds: readonly Add[]): Add[] {
  const last = new Map(adds.flatMap((add) => (add.retryKey === undefined ? [] : [[add.retryKey, add] as const])))
  return [...last.values()].filter(({ outcome }) => outcome !== 'placed' && outcome !== 'refused')
}
