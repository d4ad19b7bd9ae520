import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import newest from './routines.json' with { type: 'json' }

/** The current form of a function, view or trigger: a file in the sql/ folder of the room that owns it. */
export interface Routine {
  /** The name as `drop` takes it: `function place_orders`, `trigger tell_of_change on order_events`, `view mass_order_outcomes`. */
  readonly name: string
  readonly kind: Kind
  /** The path below `server/`. */
  readonly file: string
  readonly text: string
  readonly hash: string
}

export interface RoutineSet {
  /** Grows with every change of any routine; `npm run schema` increases it. */
  readonly revision: number
  /** In the order in which they can be created. */
  readonly routines: readonly Routine[]
}

/** In this order, because a view calls functions, and a trigger calls a function and may be on a table that a view uses. */
const KINDS = ['function', 'view', 'trigger'] as const
type Kind = (typeof KINDS)[number]

type Client = Pick<pg.ClientBase, 'query'>

const SERVER = fileURLToPath(new URL('..', import.meta.url))

/** The routines of this version of Docket. */
export function knownRoutines(): RoutineSet {
  return { revision: newest.revision, routines: readRoutines(SERVER) }
}

/** Reads `<room>/sql/<name>.sql`, `<name>.view.sql` and `<name>.trigger.sql` below a directory. It is synchronous, because a hundred small files
 * are read faster this way, and a start has nothing else to do meanwhile. */
export function readRoutines(directory: string): readonly Routine[] {
  const routines: Routine[] = []
  for (const room of readdirSync(directory, { withFileTypes: true })) {
    if (!room.isDirectory()) continue
    for (const file of filesIn(`${directory}/${room.name}/sql`)) {
      const text = readFileSync(`${directory}/${room.name}/sql/${file}`, 'utf8')
      routines.push({ ...nameOf(file, text), file: `${room.name}/sql/${file}`, text, hash: hashOf(text) })
    }
  }
  return routines.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.name < b.name ? -1 : 1))
}

/** One hash of all routines, which `routines.json` stores beside the revision. */
export function hashOfAll(routines: readonly Routine[]): string {
  return hashOf(routines.map(({ name, hash }) => `${name} ${hash}\n`).join(''))
}

/** Whether nothing has to be applied: the database has these routines, or those of a newer Docket. Call it only if the table `routines` exists. */
export async function routinesStand(client: Client, { revision, routines }: RoutineSet): Promise<boolean> {
  const noted = await readNoted(client)
  if (noted.revision !== revision) return noted.revision > revision
  return noted.hashes.size === routines.length && routines.every(({ name, hash }) => noted.hashes.get(name) === hash)
}

/** Creates each routine whose file has changed, and drops those without a file. Runs in the transaction of the caller, who holds the migrations'
 * lock. A database with the routines of a newer Docket is not changed, so that an older node that restarts during an upgrade does not overwrite
 * them (docs/decisions/0030). Returns the names of the routines that were created and dropped. */
export async function applyRoutines(client: Client, { revision, routines }: RoutineSet): Promise<string[]> {
  const noted = await readNoted(client)
  if (noted.revision > revision) return []
  // A function may call one that is created after it.
  await client.query('set local check_function_bodies = off')
  const made: Routine[] = []
  const replaced: string[] = []
  for (const kind of KINDS) {
    // The names are read again for each kind, because a file that must drop a function to replace it may drop views and triggers with it.
    const standing = await namesStanding(client, kind)
    for (const routine of routines.filter((one) => one.kind === kind)) {
      if (standing.has(routine.name) && noted.hashes.get(routine.name) === routine.hash) continue
      replaced.push(...(await make(client, routine)))
      made.push(routine)
    }
  }
  const gone = await dropGone(client, noted.hashes, routines)
  // Dropped last, because a routine that was just dropped may have depended on one of them.
  for (const signature of replaced) await client.query(`drop function ${signature}`)
  await client.query(NOTE, [made.map(({ name }) => name), made.map(({ hash }) => hash)])
  await client.query(NOTE_REVISION, [revision])
  return [...made.map(({ name }) => name), ...gone]
}

const NOTED = 'select name, hash, revision from routines'

async function readNoted(client: Client): Promise<{ revision: number; hashes: ReadonlyMap<string, string> }> {
  const { rows } = await client.query<{ name: string; hash: string; revision: number }>(NOTED)
  return { revision: Math.max(0, ...rows.map((row) => row.revision)), hashes: new Map(rows.map((row) => [row.name, row.hash])) }
}

const STANDING: Readonly<Record<Kind, string>> = {
  function: `select 'function ' || proname as name from pg_proc where pronamespace = current_schema()::regnamespace`,
  view: `select 'view ' || relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'v'`,
  trigger: `
    select format('trigger %s on %s', t.tgname, c.relname) as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal`,
}

async function namesStanding(client: Client, kind: Kind): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(STANDING[kind])
  return new Set(rows.map((row) => row.name))
}

const SIGNATURES = `
  select oid::int8::text as id, oid::regprocedure::text as signature from pg_proc
  where pronamespace = current_schema()::regnamespace and 'function ' || proname = $1`

/** Returns the older signatures that now exist beside the new one, because "create or replace" treats a function with other parameters as another
 * function. */
async function make(client: Client, routine: Routine): Promise<string[]> {
  const signatures = async () => (await client.query<{ id: string; signature: string }>(SIGNATURES, [routine.name])).rows
  const before = await signatures()
  try {
    await client.query(routine.text)
  } catch (error) {
    if (error instanceof Error) error.message = `${routine.file}: ${error.message}`
    throw error
  }
  const after = await signatures()
  const isNew = after.some(({ id }) => before.every((one) => one.id !== id))
  return isNew ? after.filter(({ id }) => before.some((one) => one.id === id)).map(({ signature }) => signature) : []
}

/** Drops by the names stored in the database; routines that depend on others are dropped first. */
async function dropGone(client: Client, noted: ReadonlyMap<string, string>, routines: readonly Routine[]): Promise<string[]> {
  const known = new Set(routines.map(({ name }) => name))
  const kindOf = (name: string) => KINDS.findIndex((kind) => name.startsWith(`${kind} `))
  const gone = [...noted.keys()].filter((name) => !known.has(name)).toSorted((a, b) => kindOf(b) - kindOf(a))
  for (const name of gone) await client.query(`drop ${name.replace(' ', ' if exists ')}`)
  await client.query('delete from routines where name = any($1)', [gone])
  return gone
}

const NOTE = `
  insert into routines (name, hash, revision, applied_at) select t.name, t.hash, 0, now() from unnest($1::text[], $2::text[]) as t(name, hash)
  on conflict (name) do update set hash = excluded.hash, applied_at = excluded.applied_at`
const NOTE_REVISION = 'update routines set revision = $1 where revision <> $1'

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((file) => file.endsWith('.sql'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function nameOf(file: string, text: string): Pick<Routine, 'kind' | 'name'> {
  const [own, kind = 'function'] = file.replace(/\.sql$/, '').split('.')
  const [, table] = /^create (?:or replace|constraint) trigger \w+ [^;]*? on (\w+)/m.exec(text) ?? []
  if (kind === 'trigger' && table !== undefined) return { kind, name: `trigger ${own} on ${table}` }
  if (kind === 'function' || kind === 'view') return { kind, name: `${kind} ${own}` }
  throw new Error(`${file} is no function, view or trigger`)
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
