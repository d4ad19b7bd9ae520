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
  readonly openPrices: (row: SupplierRow) => PriceSource | undefined | Promise<PriceSource | undefined>
}

const HOUR_SECONDS = 3600
const TRY_AGAIN_SECONDS = 600

/** A supplier's list that was read and is believed. */
export interface ListRead {
  readonly row: SupplierRow
  /** Its number; null for a dry run, which takes none. */
  readonly reading: Reading | null
  readonly offers: ReadonlyMap<string, Offer>
  readonly list: PriceListRow
}

/** Reads the list that has been due longest, on one node. Answers how many it read. */
export async function syncDuePrices(deps: SyncDependencies): Promise<number> {
  const { db, now } = deps
  const reading = await takeDueReading(db, now())
  if (!reading) return 0
  const row = (await readSuppliers(db)).find(({ id }) => id === reading.supplierId)!
  try {
    const read = await believed(deps, row, reading, false)
    await patiently(() => changeCatalogue(db, (tx) => applySync(tx, read, now())))
  } catch (error) {
    // Staff already have an alert about the list.
    if (!isRefusal(error, 'list_not_believed')) throw error
  } finally {
    await endReading(deps, reading)
  }
  return 1
}

export interface ReadByHand {
  /** Accepts a list that has lost more than half of its services. */
  readonly acceptLoss: boolean
  /** Notes no reading and raises no alert. */
  readonly dryRun: boolean
}

/** Reads a supplier's list at once, by the name of the supplier. `endReading` must follow, whatever happens. Throws a Refusal that says why nothing
 * changed. */
export async function beginReading(deps: SyncDependencies, name: string, options: ReadByHand): Promise<ListRead> {
  const { db, now } = deps
  const row = await supplierOf(db, name)
  if (options.dryRun) return readDry(deps, row, options.acceptLoss)
  const reading = await takeReading(db, row.id, now())
  try {
    return await believed(deps, row, reading, options.acceptLoss)
  } catch (error) {
    await endReading(deps, reading)
    throw error
  }
}

/** Frees a list whose reading was not applied for the next one. */
export async function endReading({ db, now }: Pick<SyncDependencies, 'db' | 'now'>, reading: Reading | null): Promise<void> {
  if (reading) await releaseReading(db, reading, after(now(), TRY_AGAIN_SECONDS))
}

export interface Selection {
  /** The supplier's ids. */
  readonly only?: readonly string[] | undefined
  /** The supplier's categories; upper and lower case are the same. */
  readonly categories?: readonly string[] | undefined
}

export type ImportByHand = Omit<ImportOptions, 'rule'> & { readonly margin: Pick<PriceSettings, 'percent' | 'add' | 'step'> }

/** Throws a Refusal for a margin that cannot be read, before the supplier is asked for anything. */
export function checkMargin({ percent = '0', add = '0', step = '1' }: ImportByHand['margin']): void {
  readPriceRule({ percent, add, step })
}

/** Puts a supplier's services on sale, all or those selected; later syncs use the same margin. Call it within the transaction that changes the
 * catalogue. */
export async function applyImport(
  tx: Queryable,
  read: ListRead,
  { selection, options }: { readonly selection: Selection; readonly options: ImportByHand },
  now: Date,
): Promise<ImportResult> {
  await holdOrRefuse(tx, read, now)
  await nameCause(tx, `import from ${read.row.name}`, now)
  await setPriceSettings(tx, read.row.id, options.margin, now)
  const { rule } = await readPriceList(tx, read.row.id)
  const result = await importOffers(tx, read.row.id, selected(read.offers, selection), { ...options, rule })
  await believe(tx, read, now)
  return result
}

/** Applies a list to the services that are bound to its supplier. Call it within the transaction that changes the catalogue. */
export async function applySync(tx: Queryable, read: ListRead, now: Date): Promise<SyncResult> {
  await holdOrRefuse(tx, read, now)
  const result = await sync(tx, read.row, read, now)
  await believe(tx, read, now)
  return result
}

async function holdOrRefuse(tx: Queryable, { reading, row }: ListRead, now: Date): Promise<void> {
  // A dry run changes the list's row in its own transaction, where nobody else sees it.
  if (reading === null) await setPriceSettings(tx, row.id, {}, now)
  else if (!(await holdReading(tx, reading))) throw refuse('list_read_again')
}

async function believe(tx: Queryable, { row, offers }: ListRead, now: Date): Promise<void> {
  await believeList(tx, row.id, { listed: [...offers.keys()], at: now, nextAt: after(now, HOUR_SECONDS) })
  for (const kind of ['price list refused', 'supplier refuses our key'] as const) {
    await closeAlerts(tx, { kind, supplierId: row.id, orderId: null }, now)
  }
}

async function believed(
  { db, now, openPrices }: SyncDependencies,
  row: SupplierRow,
  reading: Reading,
  acceptLoss: boolean,
): Promise<ListRead> {
  const list = await readPriceList(db, row.id)
  try {
    return { row, reading, list, offers: await readOffers(row.name, (await openPrices(row))!, list, acceptLoss) }
  } catch (error) {
    if (!(error instanceof ListRefused)) throw error
    const kind = error.refusesKey ? 'supplier refuses our key' : 'price list refused'
    await raiseAlert(db, { kind, supplierId: row.id, orderId: null, words: error.message }, now())
    throw refuse('list_not_believed', 'changed', error.message)
  }
}

/** Reads the list as it would be read: no reading is noted, no alert raised. */
async function readDry({ db, now, openPrices }: SyncDependencies, row: SupplierRow, acceptLoss: boolean): Promise<ListRead> {
  const list = await rolledBack(db, async (tx) => {
    await setPriceSettings(tx, row.id, {}, now())
    return readPriceList(tx, row.id)
  })
  const offers = await readOffers(row.name, (await openPrices(row))!, list, acceptLoss).catch((error: unknown) => {
    if (!(error instanceof ListRefused)) throw error
    throw refuse('list_not_believed', 'would change', error.message)
  })
  return { row, reading: null, list, offers }
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

async function rolledBack<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const undo = new Error('to be rolled back')
  let result: T
  return transaction(db, async (tx) => {
    result = await work(tx)
    throw undo
  }).catch((error: unknown) => {
    if (error === undo) return result
    throw error
  })
}

const MOST_CONFLICTS = 5

/** Tries again where another transaction was in the way more often than a transaction does by itself. */
async function patiently<T>(turn: () => Promise<T>): Promise<T> {
  for (let conflicts = 0; ; conflicts++) {
    try {
      return await turn()
    } catch (error) {
      if (!isConflict(error) || conflicts === MOST_CONFLICTS) throw error
    }
  }
}

async function sync(tx: Queryable, row: SupplierRow, { offers, list }: Pick<ListRead, 'offers' | 'list'>, now: Date): Promise<SyncResult> {
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
