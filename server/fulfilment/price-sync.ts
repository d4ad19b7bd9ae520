import { changeCatalogue } from '../catalog/catalogue.ts'
import { readPriceRule } from '../catalog/margin.ts'
import { importOffers, type ImportOptions, type ImportResult } from '../catalog/sync-import.ts'
import type { Offer } from '../catalog/sync-decide.ts'
import {
  believeList,
  holdReading,
  type PriceListRow,
  type PriceSettings,
  type Reading,
  readPriceList,
  releaseReading,
  setPriceSettings,
  takeDueReading,
  takeReading,
} from '../catalog/sync-lists.ts'
import { nameCause } from '../catalog/sync-trail.ts'
import { applyOffers, type SyncResult } from '../catalog/sync.ts'
import { type Database, isConflict, type Queryable, transaction } from '../db/pool.ts'
import { isRefusal, refuse } from '../refusal.ts'
import { readSuppliers, type SupplierRow } from '../suppliers/registry.ts'
import type { PriceSource } from '../suppliers/supplier.ts'
import { type Alert, closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { ListRefused, readOffers } from './price-list.ts'
import { after } from '../loops/time.ts'

export interface SyncDependencies {
  readonly db: Database
  readonly now: () => Date
  readonly openPrices: (row: SupplierRow) => PriceSource | undefined
}

const HOUR_SECONDS = 3600
const TRY_AGAIN_SECONDS = 600

/** Reads the list that has been due longest, on one node. Answers how many it read. */
export async function syncDuePrices(deps: SyncDependencies): Promise<number> {
  const reading = await takeDueReading(deps.db, deps.now())
  if (!reading) return 0
  const row = (await readSuppliers(deps.db)).find(({ id }) => id === reading.supplierId)!
  await read(deps, { row, reading, work: syncing(row, deps) }).catch((error: unknown) => {
    // Staff already have an alert about the list.
    if (!isRefusal(error, 'list_not_believed')) throw error
  })
  return 1
}

export interface ReadByHand {
  /** Accepts a list that has lost more than half of its services. */
  readonly acceptLoss?: boolean
  /** Reports what would change, and changes nothing. */
  readonly dryRun?: boolean
}

/** The same at once, for a supplier by name. Throws a Refusal that says why nothing changed. */
export async function syncPrices(deps: SyncDependencies, name: string, options: ReadByHand = {}): Promise<SyncResult> {
  const row = await supplierOf(deps.db, name)
  return readByHand(deps, row, syncing(row, deps), options)
}

export interface Selection {
  /** The supplier's ids. */
  readonly only?: readonly string[] | undefined
  /** The supplier's categories; upper and lower case are the same. */
  readonly categories?: readonly string[] | undefined
}

/** Puts a supplier's services on sale, all or those selected; later syncs use the same margin. Throws a Refusal that says why nothing changed. */
export async function importPrices(
  deps: SyncDependencies,
  name: string,
  selection: Selection,
  options: Omit<ImportOptions, 'rule'> & ReadByHand & { readonly margin?: Pick<PriceSettings, 'percent' | 'add' | 'step'> },
): Promise<ImportResult> {
  const { percent = '0', add = '0', step = '1' } = options.margin ?? {}
  readPriceRule({ percent, add, step })
  const row = await supplierOf(deps.db, name)
  const work = async (tx: Queryable, offers: ReadonlyMap<string, Offer>) => {
    await nameCause(tx, `import from ${row.name}`, deps.now())
    await setPriceSettings(tx, row.id, options.margin ?? {}, deps.now())
    const { rule } = await readPriceList(tx, row.id)
    return importOffers(tx, row.id, selected(offers, selection), { ...options, rule })
  }
  return readByHand(deps, row, work, options)
}

async function readByHand<T>(deps: SyncDependencies, row: SupplierRow, work: Work<T>, options: ReadByHand): Promise<T> {
  if (options.dryRun === true) return tryDry(deps, row, work, options)
  const reading = await takeReading(deps.db, row.id, deps.now())
  return read(deps, { row, reading, work, acceptLoss: options.acceptLoss === true })
}

async function supplierOf(db: Database, name: string): Promise<SupplierRow> {
  const row = (await readSuppliers(db)).find((each) => each.name === name)
  if (!row) throw refuse('unknown_supplier', name)
  if (row.protocol !== 'api-v2') throw refuse('supplier_without_list', name)
  if (row.paused) throw refuse('supplier_paused', name)
  return row
}

function selected(offers: ReadonlyMap<string, Offer>, { only, categories }: Selection): Offer[] {
  const ids = only && new Set(only)
  const names = categories && new Set(categories.map((category) => category.trim().toLowerCase()))
  return [...offers.values()].filter(
    (offer) => (!ids || ids.has(offer.theirService)) && (!names || names.has(offer.category.toLowerCase())),
  )
}

type Work<T> = (tx: Queryable, offers: ReadonlyMap<string, Offer>, list: PriceListRow) => Promise<T>

class DryRun<T> extends Error {
  readonly result: T
  constructor(result: T) {
    super('dry run')
    this.result = result
  }
}

/** A list to read, and the work to do with it. */
interface Read<T> {
  readonly row: SupplierRow
  readonly reading: Reading
  readonly work: Work<T>
  readonly acceptLoss?: boolean
}

/** Claim → call → record. The call is outside every transaction; the record makes one new version of the catalogue. */
async function read<T>(deps: SyncDependencies, one: Read<T>): Promise<T> {
  const { db, now } = deps
  const { row, reading } = one
  let next = TRY_AGAIN_SECONDS
  try {
    const list = await readPriceList(db, row.id)
    const offers = await believedOffers(deps, one, list)
    const result = await record(deps, one, offers, list)
    next = HOUR_SECONDS
    return result
  } finally {
    await releaseReading(db, reading, after(now(), next))
  }
}

async function believedOffers<T>({ db, now, openPrices }: SyncDependencies, { row, acceptLoss = false }: Read<T>, list: PriceListRow) {
  try {
    return await readOffers(row.name, openPrices(row)!, list, acceptLoss)
  } catch (error) {
    if (!(error instanceof ListRefused)) throw error
    const kind = error.refusesKey ? 'supplier refuses our key' : 'price list refused'
    await raiseAlert(db, { kind, supplierId: row.id, orderId: null, words: error.message }, now())
    throw refuse('list_not_believed', 'changed', error.message)
  }
}

/** Reads the list, does the work and rolls everything back: no reading is noted, no alert raised, no number used. */
async function tryDry<T>({ db, now, openPrices }: SyncDependencies, row: SupplierRow, work: Work<T>, options: ReadByHand): Promise<T> {
  const list = await rolledBack(db, async (tx) => {
    await setPriceSettings(tx, row.id, {}, now())
    return readPriceList(tx, row.id)
  })
  const offers = await readOffers(row.name, openPrices(row)!, list, options.acceptLoss === true).catch((error: unknown) => {
    if (!(error instanceof ListRefused)) throw error
    throw refuse('list_not_believed', 'would change', error.message)
  })
  return rolledBack(db, async (tx) => {
    await setPriceSettings(tx, row.id, {}, now())
    return work(tx, offers, list)
  })
}

async function rolledBack<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  try {
    return await transaction(db, async (tx) => {
      throw new DryRun(await work(tx))
    })
  } catch (error) {
    if (error instanceof DryRun) return (error as DryRun<T>).result
    throw error
  }
}

