import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { StaffActor } from '../staff/actor.ts'

export const exportFormats = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** A list that is taken out as a file. */
export interface Export {
  readonly id: bigint
  readonly kind: 'report' | 'orders'
  /** What the list was asked for, as whoever reads it understands it. */
  readonly filter: object
  readonly format: ExportFormat
  readonly who: string
  readonly madeAt: Date
  /** Where its next piece begins, as whoever reads the list understands it; null: at the beginning. */
  readonly place: unknown
  readonly parts: number
  readonly rows: number
  readonly endedAt: Date | null
}

const ADD = 'insert into exports (kind, filter, format, staff_id, who, made_at) values ($1, $2, $3, $4, $5, $6) returning id'

export async function addExport(
  tx: Queryable,
  { kind, filter, format }: Pick<Export, 'kind' | 'filter' | 'format'>,
  actor: StaffActor,
  now: Date,
): Promise<bigint> {
  const values = [kind, JSON.stringify(filter), format, actor.staffId, actor.who, now]
  return (await tx.query<{ id: bigint }>(ADD, values)).rows[0]!.id
}

const COLUMNS = `e.id, e.kind, e.filter, e.format, e.who, e.made_at as "madeAt", e.place, e.parts, e.rows::float8 as rows, e.ended_at as "endedAt"`
// As with jobs of orders: a node that works on a file notes it with each piece; one that was killed does not.
const CLAIM = `
  update exports e set worked_at = $1 where e.id = (
    select d.id from exports d
    where d.ended_at is null and ($2::bigint is null or d.id = $2) and (d.worked_at is null or d.worked_at < $1::timestamptz - interval '30 seconds')
    order by d.worked_at nulls first, d.id limit 1 for update skip locked
  ) returning ${COLUMNS}`

/** A file that nobody works on, or this one; undefined: there is none. */
export async function claimExport(db: Queryable, now: Date, id: bigint | null = null): Promise<Export | undefined> {
  return (await db.query<Export>({ name: 'claim export', text: CLAIM, values: [now, id] })).rows[0]
}

/** A piece of a file. `next`: where the next one begins; null: it was the last. */
export interface Piece {
  readonly text: string
  readonly rows: number
  readonly next: object | null
}

const ADD_PIECE = `
  with moved as (
    update exports e set parts = e.parts + 1, rows = e.rows + $3, place = $4::json, worked_at = $5::timestamptz, ended_at = case when $4::json is null then $5::timestamptz end
    where e.id = $1 and e.parts = $2 and e.ended_at is null returning ${COLUMNS}
  ), written as (
    insert into export_parts (export_id, part, text) select id, $2::int, $6::text from moved
  )
  select * from moved`

/** Writes the next piece of a file, and answers the file as it stands then. Undefined: another node has written it. */
export async function addPiece(db: Queryable, { id, parts }: Export, { text, rows, next }: Piece, now: Date): Promise<Export | undefined> {
  const place = next === null ? null : JSON.stringify(next)
  return (await db.query<Export>({ name: 'add piece', text: ADD_PIECE, values: [id, parts, rows, place, now, text] })).rows[0]
}

const LET_GO = 'update exports set worked_at = null where id = $1 and ended_at is null'

export async function letGoOfExport(db: Queryable, id: bigint): Promise<void> {
  await db.query(LET_GO, [id])
}

const STANDING = `
  select ${COLUMNS} from exports e
  where ($1::bigint is null or e.id = $1) and ($2::bigint is null or e.id < $2) and e.kind = any($3::text[]) order by e.id desc limit $4`
const KINDS: readonly Export['kind'][] = ['report', 'orders']

/** Throws a Refusal when there is no such file, or it was deleted by now. */
export async function findExport(db: Queryable, id: bigint): Promise<Export> {
  const { rows } = await db.query<Export>(STANDING, [id, null, KINDS, 1])
  if (!rows[0]) throw refuse('unknown_export', Number(id))
  return rows[0]
}

/** Files with their progress, the newest first. */
export async function listExports(
  db: Queryable,
  kinds: readonly Export['kind'][],
  page: { readonly before: bigint | null; readonly most: number },
): Promise<Export[]> {
  return (await db.query<Export>(STANDING, [null, page.before, kinds, page.most])).rows
}

const PARTS = 'select part, text from export_parts where export_id = $1 and part >= $2 order by part limit $3'

export async function readParts(
  db: Queryable,
  id: bigint,
  { from, most }: { readonly from: number; readonly most: number },
): Promise<{ readonly part: number; readonly text: string }[]> {
  return (await db.query<{ part: number; text: string }>(PARTS, [id, from, most])).rows
}

/** The whole file, piece after piece. */
export async function* everyPart(db: Queryable, id: bigint): AsyncGenerator<string> {
  for (let from = 0; ; from += 1) {
    const [piece] = await readParts(db, id, { from, most: 1 })
    if (!piece) return
    yield piece.text
  }
}

/** For how long a file can be fetched. */
export const EXPORTS_KEPT_DAYS = 7

const FORGET = `delete from exports where made_at < $1::timestamptz - make_interval(days => $2)`

export async function forgetOldExports(db: Queryable, now: Date): Promise<void> {
  await db.query(FORGET, [now, EXPORTS_KEPT_DAYS])
}
