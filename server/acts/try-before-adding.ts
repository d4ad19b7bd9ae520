import { askForOurAccount, type OurAccount } from '../fulfilment/try-supplier.ts'
import { refuse } from '../refusal.ts'
import { checkAddress } from '../suppliers/registry.ts'
import type { House } from './house.ts'

/** Asks a supplier that is not added yet for our balance, so that a wrong address or key is seen before it is saved. Changes nothing. */
export async function tryBeforeAdding(
  house: House,
  { url, key, privateNetwork }: { readonly url: string; readonly key: string; readonly privateNetwork: boolean },
): Promise<OurAccount> {
  checkAddress(url)
  if (key === '') throw refuse('key_required')
  const sealedKey = (await house.secret()).seal(key)
  const limits = { callsAtOnce: 1, callsAMinute: 60, paused: false, keepsRetryKeys: null }
  const prices = await house.priceSource({ id: NOT_ADDED, name: '', protocol: 'api-v2', url, sealedKey, privateNetwork, ...limits })
  return askForOurAccount(prices!)
}

/** No supplier has this number. */
const NOT_ADDED = 0