const MOST_CONFLICTS = 5

async function record<T>(
  { db, now }: SyncDependencies,
  { row, reading, work }: Read<T>,
  offers: ReadonlyMap<string, Offer>,
  list: PriceListRow,
): Promise<T> {
  const turn = () =>
    changeCatalogue(db, async (tx) => {
      if (!(await holdReading(tx, reading))) throw refuse('list_read_again')
      const result = await work(tx, offers, list)
      await believeList(tx, row.id, [...offers.keys()], now())
      for (const kind of ['price list refused', 'supplier refuses our key'] as const) {
        await closeAlerts(tx, { kind, supplierId: row.id, orderId: null }, now())
      }
      return result
    })
  for (let conflicts = 0; ; conflicts++) {
    try {
      return await turn()
    } catch (error) {
      if (!isConflict(error) || conflicts === MOST_CONFLICTS) throw error
    }
  }
}

function syncing(row: SupplierRow, { now }: SyncDependencies): Work<SyncResult> {
  return (tx, offers, list) => sync(tx, row, { offers, list }, now())
}

interface ListRead {
  readonly offers: ReadonlyMap<string, Offer>
  readonly list: PriceListRow
}

async function sync(tx: Queryable, row: SupplierRow, { offers, list }: ListRead, now: Date): Promise<SyncResult> {
  await nameCause(tx, `sync of ${row.name}`, now)
  const result = await applyOffers(tx, row.id, offers, list.rule, now)
  const tell = async (kind: Alert['kind'], services: readonly number[], words: string) => {
    const which = { kind, supplierId: row.id, orderId: null }
    if (services.length === 0) await closeAlerts(tx, which, now)
    else await raiseAlert(tx, { ...which, words: `${words}: ${some(services)}` }, now)
  }
  await tell('cost above price', [...result.paused, ...result.flagged], 'They cost more than their price')
  await tell('services gone', result.gone, 'No supplier lists them any more')
  await tell('prices unreadable', result.unreadable, 'Their rate or range cannot be read, so they stay as they were')
  return result
}

const MOST_NAMED = 50

function some(services: readonly number[]): string {
  const named = services.slice(0, MOST_NAMED).join(', ')
  return services.length > MOST_NAMED ? `${named} and ${services.length - MOST_NAMED} more` : named
}
