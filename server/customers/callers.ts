import { coalesce } from '../db/coalesce.ts'
import type { Database } from '../db/pool.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { hashAnyKey, type HashBroughtKey } from './key.ts'
import { type KeyRights, rightsOf, type RightsRow } from './key-rights.ts'
import { AGREED_COLUMNS, type PriceList, priceListOf } from './prices.ts'

/** The key and the account behind an API request, with everything the request needs to know of them. */
export interface Caller {
  readonly keyId: number
  readonly accountId: number
  /** The book that pays: a book of test money for a test key. */
  readonly bookId: number
  readonly test: boolean
  readonly currency: string
  /** Seconds within which an identical add without a retry key is the same one; 0: never. */
  readonly repeatWindowSeconds: number
  /** The limits of the key; null: no limits. */
  readonly rights: KeyRights | null
  readonly prices: PriceList
  /** The catalogue's version when the prices were read. */
  readonly pricesVersion: bigint
}

/** A caller as CALLER_COLUMNS reads it. */
export interface CallerRow extends RightsRow {
  hash: Buffer
  keyId: number
  accountId: number
  bookId: number
  test: boolean
  currency: string
  repeatWindowSeconds: number
  discountBasisPoints: number
  customRates: Record<string, string> | null
  /** The group whose rates it pays and none of its own; null: it has its own, or no group. */
  ratesOfGroup: number | null
  pricesVersion: bigint
}

// `refused` covers revoked keys and suspended accounts.
export const CALLER_COLUMNS = `
  select k.hash, k.id as "keyId", a.id as "accountId", b.id as "bookId", k.test, a.currency,
    a.repeat_window_seconds as "repeatWindowSeconds", k.scopes, k.service_ids as "serviceIds", k.addresses, k.expires_at as "expiresAt", k.daily_cap is not null as capped,
    ${AGREED_COLUMNS},
    case when not exists (select from custom_rates r where r.account_id = a.id) then a.group_id end as "ratesOfGroup",
    (select c.version from catalogue c) as "pricesVersion"
  from api_keys k
  join accounts a on a.id = k.account_id
  join books b on b.account_id = a.id and b.play = k.test`
const FIND_CALLERS = `${CALLER_COLUMNS} where k.hash = any($1) and not k.refused`

const MOST_REMEMBERED = 50_000
const LONGEST_KEY = 512

export interface Callers {
  /** The caller, when it is remembered. Makes no statement. */
  remembered(key: string): Caller | undefined
  /** Looks up a key that is not remembered; undefined when no usable key has this text. */
  find(key: string): Promise<Caller | undefined>
  /** Forgets all callers, except that their keys were known (see `wasKnown`). */
  forget(): void
  /** Whether a usable key had this text before the last change of keys. Such a caller is not guessing keys. */
  wasKnown(key: string): boolean
}

/** Finds callers by key: one indexed look-up the first time, memory afterwards, as long as `isFresh()` says that this node hears of changes.
 * `hashBrought` absent: keys of other panels are unknown. */
export function openCallers(db: Database, isFresh: () => boolean, queueLimit: number, hashBrought?: HashBroughtKey): Callers {
  const known = new Map<string, Caller>()
  const ofGroups = new Map<string, PriceList>()
  let before: ReadonlySet<string> = new Set()
  let generation = 0

  const lookUp = coalesce<string, Caller | undefined>(
    async (keys) => {
      const asked = generation
      const hashes = keys.map((key) => hashAnyKey(key, hashBrought))
      const { rows } = await db.query<CallerRow>({ name: 'find callers', text: FIND_CALLERS, values: [hashes] })
      const found = new Map(rows.map((row) => [row.hash.toString('hex'), callerOf(row, pricesOf(row))]))
      return keys.map((key, index) => {
        const caller = found.get(hashes[index]!.toString('hex'))
        // A row that was read before a change was heard of serves this call and is not remembered.
        if (caller && asked === generation && isFresh()) remember(key, caller)
        return caller
      })
    },
    { most: 256, slots: 2, limit: queueLimit },
  )

  /** Accounts of a group that pay alike share one list: a thousand of them need no more memory than one. */
  function pricesOf(row: CallerRow): PriceList {
    if (row.ratesOfGroup === null) return priceListOf(row)
    const name = `${row.ratesOfGroup} ${row.discountBasisPoints} ${row.pricesVersion}`
    const shared = ofGroups.get(name) ?? priceListOf(row)
    ofGroups.set(name, shared)
    return shared
  }

  function remember(key: string, caller: Caller) {
    if (known.size >= MOST_REMEMBERED) known.delete(known.keys().next().value!)
    // A copy: a text that was cut out of a request keeps the whole request in memory.
    known.set(Buffer.from(key).toString(), caller)
  }

  return {
    remembered: (key) => (isFresh() ? known.get(key) : undefined),
    find: (key) => (key.length > LONGEST_KEY ? Promise.resolve(undefined) : lookUp(key)),
    forget() {
      generation += 1
      if (known.size > 0) before = new Set(known.keys())
      known.clear()
      ofGroups.clear()
    },
    wasKnown: (key) => before.has(key),
  }
}

export function callerOf(row: CallerRow, prices = priceListOf(row)): Caller {
  return {
    keyId: row.keyId,
    accountId: row.accountId,
    bookId: row.bookId,
    test: row.test,
    currency: row.currency,
    repeatWindowSeconds: row.repeatWindowSeconds,
    rights: rightsOf(row),
    prices,
    pricesVersion: row.pricesVersion,
  }
}

export function invalidKey(): Refusal {
  return refuse('invalid_key')
}

const REFUSED_KEYS = 'select id from api_keys where id = any($1::int[]) and refused'

/**
 * Refuses a remembered caller whose key has been revoked since. It asks the database, so that a revocation holds at once on every node. The actions
 * that are called most ask within their own statement instead.
 */
export function openKeyCheck(db: Database, queueLimit: number): (caller: Caller) => Promise<void> {
  const isRefused = coalesce<number, boolean>(
    async (keyIds) => {
      const { rows } = await db.query<{ id: number }>({ name: 'refused keys', text: REFUSED_KEYS, values: [keyIds] })
      const refused = new Set(rows.map((row) => row.id))
      return keyIds.map((id) => refused.has(id))
    },
    { most: 512, slots: 2, limit: queueLimit },
  )
  return async (caller) => {
    if (await isRefused(caller.keyId)) throw invalidKey()
  }
}
