import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { writeLine } from '../staff/log.ts'
import { plainJson } from '../text.ts'
import { endMoving, holdFiles, lookedAt } from './claimed-movings.ts'
import { ABOUT, exportTo } from './export.ts'
import { exported } from './exported.ts'
import { withoutRoom } from './moving-files.ts'
import { moveInExport } from './move-in-export.ts'
import { packed, unpacked } from './tar.ts'
import type { MovingContext, Work } from './moving-work.ts'

export const EXPORT_FILE = 'export.tar.gz'

/** Looks at an export of another Docket, or moves it in: in one transaction, so it is there as a whole or not at all. */
export async function takeExport(context: MovingContext, work: Work): Promise<void> {
  const { db, now, secret, files } = context
  const { moving, actor, progress, between } = work
  const file = files.fileOf(moving, EXPORT_FILE)
  if ((await files.sizeOf(moving, EXPORT_FILE)) === null) throw refuse('moving_lost_files', EXPORT_FILE)
  const directory = files.fileOf(moving, 'unpacked')
  await unpack(context, { file, directory, between })
  const claim = { id: moving.id, worker: work.worker, now: now() }
  const dryRun = moving.state === 'look'
  const known = moving.report && !('counts' in moving.report) ? Object.values(moving.report.rows) : []
  progress.set({ of: dryRun ? null : known.reduce((sum, rows) => sum + rows, 0) })
  const moved = await moveInExport({
    db, directory, now: claim.now, dryRun, actor, secret, between,
    onProgress: (kind, rows) => {
      progress.met(kind, rows)
      progress.add(rows)
    },
    end: (tx, { rows, suppliersWithoutKey }) => endMoving(tx, claim, { rows, suppliersWithoutKey }),
  }) // prettier-ignore
  const { rows, suppliersWithoutKey } = moved
  if (dryRun) await lookedAt(db, claim, { rows, suppliersWithoutKey })
}

const NAMES: ReadonlySet<string> = new Set([ABOUT, ...exported.map(({ table }) => `${table}.jsonl`)])
const ROOM_ASKED_EVERY = 64 * 1024 * 1024

interface Unpacking {
  readonly file: string
  readonly directory: string
  readonly between: () => Promise<void>
}

/** Unpacks an archive into a folder, once: it gets its name when all of it is there. Files of other names are refused. */
async function unpack({ files }: MovingContext, { file, directory, between }: Unpacking): Promise<void> {
  if (await stat(directory).catch(() => undefined)) return
  const part = `${directory}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { mode: 0o700 })
  const stored = createReadStream(file)
  const plain = createGunzip()
  stored.on('error', (error) => plain.destroy(error))
  try {
    for await (const { name, pieces } of unpacked(stored.pipe(plain) as AsyncIterable<Buffer>)) {
      const bare = path.posix.basename(name)
      if (!NAMES.has(bare)) throw refuse('incorrect_archive')
      await pipeline(Readable.from(watched(pieces)), createWriteStream(path.join(part, bare), { mode: 0o600, flags: 'wx' }))
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw code.startsWith('Z_') || code === 'EEXIST' ? refuse('incorrect_archive') : withoutRoom(error)
  } finally {
    stored.destroy()
  }
  if (!(await stat(path.join(part, ABOUT)).catch(() => undefined))) throw refuse('incorrect_archive')
  await rename(part, directory)

  async function* watched(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let unasked = 0
    for await (const piece of pieces) {
      if (unasked === 0) await files.refuseWithoutRoom(ROOM_ASKED_EVERY)
      unasked = (unasked + piece.length) % ROOM_ASKED_EVERY < unasked ? 0 : unasked + piece.length
      await between()
      yield piece
    }
  }
}

/** Writes everything that belongs to customers and their money into one file, as of one moment. One that broke off is begun again. */
export async function takeOut(context: MovingContext, work: Work): Promise<void> {
  const { db, now, files } = context
  const { moving, actor, progress, between } = work
  const claim = { id: moving.id, worker: work.worker, now: now() }
  await holdFiles(db, claim, await files.holder())
  await files.removeFolder(moving)
  await files.makeFolder(moving)
  const directory = files.fileOf(moving, 'lines')
  progress.set({ of: null })
  try {
    const about = await exportTo(db, directory, claim.now, async (kind, rows) => {
      progress.met(kind, rows)
      await files.refuseWithoutRoom(0)
      await between()
    })
    const file = files.fileOf(moving, EXPORT_FILE)
    await pipeline(Readable.from(inSteps(packed(directory), between)), createGzip(), createWriteStream(`${file}.part`, { mode: 0o600 }))
    await rename(`${file}.part`, file)
    await rm(directory, { recursive: true })
    const rows = Object.fromEntries(about.kinds.map(({ kind, rows: count }) => [kind, count]))
    const { size } = await stat(file)
    await transaction(db, async (tx) => {
      await endMoving(tx, claim, { rows, suppliersWithoutKey: [], bytes: size })
      const nothing = { subject: {}, before: null, after: null, requestKey: null }
      await writeLine(tx, {
        ...nothing,
        at: claim.now,
        actor,
        act: 'move-out',
        input: plainJson({ moving: moving.id }),
        result: plainJson(rows),
      })
    })
  } catch (error) {
    throw withoutRoom(error)
  }
}

async function* inSteps(pieces: AsyncIterable<Buffer>, between: () => Promise<void>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    await between()
    yield piece
  }
}
