import { openPool } from '../db/pool.ts'
import { repeat } from '../loops/repeat.ts'
import { MovingFiles } from '../move-in/moving-files.ts'
import { workMoving } from '../move-in/work-moving.ts'
import { sweepMovings } from '../move-in/sweep-movings.ts'
import { openSecret } from '../secret.ts'
import { openPriceSources, type PriceSources } from '../suppliers/open.ts'
import type { StartContext } from './start-context.ts'

const MOVINGS_MS = 2000
const SWEEP_MS = 10_000

/** Every node works on movings, whatever its roles are: only one with their files can. */
export async function startMovings({ config, settings, database, log, now, stops, connections }: StartContext): Promise<void> {
  // Without a time limit: what comes over is written in few large statements.
  const db = openPool(database.url, { size: connections.moving, name: 'docket moving' })
  stops.push(() => db.end())
  const secret = await openSecret(config)
  let prices: PriceSources | undefined
  stops.push(async () => prices?.close())
  const context = {
    db,
    now,
    log,
    secret,
    seller: () => settings.current().seller,
    files: new MovingFiles(config.dataDirectory),
    prices: () => (prices ??= openPriceSources(secret)),
  }
  const working = repeat(log, 'movings', MOVINGS_MS, (isStopping) => workMoving(context, isStopping))
  const sweeping = repeat(log, 'files of movings', SWEEP_MS, () => sweepMovings(context).then(() => 0))
  stops.push(async () => {
    await Promise.all([working.stop(), sweeping.stop()])
  })
}
