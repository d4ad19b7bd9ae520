import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Database } from '../../server/db/pool.ts'
import { moveIn } from '../../server/move-in/move-in.ts'
import type { Moving } from '../../server/move-in/moving.ts'
import type { Panel } from '../../server/move-in/panel.ts'
import type { Report } from '../../server/move-in/report.ts'
import { openSecret } from '../../server/secret.ts'
import { machineUser } from '../../server/staff/actor.ts'
import type { Docket } from '../support/docket.ts'

/** The secret of the test's node, which hashes the keys that come over. */
export const SECRET = 'the secret of a house that is moved into'

type Changed = Partial<Pick<Moving, 'dryRun' | 'onProgress' | 'trySupplier'>> & { db?: Database }

/** Moves a panel into the test's Docket. */
export async function bring(docket: Docket, panel: Panel, changed: Changed = {}): Promise<Report> {
  const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
  const seller = { name: '', address: null, taxId: null }
  const how = {
    privateNetwork: true,
    trySupplier: null,
    onProgress: () => {},
    actor: machineUser('tests'),
    seller,
    secret,
    hashKey: secret.hash,
  }
  return moveIn({ db: docket.db, panel, now: docket.clock.now(), currency: 'USD', dryRun: false, ...how, ...changed })
}

/** A directory for dumps, removed after the tests of the file. */
export function openDumpDirectory(): (name: string) => Promise<string> {
  let made: Promise<string> | undefined
  afterAll(async () => {
    if (made) await rm(await made, { recursive: true })
  })
  return async (name) => {
    made ??= mkdtemp(join(tmpdir(), 'docket-move-in-'))
    return join(await made, name)
  }
}

/** How often an oddity was told. */
export function timesOf({ odd }: Report, words: string): number {
  return odd.filter(({ what }) => what.includes(words)).reduce((sum, { times }) => sum + times, 0)
}

/** A panel whose reading ends with an error after so many orders, like a process that is killed. */
export function brokenAfter(panel: Panel, orders: number): Panel {
  return {
    ...panel,
    async *read(wanted) {
      let read = 0
      for await (const told of panel.read(wanted)) {
        if (told.kind === 'orders') read += told.rows.length
        if (read > orders) throw new Error('the reading broke off')
        yield told
      }
    },
  }
}
