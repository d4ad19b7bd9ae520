import { askForOurAccount } from '../fulfilment/try-supplier.ts'
import type { Secret } from '../secret.ts'
import type { SupplierRow } from '../suppliers/registry.ts'
import type { PriceSource } from '../suppliers/supplier.ts'
import type { Moving } from './moving.ts'

interface Prices {
  open(row: SupplierRow): PriceSource | undefined
}

/** Asks a supplier of the old panel for the balance, with the address and key that would be stored. */
export function trialOf(prices: Prices, secret: Secret, privateNetwork: boolean): NonNullable<Moving['trySupplier']> {
  return async ({ name, url, key }) => {
    const limits = { callsAtOnce: 1, callsAMinute: 60, paused: false, keepsRetryKeys: null }
    const row = { id: 0, name, protocol: 'api-v2', url, sealedKey: secret.seal(key), privateNetwork, ...limits } as const
    return askForOurAccount(prices.open(row)!)
  }
}
