import { addKey, revokeKey } from '../customers/keys.ts'
import { type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { openSecret, type Secret } from '../secret.ts'
import { machineUser } from '../staff/actor.ts'
import { writeLine } from '../staff/log.ts'
import { keyOfLockedSupplier, setLockedKey } from '../suppliers/registry.ts'
import { childDatabaseUrl, secretOf } from './access.ts'
import { type Child, noteNewKey, setNewKey, useNewKey } from './children.ts'
import { type Maker, withChild } from './make.ts'

const OF_KEY = `select host from child_panels where (key_id = $1 or new_key_id = $1) and state in ('making', 'open', 'suspended', 'closed')`

/** The host of the child panel that orders with this key; undefined: none does. A closed one still asks how its orders are. */
export async function panelOfKey(db: Queryable, keyId: number): Promise<string | undefined> {
  return (await db.query<{ host: string }>(OF_KEY, [keyId])).rows[0]?.host
}

/** Throws a Refusal for a key that a child panel orders with: its orders would wait for ever. */
export async function checkIsOfNoPanel(db: Queryable, keyId: number): Promise<void> {
  const host = await panelOfKey(db, keyId)
  if (host !== undefined) throw refuse('key_of_child_panel', host)
}

/** Makes the key that is to take the place of a child's. The old one holds until the new one is in the child's database. Answers its number. */
export async function renewKey(tx: Transaction, child: Child, { secret, now }: { secret: Secret; now: Date }): Promise<number> {
  const { id, host, accountId, newKeyId } = child
  // Renewed just now already: the same key is on its way.
  if (newKeyId !== null) return newKeyId
  const added = await addKey(tx, accountId, { test: false, label: labelOfKey(host) }, now)
  await setNewKey(tx, id, { keyId: added.id, sealedKey: secret.seal(added.key) })
  return added.id
}

/** What the account's list calls the key of a child. */
export function labelOfKey(host: string): string {
  return `child panel ${host}`.slice(0, 200)
}

/** The nodes of a child read its suppliers every five seconds, and every twenty while nothing changes; so long both keys hold. */
const BOTH_HOLD_MS = 30_000

/**
 * Brings a new key into the child's database, and revokes the old one once the nodes of the child have had time to read it. After a kill at any moment
 * the next round goes on. True when the child orders with the new key from now on.
 */
export async function changeKey(maker: Maker, child: Child): Promise<boolean> {
  const { id, keyId, newKeyId, newKeyAt } = child
  if (newKeyId === null) return false
  const now = maker.now()
  if (newKeyAt === null) {
    await bringKey(maker, child)
    await noteNewKey(maker.db, id, { keyId: newKeyId, at: now })
    return false
  }
  if (now.getTime() < newKeyAt.getTime() + BOTH_HOLD_MS) return false
  return transaction(maker.db, async (tx) => {
    const isUsed = await useNewKey(tx, id, newKeyId)
    if (isUsed) await revokeKey(tx, keyId, now)
    return isUsed
  })
}

async function bringKey(maker: Maker, child: Child): Promise<void> {
  if (child.sealedKey === null) return
  const key = maker.secret.open(child.sealedKey)
  const sealing = await openSecret({ secret: secretOf(maker.secret, child), dataDirectory: '' })
  await withChild(await childDatabaseUrl(maker, child), (db) =>
    transaction(db, async (tx) => {
      const supplier = await keyOfLockedSupplier(tx, sealing)
      if (!supplier || supplier.key === key) return
      await setLockedKey(tx, sealing.seal(key))
      const told = { input: JSON.stringify({ host: child.host }), before: null, after: null, result: JSON.stringify({ host: child.host }) }
      const actor = machineUser(`parent ${maker.site().name}`)
      await writeLine(tx, { at: maker.now(), actor, act: 'child renew-key', subject: { supplier: supplier.id }, ...told, requestKey: null })
    }),
  )
}
