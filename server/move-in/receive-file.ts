import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { Secret } from '../secret.ts'
import { MOST_FILE_BYTES, type MovingFiles } from './moving-files.ts'
import { findMoving, lockMoving, type MovingRow, type MovingSource } from './movings.ts'

/** The names that files of a moving have on the disk, by its source: the first of each fits files that are packed, too. */
const FILE_NAMES: Readonly<Record<MovingSource, RegExp>> = {
  glycon: /^dump\.sql(\.gz)?$/,
  smartpanel: /^dump\.sql(\.gz)?$/,
  csv: /^(suppliers|services|accounts|prices|orders)\.csv(\.gz)?$/,
  docket: /^export\.tar\.gz$/,
  hosted: /^$/,
  out: /^$/,
}

/** The name on the disk for a file that somebody chose. Throws a Refusal for one that such a moving does not read. */
export function nameOfFile(source: MovingSource, chosen: string): string {
  const bare = chosen.toLowerCase()
  const name = source === 'csv' ? bare : source === 'docket' ? 'export.tar.gz' : bare.endsWith('.gz') ? 'dump.sql.gz' : 'dump.sql'
  const isRead = FILE_NAMES[source].test(name) && (source !== 'docket' || /\.(tar\.gz|tgz)$/.test(bare))
  if (!isRead) throw refuse('file_not_of_moving', chosen)
  return name
}

/** The largest piece of a file that is taken at once: proxies pass a megabyte where nothing else is said. */
export const LARGEST_PIECE = 1_000_000

interface Receiving {
  readonly db: Database
  readonly files: MovingFiles
  readonly secret: Secret
  readonly now: Date
}

interface Begun {
  readonly name: string
  /** Null: nobody knows before it has come. */
  readonly bytes: number | null
  /** The same as before when somebody goes on with the same file. */
  readonly stamp: string
}

const KNOWN = 'select received from moving_files where moving_id = $1 and name = $2 and bytes = $3 and stamp = $4'
const FORGET = 'delete from moving_files where moving_id = $1 and name = $2'
const ADD = 'insert into moving_files (moving_id, name, bytes, received, stamp) values ($1, $2, $3, 0, $4)'
const SUM = 'select coalesce(sum(bytes), 0)::bigint as bytes from moving_files where moving_id = $1'
const HOLD = `
  update movings set state = 'files', changed_at = $4, holder = coalesce(holder, $2), holder_name = coalesce(holder_name, $3), why = null,
    holder_seen_at = case when holder is null or holder = $2 then $4 else holder_seen_at end
  where id = $1 returning holder, holder_name as "holderName"`

/** Says that a file comes. Answers from where on: a file that broke off is gone on with. The node that hears of the first one holds them all. */
export async function beginFile({ db, files, now }: Receiving, id: number, { name, bytes, stamp }: Begun): Promise<{ at: bigint }> {
  const wanted = bytes ?? MOST_FILE_BYTES
  const holder = await files.holder()
  return transaction(db, async (tx) => {
    const moving = await lockMoving(tx, id)
    takesFiles(moving, name)
    const held = (await tx.query<{ holder: string }>(HOLD, [id, holder.id, holder.name, now])).rows[0]!
    if (held.holder === holder.id && bytes !== null) await files.refuseWithoutRoom(bytes)
    const known = (await tx.query<{ received: bigint }>(KNOWN, [id, name, wanted, stamp])).rows[0]
    if (known && bytes !== null) return { at: known.received + (await waitingOf(tx, id, name)).bytes }
    await tx.query(FORGET, [id, packedOrNot(name)[0]])
    await tx.query(FORGET, [id, packedOrNot(name)[1]])
    const { bytes: others } = (await tx.query<{ bytes: bigint }>(SUM, [id])).rows[0]!
    if (wanted > MOST_FILE_BYTES || others + BigInt(wanted) > BigInt(MOST_FILE_BYTES) * 2n) throw refuse('file_too_large', MOST_FILE_BYTES)
    await tx.query(ADD, [id, name, wanted, stamp])
    return { at: 0n }
  })
}

function takesFiles({ id, state, beganAt, source }: MovingRow, name: string): void {
  const isOpen = state === 'files' || ((state === 'failed' || state === 'stopped' || state === 'looked') && beganAt === null)
  if (!isOpen) throw refuse('moving_takes_no_files', id)
  if (!FILE_NAMES[source].test(name)) throw refuse('file_not_of_moving', name)
}

/** The same file comes packed or not, never both. */
function packedOrNot(name: string): readonly [string, string] {
  const plain = name.replace(/\.gz$/, '')
  return name.endsWith('.tar.gz') ? [name, name] : [plain, `${plain}.gz`]
}

const FILE = `
  select f.name, f.received, f.bytes, m.id, m.holder, m.folder, m.state from moving_files f join movings m on m.id = f.moving_id
  where f.moving_id = $1 and f.name = $2 for update of f`
const RECEIVED = 'update moving_files set received = $3, bytes = case when $4 then $3 else bytes end where moving_id = $1 and name = $2'
const TOUCH = 'update movings set changed_at = $2 where id = $1'
const LEAVE_PIECE = 'insert into moving_pieces (moving_id, name, at, bytes, sealed) values ($1, $2, $3, $4, $5)'
/** So many pieces wait for the holder to fetch them. */
const MOST_WAITING = 8

