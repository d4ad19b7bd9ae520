import { catalogueCurrency } from '../catalog/sync-lists.ts'
import { endMoving, lookedAt, noteBrought, sealedOf } from './claimed-movings.ts'
import { moveIn } from './move-in.ts'
import type { Moving, Steps } from './moving.ts'
import { listMovingFiles, type MovingRow } from './movings.ts'
import { type HostedKeys, openPanel, type Source } from './open-panel.ts'
import { refuse } from '../refusal.ts'
import { trialOf } from './try-supplier.ts'
import type { MovingContext, Work } from './moving-work.ts'

/** A server answers others between two steps, so they are small. */
const PIECE_BYTES = 128 * 1024
const ORDERS_AT_ONCE = 1000
/** For the file of the report; the page shows the first of them. */
const ODD_ROWS = 200

/** Looks at a panel, or brings it over. */
export async function takeIn(context: MovingContext, work: Work): Promise<void> {
  const { db, now, secret, seller } = context
  const { moving, actor, progress } = work
  const dryRun = moving.state === 'look'
  const claim = { id: moving.id, worker: work.worker, now: now() }
  const hosted = moving.source === 'hosted' ? await keysOf(context, work) : undefined
  const { panel, close } = await openPanel({
    source: moving.source as Source,
    place: await placeOf(context, work),
    name: moving.name,
    privateNetwork: moving.privateNetwork,
    ...(hosted && { hosted }),
    reading: { pieceBytes: PIECE_BYTES, onBytes: (bytes) => progress.add(dryRun ? bytes : 0) },
  })
  const steps: Steps = {
    ordersAtOnce: ORDERS_AT_ONCE,
    oddRows: ODD_ROWS,
    note: (tx, brought) => noteBrought(tx, { ...claim, now: now() }, brought),
    between: work.between,
    end: async (tx, report) => {
      await endMoving(tx, claim, report)
      await tx.query(COUNTED_ANEW)
    },
  }
  const onProgress: Moving['onProgress'] = (what, rows) => {
    progress.met(what, rows)
    if (!dryRun && (what === 'orders' || what === 'balances')) progress.add(rows)
  }
  try {
    progress.set({ of: await wholeOf(context, moving) })
    const report = await moveIn({
      db, panel, now: claim.now, currency: await catalogueCurrency(db), dryRun, secret, hashKey: secret.hash, actor, seller: seller(),
      privateNetwork: moving.privateNetwork, onProgress, steps,
      trySupplier: dryRun && moving.trySuppliers ? trialOf(context.prices(), secret, moving.privateNetwork) : null,
    }) // prettier-ignore
    if (dryRun) await lookedAt(db, claim, report)
  } finally {
    await close()
  }
}

// Nodes have counted the orders of accounts before those that came were there.
const COUNTED_ANEW = "select pg_notify('docket_moved_in', '')"

/** Where its files are. Throws a Refusal when one of them is not there, or not whole. */
async function placeOf({ db, files }: MovingContext, { moving }: Work): Promise<string> {
  if (moving.source === 'hosted') return moving.url!
  const stored = await listMovingFiles(db, moving.id)
  for (const { name, bytes } of stored) if ((await files.sizeOf(moving, name)) !== Number(bytes)) throw refuse('moving_lost_files', name)
  if (moving.source === 'csv') return files.folderOf(moving)
  return files.fileOf(moving, stored[0]!.name)
}

/** How much there is to do. A look reads the files a few times; bringing over is writing orders and balances. Null: nobody knows. */
async function wholeOf({ db }: MovingContext, { id, source, state, report }: MovingRow): Promise<number | null> {
  if (state === 'run') {
    if (!report || !('counts' in report)) return null
    const { counts } = report
    return counts['ended orders'].read + counts['open orders'].read + counts.accounts.read
  }
  if (source === 'hosted') return null
  const bytes = (await listMovingFiles(db, id)).reduce((sum, file) => sum + Number(file.bytes), 0)
  return bytes * (source === 'csv' ? 1 : 3)
}

/** What is sealed for a hosted panel. */
export interface SealedKeys {
  readonly key: string
  readonly servicesKey: string | null
  readonly suppliers: string
}

async function keysOf({ db, secret, now }: MovingContext, { moving, worker }: Work): Promise<HostedKeys> {
  const sealed = await sealedOf(db, { id: moving.id, worker, now: now() })
  if (!sealed) throw refuse('moving_without_address')
  const { key, servicesKey, suppliers } = JSON.parse(secret.open(sealed)) as SealedKeys
  return { key, servicesKey, suppliers: () => [suppliers] }
}
