import { createHash } from 'node:crypto'
import type { Queryable } from '../db/pool.ts'
import type { StaffActor } from './actor.ts'

/** What an act is about, so that the log of a thing can be found. */
export interface Subject {
  readonly account?: number | undefined
  readonly order?: bigint | undefined
  readonly service?: number | undefined
  readonly supplier?: number | undefined
}

/** What is written about an act. The texts are JSON, and are hashed as they are stored. */
export interface NewLine {
  readonly at: Date
  readonly actor: StaffActor
  readonly act: string
  readonly subject: Subject
  readonly input: string
  readonly before: string | null
  readonly after: string | null
  readonly result: string
  readonly requestKey: string | null
}

// The number is the lock of the log: lines are written one after another, each after the commit of the one before.
const LOCK = 'select pg_advisory_xact_lock(7302)'
const NEWEST = 'select line, hash from staff_log order by line desc limit 1'
const WRITE = `
  insert into staff_log (line, at, staff_id, who, via, act, account_id, order_id, service_id, supplier_id, input, before, after, result, request_key, hash)
  select * from unnest($1::bigint[], $2::timestamptz[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[], $8::bigint[], $9::int[], $10::int[],
    $11::json[], $12::json[], $13::json[], $14::json[], $15::text[], $16::bytea[])`

/** Writes the line of an act, in the transaction of the act and as its last statement but the locks of others: until the commit, other acts wait
 * for their own lines. Answers the number of the line. */
export async function writeLine(tx: Queryable, line: NewLine): Promise<bigint> {
  return writeLines(tx, [line])
}

/** Writes several lines, one after another; otherwise as `writeLine`. Answers the number of the last one. */
export async function writeLines(tx: Queryable, told: readonly NewLine[]): Promise<bigint> {
  await tx.query(LOCK)
  const { rows } = await tx.query<{ line: bigint; hash: Buffer }>(NEWEST)
  let newest = { line: rows[0]?.line ?? 0n, hash: rows[0]?.hash ?? GENESIS }
  const written: unknown[][] = []
  for (const each of told) {
    const line = hashedFields(newest.line + 1n, each)
    newest = { line: line.line, hash: chain(newest.hash, line) }
    written.push([...Object.values(line), newest.hash])
  }
  await tx.query(
    WRITE,
    written[0]!.map((_, column) => written.map((values) => values[column])),
  )
  return newest.line
}

function hashedFields(line: bigint, { actor, subject, ...told }: NewLine): HashedFields {
  return {
    line,
    at: told.at.toISOString(),
    staffId: actor.staffId,
    who: actor.who,
    via: actor.via,
    act: told.act,
    accountId: subject.account ?? null,
    orderId: subject.order ?? null,
    serviceId: subject.service ?? null,
    supplierId: subject.supplier ?? null,
    input: told.input,
    before: told.before,
    after: told.after,
    result: told.result,
    requestKey: told.requestKey,
  }
}

/** The fields of a line that its hash covers, in this order, which is the order of the columns too. */
interface HashedFields {
  readonly line: bigint
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string
  readonly staffId: number | null
  readonly who: string
  readonly via: string
  readonly act: string
  readonly accountId: number | null
  readonly orderId: bigint | null
  readonly serviceId: number | null
  readonly supplierId: number | null
  readonly input: string
  readonly before: string | null
  readonly after: string | null
  readonly result: string
  readonly requestKey: string | null
}

const GENESIS = createHash('sha256').update('docket staff log').digest()

/** SHA-256 of the hash before and the fields, as a JSON array of texts; a field without a value is null. */
function chain(before: Buffer, line: HashedFields): Buffer {
  const fields = Object.values(line).map((value) => (value === null ? null : String(value)))
  return createHash('sha256').update(before).update(JSON.stringify(fields)).digest()
}

const FIELDS = `
  l.line, to_char(l.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, l.staff_id as "staffId", l.who, l.via, l.act,
  l.account_id as "accountId", l.order_id as "orderId", l.service_id as "serviceId", l.supplier_id as "supplierId",
  l.input::text as input, l.before::text as before, l.after::text as after, l.result::text as result, l.request_key as "requestKey"`
const AFTER = `select ${FIELDS}, l.hash from staff_log l where l.line > $1 order by l.line limit $2`

const CHUNK = 1000

/** What checking the whole log found: how many lines stand, and the first that does not. */
export interface Verified {
  readonly lines: bigint
  /** Null: every line is as it was written. */
  readonly fault: { readonly line: bigint; readonly words: string } | null
  /** The hash of the newest line that stands, to compare with one that was noted elsewhere: only this finds lines that are missing at the end. */
  readonly hash: string
  /** False: it was stopped behind this line, and no fault was found so far. */
  readonly isWhole: boolean
}

/** Where an earlier check stopped. */
export interface VerifiedSoFar {
  readonly lines: bigint
  readonly hash: string
}

/** Computes every hash again, from the first line to the last. `from`: goes on where an earlier check stopped; `mayGoOn`: asked between two
 * thousands of lines. */
