import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { formatUnits, parseUnits } from '../ledger/money.ts'
import type { Refusal } from '../refusal.ts'
import { plainJson } from '../text.ts'
import type { Holder } from './moving-files.ts'
import type { Brought } from './moving.ts'
import { type ExportReport, findMoving, type MovingRow, type Progress, SILENT_SECONDS } from './movings.ts'
import { type Report, reported } from './report.ts'

/** A claim on a moving: whoever has another name for it works on it now. */
export interface Claim {
  readonly id: number
  readonly worker: string
  readonly now: Date
}

// Two that look for work at once would both find that nobody works.
const LOCK = 'select pg_advisory_xact_lock(7320)'
// One at a time: two movings would only take from each other what is free here, and the disk.
const CLAIM = `
  update movings m set worked_at = $1, worker = $2
  where m.id = (
    select d.id from movings d
    where d.state in ('look', 'run') and (d.worked_at is null or d.worked_at < $1::timestamptz - $4::interval)
      and (d.source = 'hosted' or d.holder = $3 or (d.source = 'out' and d.holder is null))
      and not exists (select from movings o where o.state in ('look', 'run') and o.worked_at >= $1::timestamptz - $4::interval)
    order by d.id limit 1 for update skip locked
  ) returning m.id`

const ANY = `select from movings where state in ('look', 'run') limit 1`

/** A moving that a node with these files can work on; undefined: there is none, or another one is under way. */
export async function claimMoving(
  db: Database,
  { holder, worker, now }: { readonly holder: Holder | undefined; readonly worker: string; readonly now: Date },
): Promise<MovingRow | undefined> {
  if ((await db.query(ANY)).rowCount === 0) return undefined
  return transaction(db, async (tx) => {
    await tx.query(LOCK)
    const values = [now, worker, holder?.id ?? null, `${SILENT_SECONDS} seconds`]
    const { rows } = await tx.query<{ id: number }>(CLAIM, values)
    return rows[0] && findMoving(tx, rows[0].id)
  })
}

const HOLD = 'update movings set holder = $3, holder_name = $4, holder_seen_at = $5 where id = $1 and worker = $2'

/** From now on its files are at this node. */
export async function holdFiles(db: Queryable, { id, worker, now }: Claim, holder: Holder): Promise<void> {
  const { rowCount } = await db.query(HOLD, [id, worker, holder.id, holder.name, now])
  if (rowCount === 0) throw new ClaimLost()
}

const KEEP = `
  update movings set worked_at = $3, progress = $4 where id = $1 and worker = $2 and state in ('look', 'run') returning stop_asked_by as "stopAskedBy"`

/** Notes that it is worked on, and how far. Undefined: the claim was lost. */
export async function keepMoving(
  db: Queryable,
  { id, worker, now }: Claim,
  progress: Progress,
): Promise<{ stopAskedBy: string | null } | undefined> {
  return (await db.query<{ stopAskedBy: string | null }>(KEEP, [id, worker, now, plainJson(progress)])).rows[0]
}

const LET_GO = 'update movings set worked_at = null, worker = null where id = $1 and worker = $2'

/** Another node, or this one after it has started again, may go on with it at once. */
export async function letGoOfMoving(db: Queryable, { id, worker }: Claim): Promise<void> {
  await db.query(LET_GO, [id, worker])
}

const STOPPED = `update movings set state = 'stopped', changed_at = $3 where id = $1 and worker = $2`

export async function stoppedMoving(db: Queryable, { id, worker, now }: Claim): Promise<void> {
  await db.query(STOPPED, [id, worker, now])
}

const FAILED = `update movings set state = 'failed', changed_at = $3, why = $4 where id = $1 and worker = $2`

export async function failMoving(db: Queryable, { id, worker, now }: Claim, { code, values, message }: Refusal): Promise<void> {
  await db.query(FAILED, [id, worker, now, plainJson({ code, values, words: message })])
}

/** The claim was lost: another node works on it, and has this one's transaction rolled back. */
export class ClaimLost extends Error {}

const SEALED = 'select sealed from movings where id = $1 and worker = $2'

/** What was sealed for it; null: nothing. */
export async function sealedOf(db: Queryable, { id, worker }: Claim): Promise<Buffer | null> {
  return (await db.query<{ sealed: Buffer | null }>(SEALED, [id, worker])).rows[0]?.sealed ?? null
}

const LOOKED = `update movings set state = 'looked', looked_at = $3, changed_at = $3, report = $4 where id = $1 and worker = $2`

export async function lookedAt(db: Queryable, { id, worker, now }: Claim, report: Report | ExportReport): Promise<void> {
  await db.query(LOOKED, [id, worker, now, plainJson(report)])
}

/** What the transactions of a moving have brought so far, with amounts as decimal texts. */
type BroughtSoFar = Readonly<Record<string, number | string>>

const BROUGHT = 'select brought from movings where id = $1 and worker = $2 for update'
const NOTE = 'update movings set brought = $2, worked_at = $3 where id = $1'
const MONEY = ['deposits', 'charges', 'owed'] as const

async function broughtSoFar(tx: Transaction, { id, worker }: Claim): Promise<BroughtSoFar> {
  const { rows } = await tx.query<{ brought: BroughtSoFar | null }>(BROUGHT, [id, worker])
  if (!rows[0]) throw new ClaimLost()
  return rows[0].brought ?? {}
}

/** Adds, in the transaction that brings it, what it brings: so it is counted once whatever is killed, and a claim that was lost brings nothing. */
export async function noteBrought(tx: Transaction, claim: Claim, { money, ...counts }: Brought): Promise<void> {
  const before = await broughtSoFar(tx, claim)
  const after: Record<string, number | string> = { ...before }
  for (const [kind, count] of Object.entries(counts)) after[kind] = Number(before[kind] ?? 0) + count
  for (const sum of money ? MONEY : []) after[sum] = formatUnits(parseUnits(String(before[sum] ?? '0')) + money![sum])
  await tx.query(NOTE, [claim.id, plainJson(after), claim.now])
}

const DONE = `
  update movings set state = 'done', result = $3, changed_at = $4, sealed = null, worker = null, worked_at = null, stop_asked_by = null where id = $1 and worker = $2`

/** Ends it in the transaction of its last work. The counts are those of all its transactions, not only of the last stretch after a restart. */
export async function endMoving(tx: Transaction, claim: Claim, result: Report | ExportReport): Promise<void> {
  const brought = await broughtSoFar(tx, claim)
  const told = 'counts' in result ? wholeReport(result, brought) : result
  await tx.query(DONE, [claim.id, claim.worker, plainJson(told), claim.now])
}

function wholeReport(report: Report, brought: BroughtSoFar): Report {
  const counts = Object.fromEntries(
    reported.map((kind) => {
      const { read, brought: now, here, leftOut } = report.counts[kind]
      const all = Number(brought[kind] ?? 0)
      return [kind, { read, brought: all, here: here + now - all, leftOut }]
    }),
  ) as Report['counts']
  const [deposits, chargesOfOpenOrders, owed] = MONEY.map((sum) => String(brought[sum] ?? '0.00000'))
  return { ...report, counts, money: { ...report.money, deposits: deposits!, chargesOfOpenOrders: chargesOfOpenOrders!, owed: owed! } }
}
