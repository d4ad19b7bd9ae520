import { bringKeys } from '../customers/bring-accounts.ts'
import { transaction } from '../db/pool.ts'
import { type Moving, noteMoved } from './moving.ts'
import type { PanelAccount } from './panel.ts'

/** So much of a key is shown to tell it from others: the rest of one with 32 characters is still more than anybody guesses. */
const SHOWN = 6

/** Keeps the keys of accounts as hashes, so that their programs change the address and nothing else. */
export async function bringKeysOf(moving: Moving, accounts: readonly PanelAccount[]): Promise<void> {
  const { db, here, findings, dryRun, now, panel, hashKey } = moving
  const count = findings.counts.keys
  const withKey = accounts.filter(({ id, key }) => key !== null && here.accounts.has(id))
  const wanted = onlyOwners(moving, withKey.filter(({ id }) => !here.keys.has(id))) // prettier-ignore
  count.read = accounts.filter(({ key }) => key !== null).length
  count.here = withKey.filter(({ id }) => here.keys.has(id)).length
  if (dryRun) {
    count.brought = wanted.length
  } else if (wanted.length > 0) {
    const keys = wanted.map(({ id, key }) => ({ account: id, hash: hashKey(key!), prefix: key!.slice(0, SHOWN) }))
    const added = await transaction(db, async (tx) => {
      const ids = await bringKeys(tx, keys, panel.name, now)
      await noteMoved(tx, moving, 'key', [...ids])
      await moving.steps.note(tx, { keys: ids.size })
      return ids
    })
    for (const { id } of wanted) if (!added.has(id)) findings.odd('key_taken', ['account', id])
    count.brought = added.size
  }
  count.leftOut = count.read - count.here - count.brought
}

/** A key that two accounts have is nobody's: both are left without. */
function onlyOwners({ findings }: Moving, accounts: readonly PanelAccount[]): PanelAccount[] {
  const owners = new Map<string, number>()
  for (const { key } of accounts) owners.set(key!, (owners.get(key!) ?? 0) + 1)
  return accounts.filter(({ id, key }) => {
    if (owners.get(key!) === 1) return true
    findings.odd('key_of_two', ['account', id])
    return false
  })
}
