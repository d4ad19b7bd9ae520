import { type Database, transaction } from '../db/pool.ts'
import { type Actor, logAct } from './account-log.ts'
import { insertKey } from './keys.ts'
import { keyPrefix } from './key.ts'

const LABEL = 'First steps'

// The lock makes two requests wait for each other: the later one finds the key of the earlier one.
const ACCOUNT = 'select id, currency from accounts where id = $1 for update'
const REVOKE = `
  update api_keys set revoked_at = $2, refused = true
  where account_id = $1 and test and label = $3 and revoked_at is null and not of_pages returning prefix`

/** Makes a key for trying the API with test money, shown here and never again. An account has one such key: the previous one stops working. */
export function renewFirstTestKey(db: Database, accountId: number, now: Date, actor: Actor): Promise<string> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<{ id: number; currency: string }>(ACCOUNT, [accountId])
    const revoked = await tx.query<{ prefix: string }>(REVOKE, [accountId, now, LABEL])
    for (const { prefix } of revoked.rows) await logAct(tx, accountId, actor, 'key revoked', now, `${prefix}… ${LABEL}`)
    const { key } = await insertKey(tx, rows[0]!, { test: true, label: LABEL }, now)
    await logAct(tx, accountId, actor, 'key added', now, `${keyPrefix(key)}… ${LABEL}`)
    return key
  })
}