interface FileRow {
  readonly id: number
  readonly name: string
  readonly received: bigint
  readonly bytes: bigint
  readonly holder: string
  readonly folder: string
  readonly state: string
}

interface Piece {
  readonly name: string
  readonly at: bigint
  readonly bytes: Buffer
}

/**
 * Takes the next piece of a file. Answers where the next one begins: not behind this one when another was awaited, so whoever sends begins there again.
 * Where the folder is not at this node, the piece waits in the database, sealed, for the holder; `isFull`: too many wait.
 */
export async function takePiece(receiving: Receiving, id: number, { name, at, bytes }: Piece): Promise<{ at: bigint; isFull: boolean }> {
  const { db, files, secret, now } = receiving
  const holder = await files.holder()
  return transaction(db, async (tx) => {
    const file = await lockFile(tx, id, name)
    if (!file || file.state !== 'files') throw refuse('moving_takes_no_files', id)
    await tx.query(TOUCH, [id, now])
    const end = at + BigInt(bytes.length)
    if (end > file.bytes) throw refuse('file_too_large', Number(file.bytes))
    if (file.holder === holder.id) {
      const received = await drain(tx, receiving, file)
      if (at !== received) return { at: received, isFull: false }
      await files.write(file, name, at, bytes)
      await tx.query(RECEIVED, [id, name, end, false])
      return { at: end, isFull: false }
    }
    const waiting = await waitingOf(tx, id, name)
    const next = file.received + waiting.bytes
    if (at !== next || waiting.pieces >= MOST_WAITING) return { at: next, isFull: waiting.pieces >= MOST_WAITING }
    await tx.query(LEAVE_PIECE, [id, name, at, bytes.length, secret.seal(bytes.toString('base64'))])
    return { at: end, isFull: false }
  })
}

/** Takes a whole file as it streams in, without an end that is known before. Only the holder can. */
export async function takeStream(receiving: Receiving, id: number, name: string, stream: AsyncIterable<Buffer>): Promise<void> {
  const { db, files, now } = receiving
  await beginFile(receiving, id, { name, bytes: null, stamp: '' })
  const holder = await files.holder()
  const moving = await findMoving(db, id)
  if (moving.holder !== holder.id) throw refuse('file_elsewhere', moving.holderName ?? '')
  let at = 0n
  for await (const bytes of inPieces(stream)) {
    if (at + BigInt(bytes.length) > BigInt(MOST_FILE_BYTES)) throw refuse('file_too_large', MOST_FILE_BYTES)
    await files.refuseWithoutRoom(bytes.length)
    await files.write(moving, name, at, bytes)
    at += BigInt(bytes.length)
    await db.query(TOUCH, [id, now])
  }
  await db.query(RECEIVED, [id, name, at, true])
}

const STREAMED_AT_ONCE = 4 * 1024 * 1024

async function* inPieces(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let size = 0
  for await (const bytes of stream) {
    held.push(bytes)
    size += bytes.length
    if (size < STREAMED_AT_ONCE) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(held)
}

const TO_FETCH = `
  select distinct p.moving_id as id, p.name from moving_pieces p join movings m on m.id = p.moving_id where m.holder = $1 limit 100`

/** Fetches the pieces that other nodes have left for this one. Answers how many files had some. */
export async function fetchPieces(receiving: Receiving): Promise<number> {
  const { db, files } = receiving
  const holder = await files.knownHolder()
  if (!holder) return 0
  const { rows } = await db.query<{ id: number; name: string }>(TO_FETCH, [holder.id])
  for (const { id, name } of rows) {
    await transaction(db, async (tx) => {
      const file = await lockFile(tx, id, name)
      if (file) await drain(tx, receiving, file)
    })
  }
  return rows.length
}

const PIECES = 'select at, bytes, sealed from moving_pieces where moving_id = $1 and name = $2 order by at'
const FETCHED = 'delete from moving_pieces where moving_id = $1 and name = $2 and at = $3'

/** Writes what waits in the database into the file. Answers how much of the file is here then. */
async function drain(tx: Transaction, { files, secret }: Receiving, file: FileRow): Promise<bigint> {
  const { rows } = await tx.query<{ at: bigint; bytes: number; sealed: Buffer }>(PIECES, [file.id, file.name])
  let { received } = file
  for (const { at, bytes, sealed } of rows) {
    if (at === received) {
      await files.write(file, file.name, at, Buffer.from(secret.open(sealed), 'base64'))
      received += BigInt(bytes)
      await tx.query(RECEIVED, [file.id, file.name, received, false])
    }
    await tx.query(FETCHED, [file.id, file.name, at])
  }
  return received
}

async function lockFile(tx: Transaction, id: number, name: string): Promise<FileRow | undefined> {
  return (await tx.query<FileRow>(FILE, [id, name])).rows[0]
}

const WAITING =
  'select count(*)::int as pieces, coalesce(sum(bytes), 0)::bigint as bytes from moving_pieces where moving_id = $1 and name = $2'

async function waitingOf(tx: Queryable, id: number, name: string): Promise<{ pieces: number; bytes: bigint }> {
  return (await tx.query<{ pieces: number; bytes: bigint }>(WAITING, [id, name])).rows[0]!
}
