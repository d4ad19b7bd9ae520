import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isUnavailable } from '../db/pool.ts'
import { isRefusal, refuse } from '../refusal.ts'
import { machineUser, type StaffActor } from '../staff/actor.ts'
import { actorOfStaff } from '../staff/tokens.ts'
import { ClaimLost, claimMoving, failMoving, keepMoving, letGoOfMoving, stoppedMoving } from './claimed-movings.ts'
import { fetchPieces } from './receive-file.ts'
import { takeIn } from './take-in.ts'
import { takeExport, takeOut } from './take-export.ts'
import type { MovingContext, Telling, Work } from './moving-work.ts'
import type { MovingRow, Progress } from './movings.ts'

/** This node, or somebody, has it end here. */
class Leaves extends Error {
  readonly why: 'stopped' | 'lost' | 'leaving'
  constructor(why: Leaves['why']) {
    super(why)
    this.why = why
  }
}

const TOLD_EVERY_MS = 2000

/**
 * Works on a moving that this node can work on and nobody else does, until it is done or the node stops; before that it fetches pieces of files. Answers
 * whether it did something. A node that is killed leaves a moving that any node with its files goes on with: what came is noted in the transactions that
 * brought it.
 */
export async function workMoving(context: MovingContext, isStopping: () => boolean): Promise<number> {
  const { db, files, now, secret } = context
  const fetched = await fetchPieces({ db, files, secret, now: now() })
  const holder = await files.knownHolder()
  const worker = randomUUID()
  const moving = await claimMoving(db, { holder, worker, now: now() })
  if (!moving) return fetched
  await workOn(context, moving, worker, isStopping)
  return 1
}

async function workOn(context: MovingContext, moving: MovingRow, worker: string, isStopping: () => boolean): Promise<void> {
  const { db, now, log } = context
  const end = { id: moving.id, worker, now: now() }
  const telling = openTelling()
  let ends: Leaves['why'] | undefined
  const tell = async () => {
    const kept = await keepMoving(db, { ...end, now: now() }, telling.progress())
    if (!kept) ends = 'lost'
    else if (kept.stopAskedBy !== null) ends = 'stopped'
  }
  const heart = setInterval(() => void tell().catch(() => {}), TOLD_EVERY_MS)
  const between = async () => {
    await nextTurn()
    if (isStopping()) ends ??= 'leaving'
    if (ends) throw new Leaves(ends)
  }
  try {
    await tell()
    await between()
    const actor = await actorOf(context, moving)
    await takenBy(moving)(context, { moving, actor, worker, progress: telling, between })
  } catch (error) {
    if (error instanceof ClaimLost) return
    if (error instanceof Leaves) {
      if (error.why === 'stopped') await stoppedMoving(db, end)
      return
    }
    if (isUnavailable(error)) throw error
    if (!isRefusal(error)) log.error({ err: error, moving: moving.id }, 'a moving failed')
    await failMoving(db, end, isRefusal(error) ? error : refuse('moving_fault'))
  } finally {
    clearInterval(heart)
    await letGoOfMoving(db, end).catch((error: unknown) => log.warn({ err: error, moving: moving.id }, 'a moving could not be let go of'))
  }
}

function takenBy({ source }: MovingRow): (context: MovingContext, work: Work) => Promise<void> {
  if (source === 'out') return takeOut
  return source === 'docket' ? takeExport : takeIn
}

async function actorOf({ db }: MovingContext, { staffId, who, via }: MovingRow): Promise<StaffActor> {
  const actor = staffId === null ? { ...machineUser(who), via } : await actorOfStaff(db, staffId, via)
  if (!actor?.may.has('moving.manage')) throw refuse('moving_owner_left', who)
  return actor
}

function openTelling(): Telling & { progress(): Progress } {
  const rows: Record<string, number> = {}
  let [done, of] = [0, null as number | null]
  return {
    set: (what) => void ([done, of] = [0, what.of]),
    add: (more) => void (done += more),
    met: (kind, more) => void (rows[kind] = (rows[kind] ?? 0) + more),
    progress: () => ({ done, of, rows }),
  }
}
