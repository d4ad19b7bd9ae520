import { setTimeout as pause } from 'node:timers/promises'
import { type Line, openLine, pageStatus } from './ask.ts'
import { attempt, beCustomer, type Customer, customerOf, type Market } from './customer.ts'
import { diceOf } from './dice.ts'
import { diceOfFault, plays, sql } from './faults.ts'
import { accuse, groupBy, type Violation } from './history.ts'
import { judge } from './judge.ts'
import { cpuSeconds } from './node.ts'
import { askBalance, askStatuses, auditFaults, type Observed, readDatabase } from './observe.ts'
import type { Plan } from './plan.ts'
import { changeRate, PLAIN_SERVICES } from './shop.ts'
import { openStage, type Stage } from './stage.ts'
import { ready, until } from './wait.ts'

export interface Verdict {
  readonly plan: Plan
  readonly violations: readonly Violation[]
  readonly requests: Readonly<Record<string, number>>
  readonly outcomes: Readonly<Record<string, number>>
  readonly seconds: number
}

const BACK_WITHIN_MS = 30_000
/** A node at rest asks now and then; one that turns in a circle asks hundreds of times a second. */
const MOST_TRANSACTIONS_A_SECOND = 60
const MOST_CPU_SHARE = 0.4

/** Plays one seed from an empty database to the verdict. */
export async function playSeed(plan: Plan, say: (line: string) => void, onStage: (stage: Stage) => void = () => {}): Promise<Verdict> {
  const began = performance.now()
  const stage = await openStage(plan, say)
  onStage(stage)
  try {
    for (const node of stage.nodes) node.start()
    for (const [index, node] of stage.nodes.entries()) {
      if (!(await ready(node, 60_000))) throw new Error(`node ${index} was not ready before the first fault:\n${node.written()}`)
    }
    await traffic(stage)
    const violations = await conclude(stage, await isBack(stage))
    return verdictOf(stage, violations, began)
  } finally {
    await stage.close()
  }
}

function verdictOf(stage: Stage, violations: readonly Violation[], began: number): Verdict {
  const outcomes: Record<string, number> = {}
  for (const { outcome } of stage.history.adds) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  return { plan: stage.plan, violations, requests: stage.history.requests, outcomes, seconds: (performance.now() - began) / 1000 }
}

