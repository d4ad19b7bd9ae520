import { mkdtempSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { movingAdd } from '../../server/acts/moving-add.ts'
import type { Database } from '../../server/db/pool.ts'
import { MovingFiles } from '../../server/move-in/moving-files.ts'
import { findMoving, type MovingRow, type MovingState } from '../../server/move-in/movings.ts'
import { beginFile, LARGEST_PIECE, takePiece } from '../../server/move-in/receive-file.ts'
import { openSecret } from '../../server/secret.ts'
import { houseOf, run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import type { Docket } from '../support/docket.ts'
import { SECRET } from './moved.ts'

/** A data directory for a node, removed after the tests of the file. */
export function dataDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'docket-moving-'))
  afterAll(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** The house as a command on this machine sees it. */
export function houseHere(docket: Docket) {
  return houseOf(docket.db, docket.clock.now, { secret: () => openSecret({ secret: SECRET, dataDirectory: '' }) })
}

/** Sends a file in pieces, as the desk does, to a node with this data directory. */
export async function sendFile(docket: Docket, directory: string, id: number, name: string, file: string): Promise<void> {
  const receiving = {
    db: docket.db,
    files: new MovingFiles(directory),
    secret: await openSecret({ secret: SECRET, dataDirectory: '' }),
    now: docket.clock.now(),
  }
  const source = await open(file)
  try {
    const { size } = await source.stat()
    let { at } = await beginFile(receiving, id, { name, bytes: size, stamp: 'test' })
    while (at < BigInt(size)) {
      const bytes = Buffer.alloc(Math.min(LARGEST_PIECE, size - Number(at)))
      await source.read(bytes, 0, bytes.length, Number(at))
      ;({ at } = await takePiece(receiving, id, { name, at, bytes }))
    }
  } finally {
    await source.close()
  }
}

/** Begins to move a dump in whose file has come. */
export async function addDump(docket: Docket, directory: string, source: string, file: string, name = source): Promise<number> {
  const { moving } = await run(houseHere(docket), movingAdd, { source, name, private_network: true })
  await sendFile(docket, directory, moving!, file.endsWith('.gz') ? 'dump.sql.gz' : 'dump.sql', file)
  return moving!
}

/** Waits for the nodes until the moving stands so. */
export function until(db: Database, id: number, state: MovingState): Promise<MovingRow> {
  return eventually(`moving ${id} is ${state}`, async () => {
    const moving = await findMoving(db, id)
    if (moving.state === 'failed' && state !== 'failed') throw new Error(`moving ${id} failed: ${moving.why?.words}`)
    return moving.state === state ? moving : undefined
  })
}
