import { openPool } from '../db/pool.ts'
import { repeat } from '../loops/repeat.ts'
import { MovingFiles } from '../move-in/moving-files.ts'
import { workMoving } from '../move-in/work-moving.ts'
import { openSecret } from '../secret.ts'
import { openPriceSources, type PriceSources } from '../suppliers/open.ts'
import type { StartContext } from './start-context.ts'

const MOVINGS_MS = 1000

/** Every node works on movings, whatever its roles are: only one with their files can. */
export async function startMovings({ config, settings, database, log, now, stops, connections }: StartContext): Promise<void> {
  // Without a time limit: what comes over is written in few large statements.
  const db = openPool(database.url, { size: connections.moving, name: 'docket moving' })
  stops.push(() => db.end())
  const secret = await openSecret(config)
  let prices: PriceSources | undefined
  stops.push(async () => prices?.close())
  let isWorking = true
  const context = {
    db,
    now,
    log,
    secret,
    seller: () => settings.current().seller,
    files: new MovingFiles(config.dataDirectory),
    prices: () => (prices ??= openPriceSources(secret)),
  }
  const loop = repeat(log, 'movings', MOVINGS_MS, () => workMoving(context, () => isWorking))
  stops.push(async () => {
    isWorking = false
    await loop.stop()
  })
}
