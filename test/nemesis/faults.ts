import { open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { Hung, openLine } from './ask.ts'
import { signal } from './cluster.ts'
import { type Dice, diceOf } from './dice.ts'
import type { Stretch } from './history.ts'
import type { Fault, FaultKind } from './plan.ts'
import { warmStarts } from './warm-start.ts'
import { COMMENTS_SERVICE } from './shop.ts'
import type { Stage } from './stage.ts'
import { until } from './wait.ts'

/** Plays one fault and resolves when it is over and what it took is given back. */
type Play = (stage: Stage, fault: Fault, dice: Dice) => Promise<void>

const GIVEN_TIME_TO_END_MS = 30_000

export const plays: Partial<Record<FaultKind, Play>> = {
  async 'node-kill'(stage, fault) {
    const node = stage.nodes[fault.node]!
    await node.kill()
    await pause(Math.min(fault.ms, 1000))
    node.start()
  },

  async 'node-term'(stage, fault) {
    const node = stage.nodes[fault.node]!
    const code = await node.terminate(GIVEN_TIME_TO_END_MS)
    if (code === null)
      stage.history.violations.push({ kind: 'SIGTERM', told: `node ${fault.node} did not end: ${node.written().slice(-300)}` })
    await pause(Math.min(fault.ms, 1000))
    node.start()
  },

  async 'node-stop'(stage, fault) {
    const node = stage.nodes[fault.node]!
    await stopped(stage, fault.ms, (name) => node.signal(name))
  },

  async stall(stage, fault, dice) {
    stage.nodes[fault.node]!.tell({ stall: { ms: dice.pick([25, 100, 400]), everyMs: dice.pick([40, 150, 600]), forMs: fault.ms } })
    await pause(fault.ms)
  },

  'warm-start': warmStarts,

  async 'database-kill'(stage, fault, dice) {
    await databaseAway(stage, async () => {
      const postmaster = stage.database.postmaster()
      // Its backends notice, or are killed as well: out of memory takes one, a wrong kill all.
      if (dice.chance(0.5)) for (const pid of stage.database.processes()) signal(pid, 'SIGKILL')
      else if (postmaster !== undefined) signal(postmaster, 'SIGKILL')
      await pause(Math.min(fault.ms, 2000))
      await stage.database.bringUp()
    })
  },

  async 'backend-kill'(stage, _, dice) {
    await databaseAway(stage, async () => {
      const postmaster = stage.database.postmaster()
      const backends = stage.database.processes().filter((pid) => pid !== postmaster)
      if (backends.length > 0) signal(dice.pick(backends), 'SIGKILL')
    })
  },

  async 'database-term'(stage, fault, dice) {
    await databaseAway(stage, async () => {
      const postmaster = stage.database.postmaster()
      if (postmaster !== undefined) signal(postmaster, dice.pick(['SIGINT', 'SIGQUIT'] as const))
      await until(() => stage.database.postmaster() === undefined, 10_000)
      await pause(Math.min(fault.ms, 2000))
      await stage.database.bringUp()
    })
  },

  async 'database-stop'(stage, fault, dice) {
    const all = stage.database.processes()
    const some = dice.chance(0.5) ? all : all.filter(() => dice.chance(0.5))
    await stopped(stage, fault.ms, (name) => some.forEach((pid) => signal(pid, name)))
  },

  async 'connections-cut'(stage, fault) {
    stage.proxy!.goAway()
    await pause(fault.ms)
    stage.proxy!.comeBack()
  },

  /** In both directions, or in one: the server hears us and we do not hear it, or the other way round. */
  async 'connections-frozen'(stage, fault, dice) {
    const newOnes = dice.chance(0.5)
    const direction = dice.pick(['both', 'to server', 'to client'] as const)
    stage.proxy!.freeze({ newOnes, direction })
    await pause(fault.ms)
    stage.proxy!.thaw()
  },

  /** The database did it, and the node never hears: half of a connection is cut. */
  async 'answers-cut'(stage, fault, dice) {
    const every = dice.whole(2, 6)
    let seen = 0
    stage.proxy!.judge = (piece) =>
      /place (plain )?orders?|reserve order ids/.test(piece.toString('latin1')) && (seen += 1) % every === 0 ? 'cut after' : 'pass'
    await pause(fault.ms)
    stage.proxy!.judge = () => 'pass'
  },

  async 'clock-step'(stage, fault, dice) {
    const node = stage.nodes[fault.node]!
    node.tell({ offset: dice.pick([-3_600_000, -300_000, -61_000, -1500, 1500, 61_000, 300_000, 3_600_000]) })
    await pause(fault.ms)
    if (dice.chance(0.5)) node.tell({ offset: 0 })
  },

  /** The clock stands a moment before a minute's turn, again and again; at times it goes back across it. */
  async 'minute-turns'(stage, fault, dice) {
    const until = performance.now() + fault.ms
    let offset = 0
    while (performance.now() < until) {
      const now = Date.now() + offset
      offset += 60_000 - (now % 60_000) - 700
      for (const node of stage.nodes) node.tell({ offset })
      await pause(1400)
      if (dice.chance(0.15)) {
        for (const node of stage.nodes) node.tell({ offset: offset - 2000 })
        await pause(1000)
      }
    }
    for (const node of stage.nodes) node.tell({ offset: dice.chance(0.5) ? 0 : offset })
  },

  async 'ids-back'(stage, _, dice) {
    await sql(stage, `update order_ids set next = greatest(1, next - ${dice.pick([50, 500, 5000])})`)
  },

  async 'database-back'(stage, fault) {
    const backupFrom = stage.now()
    const backup = await stage.own!.backUp()
    await pause(fault.ms)
    const setBack = { backupFrom, from: stage.now(), until: 1e12 }
    stage.history.setBack.push(setBack)
    await databaseAway(stage, () => stage.own!.setBack(backup))
    setBack.until = stage.now()
  },

  async 'disk-full'(stage, fault) {
    // Never the machine's own disk: only one that the stage mounted.
    if ((await stat(stage.database.directory)).dev === (await stat(path.dirname(stage.database.directory))).dev) return
    const filler = path.join(stage.database.directory, 'filler')
    await databaseAway(stage, async () => {
      await fill(filler)
      await pause(fault.ms)
      await rm(filler, { force: true })
      await stage.database.bringUp()
    })
  },

  /** A customer asks for the price of a text that makes careless expressions slow. Buys nothing, needs no balance. */
  async 'long-texts'(stage, fault, dice) {
    const { account, key } = stage.history.accounts[0]!
    const line = openLine(stage.nodes[fault.node]!.url, '127.0.0.9')
    const comments = dice.pick(['a.', 'a', 'a.b-']).repeat(dice.pick([20_000, 40_000]))
    const sentAt = stage.now()
    await line
      .ask({ action: 'quote', key, service: String(COMMENTS_SERVICE), link: 'https://example.com/long', comments }, 10_000)
      .catch((error: unknown) => {
        if (error instanceof Hung)
          stage.history.violations.push({
            kind: 'hung',
            told: `a quote of ${comments.length} letters, account ${account}, at ${Math.round(sentAt)} ms`,
          })
      })
    await line.close()
  },
}

/** Nobody is blamed for the time in which the checker stopped a process. */
async function stopped(stage: Stage, ms: number, send: (name: 'SIGSTOP' | 'SIGCONT') => void) {
  const stretch: Stretch = { from: stage.now(), until: 1e12 }
  stage.history.stopped.push(stretch)
  send('SIGSTOP')
  await pause(ms)
  send('SIGCONT')
  stretch.until = stage.now()
}

async function fill(file: string) {
  const piece = Buffer.alloc(1_048_576)
  const handle = await open(file, 'w')
  try {
    for (;;) await handle.write(piece)
  } catch {
    // It is full.
  } finally {
    await handle.close()
  }
}

async function databaseAway(stage: Stage, work: () => Promise<void>) {
  stage.databaseAway += 1
  try {
    await work()
  } finally {
    stage.databaseAway -= 1
  }
}

/** The operator's own hand on the database. */
export async function sql(stage: Stage, statement: string): Promise<pg.QueryResult<Record<string, string>>> {
  const client = new pg.Client({ connectionString: stage.database.url(), connectionTimeoutMillis: 5000, query_timeout: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return await client.query(statement)
  } finally {
    await client.end().catch(() => {})
  }
}

export const diceOfFault = (fault: Fault): Dice => diceOf(fault.seed, 3)