export async function verifyLog(
  db: Queryable,
  { from, mayGoOn = () => true }: { readonly from?: VerifiedSoFar | undefined; readonly mayGoOn?: () => boolean } = {},
): Promise<Verified> {
  let before: Buffer = from ? Buffer.from(from.hash, 'hex') : GENESIS
  let last = from?.lines ?? 0n
  const told = (fault: Verified['fault'], isWhole = true): Verified => ({ lines: last, fault, hash: before.toString('hex'), isWhole })
  for (;;) {
    if (!mayGoOn()) return told(null, false)
    const { rows } = await db.query<HashedFields & { hash: Buffer }>({ name: 'staff log after', text: AFTER, values: [last, CHUNK] })
    for (const { hash, ...line } of rows) {
      if (line.line !== last + 1n) return told({ line: last + 1n, words: 'it is missing' })
      if (!chain(before, line).equals(hash)) return told({ line: line.line, words: 'it is not as it was written' })
      before = hash
      last = line.line
    }
    if (rows.length < CHUNK) return told(null)
  }
}

/** A line of the log, for people and programs. */
export interface LogLine {
  readonly line: bigint
  /** ISO 8601 in UTC. */
  readonly at: string
  /** Null: a command on the machine. */
  readonly staff: number | null
  readonly who: string
  readonly via: StaffActor['via']
  readonly act: string
  readonly account: number | null
  readonly order: bigint | null
  readonly service: number | null
  readonly supplier: number | null
  readonly input: object
  readonly before: object | null
  readonly after: object | null
  readonly result: object
}

/** Which lines to read; null: whatever it is. */
export interface LogFilter {
  readonly staff: number | null
  /** The name of the act. */
  readonly act: string | null
  readonly account: number | null
  readonly order: bigint | null
  readonly service: number | null
  readonly supplier: number | null
}

export const WHOLE_LOG: LogFilter = { staff: null, act: null, account: null, order: null, service: null, supplier: null }

const COLUMNS = {
  staff: 'staff_id',
  act: 'act',
  account: 'account_id',
  order: 'order_id',
  service: 'service_id',
  supplier: 'supplier_id',
} as const

/** A page of the log, newest first; `before` is the last line of the previous page. */
export async function readLog(db: Queryable, filter: LogFilter, page: { before: bigint | null; most: number }): Promise<LogLine[]> {
  const asked = (Object.keys(COLUMNS) as (keyof LogFilter)[]).filter((name) => filter[name] !== null)
  // Each combination of filters is a statement of its own, so that each is found by an index.
  const where = [...asked.map((name, index) => `l.${COLUMNS[name]} = $${index + 3}`), '($1::bigint is null or l.line < $1)'].join(' and ')
  const { rows } = await db.query<HashedFields>({
    name: `staff log ${asked.join(' ')}`,
    text: `select ${FIELDS} from staff_log l where ${where} order by l.line desc limit $2`,
    values: [page.before, page.most, ...asked.map((name) => filter[name])],
  })
  return rows.map(shownLine)
}

const ONE = `select ${FIELDS} from staff_log l where l.line = $1`

/** One line; undefined: there is no such line. */
export async function readLine(db: Queryable, line: bigint): Promise<LogLine | undefined> {
  const [row] = (await db.query<HashedFields>({ name: 'staff log line', text: ONE, values: [line] })).rows
  return row && shownLine(row)
}

// Each line of these acts may be undone; a line of one service has its number, the others name theirs in what they changed.
const OF_SERVICES = `
  select ${FIELDS} from staff_log l
  where l.act in ('service set', 'service set-many', 'service reprice', 'service undo', 'service words', 'category set')
    and ($1::bigint is null or l.line < $1)
  order by l.line desc limit $2`
const MOST_LOOKED_THROUGH = 500

/** The newest changes of services, of all or of one. */
export async function readServiceLines(db: Queryable, service: number | null, before: bigint | null, most: number): Promise<LogLine[]> {
  const looked = service === null ? most : MOST_LOOKED_THROUGH
  const { rows } = await db.query<HashedFields>({ name: 'staff log of services', text: OF_SERVICES, values: [before, looked] })
  const lines = rows.map(shownLine)
  if (service === null) return lines
  const own = await readLog(db, { ...WHOLE_LOG, service }, { before, most })
  const many = lines.filter((line) => line.service === null && String(service) in servicesIn(line.after))
  return [...own, ...many].toSorted((a, b) => Number(b.line - a.line)).slice(0, most)
}

function servicesIn(told: object | null): object {
  return told !== null && 'services' in told && told.services !== null && typeof told.services === 'object' ? told.services : {}
}

function shownLine(row: HashedFields): LogLine {
  const object = (json: string) => JSON.parse(json) as object
  return {
    line: row.line,
    at: row.at,
    staff: row.staffId,
    who: row.who,
    via: row.via as StaffActor['via'],
    act: row.act,
    account: row.accountId,
    order: row.orderId,
    service: row.serviceId,
    supplier: row.supplierId,
    input: object(row.input),
    before: row.before === null ? null : object(row.before),
    after: row.after === null ? null : object(row.after),
    result: object(row.result),
  }
}

/** What an earlier request with the same name was asked and answered. */
export interface Earlier {
  readonly line: bigint
  readonly act: string
  readonly input: string
  readonly result: string
}

const OF_REQUEST = `
  select line, act, input::text as input, result::text as result from staff_log
  where coalesce(staff_id, 0) = coalesce($1, 0) and request_key = $2`

/** Waits for a request of the same name that is under way, and answers what it did; undefined: nothing has been done under this name. */
export async function earlierRequest(tx: Queryable, staffId: number | null, requestKey: string): Promise<Earlier | undefined> {
  await tx.query('select pg_advisory_xact_lock(7303, hashtext($1))', [`${staffId ?? 0} ${requestKey}`])
  return (await tx.query<Earlier>({ name: 'staff request', text: OF_REQUEST, values: [staffId, requestKey] })).rows[0]
}