async function traffic(stage: Stage) {
  const { plan, history } = stage
  const start = stage.now()
  const end = start + plan.seconds * 1000
  let quiet = false
  const market: Market = {
    history,
    now: stage.now,
    isOver: () => quiet || stage.now() > end,
    pauseMs: plan.pauseMs,
    lyingSupplier: plan.lyingSupplier,
    seed: plan.seed,
  }
  const lines: Line[][] = []
  const customers: Customer[] = []
  for (let index = 0; index < plan.clients; index += 1) {
    const own = stage.nodes.map((node) => openLine(node.url, `127.0.0.${2 + (index % 5)}`))
    lines.push(own)
    customers.push(customerOf(market, index, history.accounts[index % history.accounts.length]!, own))
  }
  const faults = plan.faults.map(async (fault) => {
    await pause(fault.at)
    stage.say(`${seconds(stage.now() - start)} ${fault.kind} (node ${fault.node}, ${fault.ms} ms)`)
    await plays[fault.kind]?.(stage, fault, diceOfFault(fault)).catch((error: unknown) => stage.say(`${fault.kind}: ${String(error)}`))
  })
  try {
    await Promise.all([...customers.map((_, index) => beCustomer(market, index, customers)), changePrices(stage, market), ...faults])
  } finally {
    quiet = true
    for (const line of lines.flat()) await line.close()
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

/** Now and then a rate changes: whoever is charged must be charged by a price of that time. */
async function changePrices(stage: Stage, market: Market) {
  const dice = diceOf(stage.plan.seed, 11)
  while (!market.isOver()) {
    await pause(dice.whole(1500, 4000))
    if (market.isOver()) return
    const service = dice.pick(PLAIN_SERVICES)
    const cents = dice.whole(50, 150)
    const price = { service, unitsPer1000: BigInt(cents) * 1000n, from: stage.now(), until: 1e12 }
    const before = stage.history.prices.filter((each) => each.service === service && each.until === 1e12)
    stage.history.prices.push(price)
    try {
      await changeRate(stage.database.url(), service, (cents / 100).toFixed(2))
      // A restored backup brings back old prices with old orders.
      if (stage.plan.faults.some(({ kind }) => kind === 'database-back')) continue
      for (const old of before) old.until = stage.now()
    } catch {
      // It may have been changed or not: both prices are possible from here on.
    }
  }
}

/** The fault is over: every node serves again, each account can order, and nothing turns in circles. */
async function isBack(stage: Stage): Promise<boolean> {
  const back = await Promise.all(
    stage.nodes.map(async (node, index) => {
      if (await ready(node, BACK_WITHIN_MS)) return true
      const health = await pageStatus(`${node.url}/healthz`, 2000)
      accuse(
        stage.history,
        'node does not come back',
        `node ${index} is not ready ${BACK_WITHIN_MS / 1000} s after the last fault (process ${node.pid() ?? 'gone'}, /healthz ${health ?? 'does not answer'}): ${node.written().slice(-600)}`,
      )
      return false
    }),
  )
  for (const [index, node] of stage.nodes.entries()) {
    for (const { why } of node.ends) {
      if (/heap out of memory|SIGABRT|unexpected fault/.test(why)) accuse(stage.history, 'node ended by itself', `node ${index}: ${why}`)
    }
  }
  if (!back.every(Boolean)) return false
  const served = await everybodyOrders(stage)
  await isAtRest(stage)
  return served
}

const WORKERS = 16
const ENOUGH_FAILURES = 5
/** With no fault left, nobody waits long. */
const AFTER_BOUND_MS = 15_000

async function everybodyOrders(stage: Stage): Promise<boolean> {
  const { history, plan } = stage
  const waiting = [...history.accounts.entries()]
  let failures = 0
  const worker = async () => {
    const lines = stage.nodes.map((node) => openLine(node.url, '127.0.0.8'))
    for (let next = waiting.pop(); next && failures < ENOUGH_FAILURES; next = waiting.pop()) {
      const [index, account] = next
      const market: Market = { ...stage, seed: plan.seed, isOver: () => true, pauseMs: 0, lyingSupplier: false }
      const customer = customerOf(market, index, account, lines)
      const link = `https://example.com/after-${plan.seed}-${index}`
      const wanted = { service: PLAIN_SERVICES[0], quantity: 10, link, retryKey: undefined, maxCharge: undefined }
      await attempt(market, customer, wanted, undefined, AFTER_BOUND_MS)
      const add = history.adds.findLast((each) => each.link === link)!
      const isShort = add.outcome === 'refused' && add.said?.includes('Not enough funds')
      if (add.outcome === 'placed' || isShort) continue
      failures += 1
      accuse(history, 'no service after the faults', `account ${account.account} on node ${add.node}: ${add.said ?? add.outcome}`)
    }
    for (const line of lines) await line.close()
  }
  await Promise.all(Array.from({ length: WORKERS }, worker))
  return failures === 0
}

/** With no traffic, node and database do next to nothing. */
async function isAtRest(stage: Stage) {
  const measure = async () => {
    const { rows } = await sql(stage, 'select sum(xact_commit + xact_rollback) as done from pg_stat_database')
    return { done: Number(rows[0]!['done']), cpu: stage.nodes.map((node) => cpuSeconds(node.pid()!)), at: performance.now() }
  }
  const isQuiet = async () => {
    const before = await measure()
    await pause(2000)
    const after = await measure()
    const took = (after.at - before.at) / 1000
    const rate = (after.done - before.done) / took
    const cpu = Math.max(...after.cpu.map((each, index) => (each - before.cpu[index]!) / took))
    last = `${rate.toFixed(0)} transactions a second, ${(cpu * 100).toFixed(0)} % of a processor`
    return rate <= MOST_TRANSACTIONS_A_SECOND * stage.nodes.length && cpu <= MOST_CPU_SHARE
  }
  let last = ''
  // Work that was left may be done first.
  if (!(await until(isQuiet, 15_000))) accuse(stage.history, 'no rest', `without any traffic: ${last}`)
  else stage.say(`at rest: ${last}`)
}

/** Where nobody serves any more the database is asked alone. */
async function conclude(stage: Stage, serves: boolean): Promise<Violation[]> {
  try {
    const observed = await observe(stage, serves)
    const codes = await Promise.all(stage.nodes.map((node) => node.terminate(BACK_WITHIN_MS)))
    codes.forEach((code, index) => {
      if (code !== 0 && serves)
        accuse(stage.history, 'SIGTERM', `node ${index} ended with ${code}: ${stage.nodes[index]!.written().slice(-400)}`)
    })
    return judge(stage.history, observed)
  } catch (error) {
    accuse(stage.history, 'could not be observed', String(error))
    return stage.history.violations
  }
}

async function observe(stage: Stage, serves: boolean): Promise<Observed> {
  const { history } = stage
  const url = stage.database.url()
  const before = await readDatabase(url)
  if (!serves) {
    const none = { statuses: new Map(), balances: new Map(), walletsBefore: new Map(), shownToOthers: [] }
    return { ...before, ...none, auditFaults: await faultsOfOthers(stage, url) }
  }
  const line = openLine(stage.nodes[0]!.url, '127.0.0.8')
  const statuses = new Map<string, Record<string, string>>()
  const balances = new Map<number, string>()
  const shownToOthers: string[] = []
  const placed = groupBy(
    history.adds.filter((add) => add.outcome === 'placed'),
    (add) => add.account,
  )
  for (const [index, account] of history.accounts.entries()) {
    const ids = [...new Set((placed.get(account.account) ?? []).map((add) => add.order!))]
    for (const [id, status] of await askStatuses(line, account, ids)) statuses.set(`${account.account} ${id}`, status)
    balances.set(account.account, await askBalance(line, account))
    const other = history.accounts[(index + 1) % history.accounts.length]!
    const newest = before.orders.findLast((order) => order.book === account.book)
    if (newest && other !== account) {
      const told = await askStatuses(line, other, [newest.id])
      if (told.get(newest.id)?.['error'] !== 'Incorrect order ID') shownToOthers.push(newest.id)
    }
  }
  await line.close()
  const after = await readDatabase(url)
  const walletsBefore = new Map(before.books.map((book) => [book.book, book.wallet]))
  return { ...after, statuses, balances, walletsBefore, shownToOthers, auditFaults: await faultsOfOthers(stage, url) }
}

/** A counter of order ids that the checker itself set back is told by the audit until ids are reserved the next time: no fault of the server. */
async function faultsOfOthers({ plan }: Stage, url: string): Promise<string[]> {
  const found = await auditFaults(url)
  return plan.faults.some(({ kind }) => kind === 'ids-back') ? found.filter((fault) => !fault.startsWith('order_ids_are_unused')) : found
}
