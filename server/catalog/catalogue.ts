import type pg from 'pg'
import { coalesce } from '../db/coalesce.ts'
import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { type HouseRules, readHouseRules } from '../house-rules/rules.ts'
import type { MeasuredTime, Terms } from './terms.ts'

/** The supplier that every panel has (migration 0003): it fulfils the orders of test keys and of the demo. */
export const SIMULATED_SUPPLIER = 1

export interface Service extends Terms {
  readonly id: number
  readonly name: string
  readonly category: string
  readonly type: string
  /** As the operator typed it. */
  readonly rate: string
  readonly min: bigint
  readonly max: bigint
  readonly dripfeed: boolean
  readonly refill: boolean
  readonly cancel: boolean
  /** Days after completion; null: for ever. */
  readonly refillDays: number | null
  readonly description: string
  readonly oneActiveLink: boolean
  readonly state: 'on sale' | 'disabled' | 'hidden'
  readonly supplierId: number | null
  readonly translations: Readonly<Record<string, { name?: string; category?: string; description?: string }>>
  /** How long its newest orders took; null: too few to say. */
  readonly startTime: MeasuredTime | null
  readonly finishTime: MeasuredTime | null
}

/**
 * The services, prices and rules by which a node sells. Immutable: a change makes a new catalogue with a higher version; times that were measured
 * again make a new one with the same version.
 */
export interface Catalogue {
  readonly version: bigint
  /** In the order of the list. */
  readonly services: ReadonlyMap<number, Service>
  /** The links and texts for which no orders are taken. */
  readonly houseRules: HouseRules
}

const READ_CATALOGUE = `
  select c.version, s.id, s.name, s.category, s.type, s.rate, s.min, s.max, s.dripfeed, s.refill, s.cancel,
    s.refill_days as "refillDays", s.description, s.one_active_link as "oneActiveLink", s.state, s.supplier_id as "supplierId",
    s.translations, s.start_within as "startWithin", s.finish_within as "finishWithin", s.compensation_basis_points as "compensationBasisPoints",
    s.refill_count as "refillCount",
    case when t.start_median is not null then jsonb_build_object('median', t.start_median, 'p95', t.start_p95) end as "startTime",
    case when t.finish_median is not null then jsonb_build_object('median', t.finish_median, 'p95', t.finish_p95) end as "finishTime"
  from catalogue c left join services s on true left join service_times t on t.service_id = s.id
  order by s.position, s.id`

export async function readCatalogue(db: Queryable): Promise<Catalogue> {
  const { rows } = await db.query<Service & { version: bigint }>({ name: 'read catalogue', text: READ_CATALOGUE })
  const services = new Map<number, Service>()
  for (const { version: _, ...service } of rows) if (service.id !== null) services.set(service.id, service)
  // The rules are read after the version, never before it: a rule that is added in between is known too early, not too late.
  return { version: rows[0]!.version, services, houseRules: await readHouseRules(db) }
}

/** The node's catalogue. It is read again when the node hears of a change, or when an order is refused because of an old version. */
export interface CatalogueCache {
  current(): Catalogue
  /** Starts reading again, unless another version than `seen` is here already; all callers share one read. */
  refresh(seen?: bigint): Promise<Catalogue>
  /** The catalogue as the database has it now: looks at the version, and reads when it has changed. */
  newest(): Promise<Catalogue>
}

export async function openCatalogue(db: Database): Promise<CatalogueCache> {
  let catalogue = await readCatalogue(db)
  let reading: Promise<Catalogue> | undefined
  let next: Promise<Catalogue> | undefined

  function read(): Promise<Catalogue> {
    next = undefined
    // Reads come one after another, so a later one is newer whatever its version: a database that was restored counts on from an older version.
    reading = readCatalogue(db)
      .then((read) => (catalogue = read))
      .finally(() => (reading = undefined))
    return reading
  }

  const version = coalesce<void, bigint>(
    async (asks) => {
      const { rows } = await db.query<{ version: bigint }>({ name: 'catalogue version', text: 'select version from catalogue' })
      return asks.map(() => rows[0]!.version)
    },
    { most: 1000, slots: 1, limit: 10_000 },
  )

  const cache: CatalogueCache = {
    current: () => catalogue,
    async newest() {
      return (await version()) !== catalogue.version ? cache.refresh(catalogue.version) : catalogue
    },
    refresh(seen) {
      if (seen !== undefined && catalogue.version !== seen) return Promise.resolve(catalogue)
      if (!reading) return read()
      // The read under way may have begun before the change we heard of, so callers wait for the next one.
      next ??= reading.catch(() => {}).then(read)
      return next
    },
  }
  return cache
}

// The number is the lock of place_orders(): each batch holds it shared until it commits.
const TURN_BETWEEN_BATCHES = 'select pg_advisory_xact_lock(7301)'

/** Changes the catalogue in one transaction that takes effect between two batches of orders, never inside one. */
export function changeCatalogue<T>(db: Database | Transaction, change: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  return transaction(db, async (tx) => {
    const result = await change(tx)
    await takeEffectBetweenBatches(tx)
    return result
  })
}

/** Follows the changes of the catalogue in their transaction: from here to the commit no batch of orders begins. */
export async function takeEffectBetweenBatches(tx: Queryable): Promise<void> {
  await tx.query(TURN_BETWEEN_BATCHES)
}
