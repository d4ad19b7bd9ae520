import type { Queryable } from '../db/pool.ts'
import { openOutgoing, type Outgoing } from '../outgoing/fetch.ts'
import type { Secret } from '../secret.ts'
import { apiV2Supplier } from './api-v2.ts'
import type { SupplierCalls } from './calls.ts'
import type { SupplierRow } from './registry.ts'
import { simulatedSupplier } from './simulated.ts'
import type { PriceSource, Supplier } from './supplier.ts'

export interface OpenSuppliers {
  /** Opens the supplier by its protocol; undefined for a supplier whose orders people work on. */
  open(row: SupplierRow): Supplier | undefined
  close(): Promise<void>
}

/** Opens suppliers by their protocol. It has two HTTP clients: one that refuses private networks, and one for suppliers inside a private network. */
export async function openSuppliers(deps: {
  db: Queryable
  now: () => Date
  secret: Secret
  simulatedSpeed: number
  /** Counts the calls; absent: nobody does. */
  calls?: SupplierCalls
}): Promise<OpenSuppliers> {
  const keyPrefix = `${await installationName(deps.db)}:`
  const ways = openWays()
  return {
    open(row) {
      switch (row.protocol) {
        case 'simulated':
          return simulatedSupplier({ db: deps.db, now: deps.now, speed: deps.simulatedSpeed, keepsRetryKeys: row.keepsRetryKeys ?? true })
        case 'api-v2': {
          const { keepsRetryKeys } = row
          return apiV2Supplier({ ...addressOf(row, deps.secret, ways.of(row), deps.calls), keyPrefix, keepsRetryKeys })
        }
        case 'manual':
          return undefined
        default:
          return row.protocol satisfies never
      }
    },
    close: () => ways.close(),
  }
}

export interface PriceSources {
  /** The supplier's list of services and prices, with their currency; undefined for a supplier without a list. */
  readonly open: (row: SupplierRow) => PriceSource | undefined
  close(): Promise<void>
}

export function openPriceSources(secret: Secret, calls?: SupplierCalls): PriceSources {
  const ways = openWays()
  return {
    open: (row) => (row.protocol === 'api-v2' ? apiV2Supplier(addressOf(row, secret, ways.of(row), calls)) : undefined),
    close: () => ways.close(),
  }
}

/** The suppliers' own settings (`calls_at_once`) bound what is really opened. */
const MOST_CALLS_AT_ONCE = 100

function openWays() {
  const onPublicNetworks = openOutgoing({ allowPrivate: false, connections: MOST_CALLS_AT_ONCE })
  const onPrivateNetworks = openOutgoing({ allowPrivate: true, connections: MOST_CALLS_AT_ONCE })
  return {
    of: (row: SupplierRow) => (row.privateNetwork ? onPrivateNetworks : onPublicNetworks),
    async close() {
      await Promise.all([onPublicNetworks.close(), onPrivateNetworks.close()])
    },
  }
}

function addressOf(row: SupplierRow, secret: Secret, outgoing: Outgoing, calls: SupplierCalls | undefined) {
  const onCall = (ms: number, failure: string | null) => calls?.note({ supplierId: row.id, ms, failure })
  return { url: row.url!, key: secret.open(row.sealedKey!), outgoing, onCall }
}

async function installationName(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ name: string }>('select name from installation')
  return rows[0]!.name
}
