import { setTimeout as pause } from 'node:timers/promises'
import { openLine } from '../nemesis/ask.ts'
import { accuse, groupBy } from '../nemesis/history.ts'
import { askBalance, askStatuses, auditFaults, type Observed, readDatabase } from '../nemesis/observe.ts'
import { ready, until } from '../nemesis/wait.ts'
import { type Judged, judgeRound, type RoundTimes } from './judge.ts'
import { askAgain, beClients, type Load } from './load.ts'
import { type Fault, type FaultKind, play } from './rounds.ts'
import type { Stage } from './stage.ts'

export interface Round extends Judged {
  readonly kind: FaultKind
  /** From the fault until one server led and two followed again. */
  readonly wholeAfterMs: number
}

export interface RoundOptions {
  readonly round: number
  readonly kind: FaultKind
  /** How long the clients order at least; the fault comes after a quarter of it. */
  readonly seconds: number
  readonly seed: number
}

const WHOLE_WITHIN_MS = 240_000
const BACK_WITHIN_MS = 60_000
/** After a fault the clients go on for so long. */
const AFTER_MS = 5000

/** Statuses that owners were told, and violations that were told before, over all rounds of a stage. */
interface Memory {
  readonly statuses: Map<string, Record<string, string>>
  readonly told: Set<string>
}
const memories = new WeakMap<Stage, Memory>()

/** One round: clients order, a fault comes, the machine comes back; then everything that was told is compared with what is so. */
export async function playRound(stage: Stage, { round, kind, seconds, seed }: RoundOptions): Promise<Round> {
  const { cluster, history, now } = stage
  if (!(await until(() => cluster.isWhole(), WHOLE_WITHIN_MS)))
    throw new Error(`the cluster was not whole before round ${round}:\n${await cluster.lastLines()}`)
  const leader = (await cluster.leader())!
  const before = stage.nodes.map((node) => node.pid())
  let quiet = false
  let fault: Fault | undefined
  let wholeAt: Promise<number | undefined> | undefined
  const load: Load = { history, accounts: stage.accounts, urls: stage.nodes.map(({ url }) => url), seed, round, now, isOver: () => quiet }
  const from = now()
  const clients = beClients(load)
  try {
    await pause(seconds * 250)
    await play(cluster, kind, leader, now, (begun) => {
      fault = begun
      stage.say(`round ${round}: ${kind} on ${leader.name}`)
    })
    await until(() => hasServedAgain(stage, fault!.at), BACK_WITHIN_MS)
    wholeAt = until(() => cluster.isWhole(), WHOLE_WITHIN_MS).then((isIt) => (isIt ? now() : undefined))
    await pause(Math.max(AFTER_MS, seconds * 1000 - (now() - from)))
  } finally {
    quiet = true
    await clients
  }
  const whole = await wholeAt
  const isBack = await nodesAreBack(stage, before)
  if (whole === undefined) accuse(history, 'the cluster is not whole again', `round ${round}, ${kind}:\n${await cluster.lastLines()}`)
  if (isBack)
    await askAgain(
      load,
      history.adds.filter((add) => add.sentAt >= from),
    )
  const memory = memories.get(stage) ?? { statuses: new Map(), told: new Set() }
  memories.set(stage, memory)
  const observed = await observe(stage, memory, from, kind)
  const judged = judgeRound(history, observed, timesOf(stage, from, fault!), memory.told)
  for (const each of judged.violations) memory.told.add(`${each.kind} ${each.told}`)
  return { kind, wholeAfterMs: (whole ?? now()) - fault!.at, ...judged }
}

function hasServedAgain({ history }: Stage, faultAt: number): boolean {
  const last = history.adds.findLast(({ outcome }) => outcome === 'placed')
  return last !== undefined && last.answeredAt > faultAt + 1000
}

/** A leader that dies may take along what no standby has yet. */
const USUALLY_BEHIND_MS = 1000

function timesOf({ mode }: Stage, from: number, { at, behindFrom }: Fault): RoundTimes {
  return { from, faultAt: at, behindFrom: mode === 'asynchronous' ? (behindFrom ?? at - USUALLY_BEHIND_MS) : undefined }
}

/** Ready, and the same processes as before. */
async function nodesAreBack({ nodes, history }: Stage, before: readonly (number | undefined)[]): Promise<boolean> {
  const back = await Promise.all(nodes.map((node) => ready(node, BACK_WITHIN_MS)))
  nodes.forEach((node, index) => {
    if (!back[index]) accuse(history, 'node does not come back', `node ${index}: ${node.written().slice(-600)}`)
    else if (node.pid() !== before[index]) accuse(history, 'node ended by itself', `node ${index}: ${node.ends.at(-1)?.why}`)
  })
  return back.every(Boolean)
}

async function observe(stage: Stage, { statuses }: Memory, from: number, kind: FaultKind): Promise<Observed> {
  const { history, cluster, accounts } = stage
  const leader = await cluster.leader()
  if (!leader) throw new Error(`no server leads:\n${await cluster.lastLines()}`)
  const url = cluster.adminUrl(leader)
  const before = await readDatabase(url)
  const line = openLine(stage.nodes[1]!.url, '127.0.0.8')
  const balances = new Map<number, string>()
  const shownToOthers: string[] = []
  const placed = groupBy(
    history.adds.filter(({ outcome, sentAt }) => outcome === 'placed' && sentAt >= from),
    (add) => add.account,
  )
  for (const [index, account] of accounts.entries()) {
    const ids = [...new Set((placed.get(account.account) ?? []).map((add) => add.order!))]
    for (const [id, status] of await askStatuses(line, account, ids)) statuses.set(`${account.account} ${id}`, status)
    balances.set(account.account, await askBalance(line, account))
    const other = accounts[(index + 1) % accounts.length]!
    const newest = before.orders.findLast((order) => order.book === account.book)
    if (newest && (await askStatuses(line, other, [newest.id])).get(newest.id)?.['error'] !== 'Incorrect order ID')
      shownToOthers.push(newest.id)
  }
  await line.close()
  const walletsBefore = new Map(before.books.map((book) => [book.book, book.wallet]))
  return { ...(await readDatabase(url)), statuses, balances, walletsBefore, shownToOthers, auditFaults: await faultsOf(url, kind) }
}

/** A counter that the checker itself set back is told by the audit until ids are reserved the next time. */
async function faultsOf(url: string, kind: FaultKind): Promise<string[]> {
  const found = await auditFaults(url)
  return kind === 'ids-back' ? found.filter((fault) => !fault.startsWith('order_ids_are_unused')) : found
}

export function tableOf(rounds: readonly { mode: string; round: Round }[]): string {
  const rows = rounds.map(({ mode, round }) => [
    mode,
    round.kind,
    (round.withoutServiceMs / 1000).toFixed(1),
    (round.wholeAfterMs / 1000).toFixed(0),
    (round.longestWaitMs / 1000).toFixed(1),
    `${round.lost} of ${round.acknowledged}`,
    String(round.doubled),
    String(round.falselyAcknowledged),
  ])
  const head = ['mode', 'fault', 's without an acknowledged add', 's until whole', 'longest wait, s', 'lost', 'doubled', 'false']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
