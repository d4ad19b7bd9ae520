import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { asStored, type WantedWording, type Wording, type Writer, type WrittenVersion } from '../wording.ts'

/** The parts of the house that the status page tells apart. */
export const parts = ['api', 'orders', 'suppliers', 'deposits'] as const
export type Part = (typeof parts)[number]

/** Who found an incident: staff, or the figures. `silence`: no node was running. */
export type Cause = 'staff' | 'errors' | 'silence' | 'suppliers'

export const MOST_UPDATES = 100

/** One of the texts about an incident, in all languages that it is written in. */
export interface Update {
  readonly number: number
  readonly at: Date
  readonly wordings: readonly Wording[]
}

export interface Incident {
  readonly id: number
  readonly cause: Cause
  readonly affects: readonly Part[]
  readonly began: Date
  /** Null: it is open. */
  readonly settled: Date | null
  /** Of errors: the largest share of the calls that failed in a minute; of suppliers: how many were away at once. */
  readonly worst: number | null
  readonly madeBy: string | null
  /** The oldest first. */
  readonly updates: readonly Update[]
}

const COLUMNS = `
  i.id, i.cause, i.affects, i.began_at as began, i.settled_at as settled, i.worst::float8 as worst, i.made_by as "madeBy",
  (select coalesce(jsonb_agg(jsonb_build_object('number', u.number, 'at', u.at, 'wordings', u.wordings) order by u.number), '[]') from (
    select w.number, min(w.first_at) as at, jsonb_agg(jsonb_build_object('language', w.language, 'title', w.title, 'text', w.text) order by w.language) as wordings
    from (
      select distinct on (number, language) number, language, title, text, min(at) over (partition by number) as first_at
      from incident_texts where incident_id = i.id order by number, language, version desc
    ) w where w.title is not null group by w.number
  ) u) as updates
  from incidents i`
const LIST = `
  select ${COLUMNS} where $1::int is null or (i.began_at, i.id) < (select b.began_at, b.id from incidents b where b.id = $1)
  order by i.began_at desc, i.id desc limit $2`
const OPEN = `select ${COLUMNS} where i.settled_at is null order by i.id desc limit $1`
const ONE = `select ${COLUMNS} where i.id = $1`

type Row = Omit<Incident, 'updates'> & { updates: { number: number; at: string; wordings: Wording[] }[] }

function incidentOf(row: Row): Incident {
  return { ...row, updates: row.updates.map((update) => ({ ...update, at: new Date(update.at) })) }
}

/** The newest first; `before`: the last one of the page before. */
export async function listIncidents(
  db: Queryable,
  { before, most }: { readonly before: number | null; readonly most: number },
): Promise<Incident[]> {
  return (await db.query<Row>({ name: 'incidents', text: LIST, values: [before, most] })).rows.map(incidentOf)
}

export async function listOpenIncidents(db: Queryable, most: number): Promise<Incident[]> {
  return (await db.query<Row>({ name: 'open incidents', text: OPEN, values: [most] })).rows.map(incidentOf)
}

/** Undefined: there is no such incident. */
export async function readIncident(db: Queryable, id: number): Promise<Incident | undefined> {
  const [row] = (await db.query<Row>({ name: 'incident', text: ONE, values: [id] })).rows
  return row && incidentOf(row)
}

/** Throws a Refusal when there is no such incident. */
export async function findIncident(db: Queryable, id: number): Promise<Incident> {
  return (await readIncident(db, id)) ?? Promise.reject(refuse('unknown_incident', id))
}

export interface Written extends WrittenVersion {
  /** Which of the texts. */
  readonly number: number
}

const WRITTEN = `
  select number, language, version, title, at, who from incident_texts where incident_id = $1 order by at desc, number desc, language, version desc limit $2`

/** Every version of every text, the newest first. */
export async function listWritten(db: Queryable, id: number, most: number): Promise<Written[]> {
  return (await db.query<Written>(WRITTEN, [id, most])).rows
}

const OPEN_ONE = `insert into incidents (affects, began_at, made_by) values ($1, $2, $3) returning id`

/** Opens an incident with its first text. Throws a Refusal when it would begin in the future. */
export async function openIncident(
  tx: Queryable,
  { affects, began, wording }: { readonly affects: readonly Part[]; readonly began: Date | undefined; readonly wording: Wording },
  writer: Writer,
): Promise<number> {
  if (began && began > writer.now) throw refuse('incident_begins_later')
  const { rows } = await tx.query<{ id: number }>(OPEN_ONE, [[...new Set(affects)], began ?? writer.now, writer.who])
  const { id } = rows[0]!
  await write(tx, id, 1, wording, writer)
  return id
}

const LOCK = 'select from incidents where id = $1 for update'

async function lockIncident(tx: Queryable, id: number): Promise<Incident> {
  await tx.query(LOCK, [id])
  return findIncident(tx, id)
}

const HIGHEST = 'select coalesce(max(number), 0)::int as number from incident_texts where incident_id = $1'

async function highestNumber(tx: Queryable, id: number): Promise<number> {
  return (await tx.query<{ number: number }>(HIGHEST, [id])).rows[0]!.number
}

/** Adds a text to an incident, also to one that is settled. Answers its number. */
export async function updateIncident(tx: Queryable, id: number, wording: Wording, writer: Writer): Promise<number> {
  await lockIncident(tx, id)
  const number = (await highestNumber(tx, id)) + 1
  if (number > MOST_UPDATES) throw refuse('too_many_incident_texts', MOST_UPDATES)
  await write(tx, id, number, wording, writer)
  return number
}

const SETTLE = 'update incidents set settled_at = $2 where id = $1'

/** Ends an incident now. */
export async function settleIncident(tx: Queryable, id: number, now: Date): Promise<void> {
  const { settled } = await lockIncident(tx, id)
  if (settled) throw refuse('incident_settled', id)
  await tx.query(SETTLE, [id, now])
}

/** Writes one of the texts in a language, as a new version; without title and text it is not written in the language any more. Answers what it said. */
export async function writeIncident(
  tx: Queryable,
  id: number,
  number: number,
  wanted: WantedWording,
  writer: Writer,
): Promise<Wording | undefined> {
  const { updates } = await lockIncident(tx, id)
  if (number > (await highestNumber(tx, id))) throw refuse('unknown_incident_text', id, number)
  const before = updates.find((update) => update.number === number)?.wordings.find(({ language }) => language === wanted.language)
  await write(tx, id, number, wanted, writer, before)
  return before
}

const WRITE = `
  insert into incident_texts (incident_id, number, language, version, title, text, at, who)
  select $1, $2, $3, coalesce(max(version), 0) + 1, $4, $5, $6, $7 from incident_texts where incident_id = $1 and number = $2 and language = $3`

async function write(
  tx: Queryable,
  id: number,
  number: number,
  wanted: WantedWording,
  { who, now }: Writer,
  before?: Wording,
): Promise<void> {
  const stored = asStored(wanted, before, 'incident_needs_title_and_text')
  if (stored) await tx.query(WRITE, [id, number, wanted.language, stored.title, stored.text, now, who])
}
