import type { Queryable } from '../db/pool.ts'
import { openOutgoing } from '../outgoing/fetch.ts'
import type { Secret } from '../secret.ts'
import { apiV2Supplier } from './api-v2.ts'
import { panelAsSupplier } from './panel.ts'
import type { SupplierRow } from './registry.ts'
import { simulatedSupplier } from './simulated.ts'
import type { Supplier } from './supplier.ts'

export interface OpenSuppliers {
  /** Speaks the supplier's protocol; undefined for one that is worked by people. */
  open(row: SupplierRow): Supplier | undefined
  close(): Promise<void>
}

/** Opens suppliers by their protocol. Two ways out: one that refuses private networks, one for suppliers that stand in one. */
export async function openSuppliers(deps: {
  db: Queryable
  now: () => Date
  secret: Secret
  simulatedSpeed: number
}): Promise<OpenSuppliers> {
  const keyPrefix = `${await installationName(deps.db)}:`
  const outgoing = { public: openOutgoing({ allowPrivate: false }), private: openOutgoing({ allowPrivate: true }) }
  return {
    open(row) {
      switch (row.protocol) {
        case 'simulated':
          return simulatedSupplier({ db: deps.db, now: deps.now, speed: deps.simulatedSpeed })
        case 'api-v2': {
          const way = row.privateNetwork ? outgoing.private : outgoing.public
          return panelAsSupplier(
            apiV2Supplier({ url: row.url!, key: deps.secret.open(row.sealedKey!), outgoing: way, keyPrefix }),
            row.keepsRetryKeys,
          )
        }
        case 'manual':
          return undefined
        default:
          return row.protocol satisfies never
      }
    },
    async close() {
      await Promise.all([outgoing.public.close(), outgoing.private.close()])
    },
  }
}

async function installationName(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ name: string }>('select name from installation')
  return rows[0]!.name
}
