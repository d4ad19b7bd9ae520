import type { Queryable, Transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { StaffActor } from '../staff/actor.ts'
import type { Report } from './report.ts'

/** Where something moves in from, or `out`: everything of this house is taken out as a file. */
export const movingSources = ['glycon', 'smartpanel', 'csv', 'hosted', 'docket', 'out'] as const
export type MovingSource = (typeof movingSources)[number]

/**
 * `files`: its files are missing. `look`: a node computes what would come. `looked`: a person has to decide. `run`: it is brought over. `stopped`: by a
 * person, and it can go on. `failed`: it says why, and can be tried again. `removed`: nothing of it is kept but this.
 */
export const movingStates = ['files', 'look', 'looked', 'run', 'done', 'stopped', 'failed', 'removed'] as const
export type MovingState = (typeof movingStates)[number]

/** What came, or would come, of an export of another Docket, and what stands in one that was made: rows by kind. */
export interface ExportReport {
  readonly rows: Readonly<Record<string, number>>
  readonly suppliersWithoutKey: readonly string[]
  /** Of one that was made: the size of its file. */
  readonly bytes?: number
}

export interface Progress {
  /** How much of the work is done, and of how much; null: nobody knows. */
  readonly done: number
  readonly of: number | null
  /** What was met so far, by kind. */
  readonly rows: Readonly<Record<string, number>>
}

/** One moving from the desk. */
export interface MovingRow {
  readonly id: number
  readonly source: MovingSource
  readonly name: string
  readonly url: string | null
  readonly privateNetwork: boolean
  readonly trySuppliers: boolean
  readonly folder: string
  /** Whose data directory has its files; null: it has none yet. */
  readonly holder: string | null
  readonly holderName: string | null
  readonly holderSeenAt: Date | null
  readonly state: MovingState
  readonly beganAt: Date | null
  readonly lookedAt: Date | null
  readonly staffId: number | null
  readonly who: string
  readonly via: StaffActor['via']
  readonly madeAt: Date
  readonly changedAt: Date
  readonly workedAt: Date | null
  readonly stopAskedBy: string | null
  readonly why: { readonly code: string; readonly values: readonly (string | number)[]; readonly words: string } | null
  readonly progress: Progress | null
  /** What would come. */
  readonly report: Report | ExportReport | null
  /** What came. */
  readonly result: Report | ExportReport | null
}

const COLUMNS = `
  m.id, m.source, m.name, m.url, m.private_network as "privateNetwork", m.try_suppliers as "trySuppliers", m.folder, m.holder, m.holder_name as "holderName",
  m.holder_seen_at as "holderSeenAt", m.state, m.began_at as "beganAt", m.looked_at as "lookedAt", m.staff_id as "staffId", m.who, m.via, m.made_at as "madeAt",
  m.changed_at as "changedAt", m.worked_at as "workedAt", m.stop_asked_by as "stopAskedBy", m.why, m.progress, m.report, m.result`

export interface NewMoving {
  readonly source: MovingSource
  readonly name: string
  readonly url: string | null
  readonly sealed: Buffer | null
  readonly privateNetwork: boolean
  readonly trySuppliers: boolean
  readonly folder: string
  readonly state: 'files' | 'look' | 'run'
}

const ADD = `
  insert into movings (source, name, url, sealed, private_network, try_suppliers, folder, state, staff_id, who, via, made_at, changed_at, began_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, case $8 when 'run' then $12::timestamptz end) returning id`

export async function addMoving(tx: Queryable, moving: NewMoving, actor: StaffActor, now: Date): Promise<number> {
  const { source, name, url, sealed, privateNetwork, trySuppliers, folder, state } = moving
  const values = [source, name, url, sealed, privateNetwork, trySuppliers, folder, state, actor.staffId, actor.who, actor.via, now]
  return (await tx.query<{ id: number }>(ADD, values)).rows[0]!.id
}

const LIST = `select ${COLUMNS} from movings m where ($1::int is null or m.id = $1) and ($2::int is null or m.id < $2) order by m.id desc limit $3`

/** The newest first. */
export async function listMovings(db: Queryable, page: { readonly before: number | null; readonly most: number }): Promise<MovingRow[]> {
  return (await db.query<MovingRow>(LIST, [null, page.before, page.most])).rows
}

/** Throws a Refusal when there is no such moving. */
export async function findMoving(db: Queryable, id: number): Promise<MovingRow> {
  const { rows } = await db.query<MovingRow>(LIST, [id, null, 1])
  if (!rows[0]) throw refuse('unknown_moving', id)
  return rows[0]
}

const LOCK = `select ${COLUMNS} from movings m where m.id = $1 for update`

/** The moving as it stands, and stays until the transaction ends. */
export async function lockMoving(tx: Transaction, id: number): Promise<MovingRow> {
  const { rows } = await tx.query<MovingRow>(LOCK, [id])
  if (!rows[0]) throw refuse('unknown_moving', id)
  return rows[0]
}

const BEGIN = `
  update movings set state = $2, staff_id = $3, who = $4, via = $5, changed_at = $6, stop_asked_by = null, why = null, progress = null, worked_at = null, worker = null,
    report = case $2 when 'look' then null else report end, looked_at = case $2 when 'look' then null else looked_at end,
    began_at = case $2 when 'run' then coalesce(began_at, $6) else began_at end
  where id = $1`

/** Hands it to the nodes: one that can read its files begins, or goes on. The actor is whose work it is. */
export async function beginMoving(tx: Queryable, id: number, state: 'look' | 'run', actor: StaffActor, now: Date): Promise<void> {
  await tx.query(BEGIN, [id, state, actor.staffId, actor.who, actor.via, now])
}

const RAN_SINCE = `
  select exists (select from movings where id <> $1 and source <> 'out' and name = $2 and began_at is not null and changed_at > $3) as ran`

/** Whether something of this panel was brought over after a look at it, so that the look tells what is not true any more. */
export async function hasRunSince(tx: Queryable, { id, name, lookedAt }: MovingRow): Promise<boolean> {
  return (await tx.query<{ ran: boolean }>(RAN_SINCE, [id, name, lookedAt])).rows[0]!.ran
}

/** A node that works on a moving says so every few seconds; one that was killed does not. */
export const SILENT_SECONDS = 15

// Where nobody works on it, there is nobody who could stop before the next step.
const STOP = `
  update movings set stop_asked_by = $2, changed_at = $3,
    state = case when worked_at is null or worked_at < $3::timestamptz - make_interval(secs => ${SILENT_SECONDS}) then 'stopped' else state end
  where id = $1 and state in ('look', 'run')`

/** Lets it end before its next step. What it has done stays. */
export async function stopMoving(tx: Queryable, id: number, who: string, now: Date): Promise<void> {
  const { rowCount } = await tx.query(STOP, [id, who, now])
  if (rowCount === 0) throw refuse('moving_not_under_way', id)
}

const REMOVE = `update movings set state = case when state = 'done' and source <> 'out' then state else 'removed' end, sealed = null, changed_at = $2 where id = $1`
const FORGET_FILES = 'delete from moving_files where moving_id = $1'

/** Its files and keys are not needed any more: who holds the files deletes them when it looks next. */
export async function removeMoving(tx: Queryable, id: number, now: Date): Promise<void> {
  await tx.query(REMOVE, [id, now])
  await tx.query(FORGET_FILES, [id])
}

/** A file of a moving, and how much of it has come. */
export interface MovingFile {
  readonly name: string
  readonly bytes: bigint
  readonly received: bigint
}

// Pieces that another node has taken have come, too: the holder fetches them before it reads the file.
const FILES = `
  select f.name, f.bytes, (f.received + coalesce((select sum(p.bytes) from moving_pieces p where p.moving_id = f.moving_id and p.name = f.name), 0))::bigint as received
  from moving_files f where f.moving_id = $1 order by f.name`

export async function listMovingFiles(db: Queryable, id: number): Promise<MovingFile[]> {
  return (await db.query<MovingFile>(FILES, [id])).rows
}
