import { isEmail } from '../customers/email.ts'
import { hashKey, keyPrefix } from '../customers/key.ts'
import type { Queryable } from '../db/pool.ts'
import { spellingsOf } from '../orders/list.ts'

/** What a text turned out to be, each found by an index. `orders` and `account` say where it leads. */
export type Recognised =
  | { readonly kind: 'order' | 'orders'; readonly found: number; readonly missing: readonly string[] }
  | { readonly kind: 'reference' | 'retry-key' | 'link'; readonly found: number; readonly more: boolean }
  | { readonly kind: 'account'; readonly account: number; readonly email: string }
  | { readonly kind: 'key'; readonly account: number; readonly key: number; readonly prefix: string }

/** What was typed, read. */
export interface Reading {
  /** The orders that were found by it; null: it names an account or a key, or nothing. */
  readonly ids: readonly bigint[] | null
  readonly account: number | null
  readonly key: number | null
  readonly recognised: readonly Recognised[]
  /** What it was not searched as. */
  readonly notSearched: readonly NotSearched[]
}

export type NotSearched = 'part-of-link' | 'retry-key' | 'part-of-email' | 'words' | 'shared-reference' | 'reference'

/** More orders than one person picks from a list. */
export const MOST_FOUND = 1000

const NUMBERS = /^#?\d{1,18}(?:[\s,;]+#?\d{1,18})*$/
const KEY = /^dk_(?:live|test)_[\w-]*$/

/** Recognises an order's number, or many, a supplier's id, a link, an e-mail address, the number of an account, the first characters of a key, and a
 * customer's retry key. */
export async function readSearch(db: Queryable, typed: string): Promise<Reading> {
  const text = typed.trim()
  if (NUMBERS.test(text)) return readNumbers(db, [...new Set(text.split(/[\s,;]+/).map((number) => number.replace('#', '')))])
  if (KEY.test(text)) return readKey(db, text)
  if (isEmail(text)) {
    const account = await accountOf(db, text)
    return account ? leadsTo(account) : nothing(['part-of-email'])
  }
  if (/\s/.test(text)) return nothing(['words'])
  return readWord(db, text)
}

/** The text to keep in the address instead: a whole key is a secret, and its first characters find it as well. */
export function withoutSecret(typed: string): string {
  const text = typed.trim()
  return KEY.test(text) ? keyPrefix(text) : text
}

function nothing(notSearched: readonly NotSearched[]): Reading {
  return { ids: [], account: null, key: null, recognised: [], notSearched }
}

function leadsTo(account: Recognised & { kind: 'account' }): Reading {
  return { ids: null, account: account.account, key: null, recognised: [account], notSearched: [] }
}

const EXISTING = 'select id from orders where id = any($1::bigint[]) order by id desc'

async function readNumbers(db: Queryable, numbers: readonly string[]): Promise<Reading> {
  const asked = numbers.slice(0, MOST_FOUND)
  const { rows } = await db.query<{ id: bigint }>({ name: 'existing orders', text: EXISTING, values: [asked] })
  const ids = rows.map((row) => row.id)
  const there = new Set(ids.map(String))
  const missing = numbers.filter((number) => !there.has(String(BigInt(number))))
  if (numbers.length > 1)
    return { ids, account: null, key: null, recognised: [{ kind: 'orders', found: ids.length, missing }], notSearched: ['reference'] }
  const [number] = numbers as [string]
  const [references, account] = [await ordersWithReference(db, number), await accountNumbered(db, number)]
  const recognised: Recognised[] = [
    ...(ids.length > 0 ? [{ kind: 'order', found: 1, missing: [] } as const] : []),
    ...(references.length > 0 ? [told('reference', references)] : []),
    ...(account ? [account] : []),
  ]
  const found = [...new Set([...ids, ...references])]
  if (found.length === 0 && account) return leadsTo(account)
  return { ids: found, account: null, key: null, recognised, notSearched: ['shared-reference'] }
}

/** Whether it reads like `example.com/post/1`. */
function hasPath(text: string): boolean {
  const dot = text.indexOf('.')
  return dot !== -1 && text.includes('/', dot)
}

/** A text without a space: a link, a supplier's id or a retry key. */
async function readWord(db: Queryable, text: string): Promise<Reading> {
  const isAddress = /^https?:\/\//i.test(text) || hasPath(text)
  const references = isAddress ? [] : await ordersWithReference(db, text)
  const links = await ordersWithLink(db, text)
  // Looked for in every book, so only where nothing else has that name.
  const isRetryKey = !isAddress && references.length === 0 && links.length === 0
  const retried = isRetryKey ? await ordersWithRetryKey(db, text) : []
  if (isRetryKey && retried.length === 0 && /^[\w-]{6,512}$/.test(text)) {
    const { rows } = await db.query<FoundKey>({ name: 'brought key', text: BROUGHT_KEY, values: [text] })
    if (rows.length > 0) return readingOfKeys(rows)
  }
  const recognised = [
    ...(references.length > 0 ? [told('reference', references)] : []),
    ...(retried.length > 0 ? [told('retry-key', retried)] : []),
    ...(links.length > 0 ? [told('link', links)] : []),
  ]
  const ids = [...new Set([...references, ...retried, ...links])].toSorted((a, b) => (a < b ? 1 : -1)).slice(0, MOST_FOUND)
  return { ids, account: null, key: null, recognised, notSearched: ['part-of-link', ...(isRetryKey ? [] : (['retry-key'] as const))] }
}

function told(kind: 'reference' | 'retry-key' | 'link', ids: readonly bigint[]): Recognised {
  return { kind, found: Math.min(ids.length, MOST_FOUND), more: ids.length > MOST_FOUND }
}

// A look into the index of references per supplier. Orders that share one with another are not in it.
const WITH_REFERENCE = `
  select h.order_id as id from suppliers s cross join lateral (
    select order_id from hand_offs where supplier_id = s.id and reference = $1 and reference <> 'manual' and not shares_reference
    union
    select p.order_id from subscription_posts p where p.supplier_id = s.id and p.reference = $1 and p.order_id is not null
  ) h order by 1 desc limit ${MOST_FOUND} + 1`

async function ordersWithReference(db: Queryable, reference: string): Promise<bigint[]> {
  return (await db.query<{ id: bigint }>({ name: 'orders with reference', text: WITH_REFERENCE, values: [reference] })).rows.map(idOf)
}

// A look into the index of retry keys per book that has any: it begins with the book.
const WITH_RETRY_KEY = `
  select order_id as id from retry_keys where book_id = any((select array_agg(id) from books)::int[]) and key = $1
  order by order_id desc limit ${MOST_FOUND} + 1`

async function ordersWithRetryKey(db: Queryable, key: string): Promise<bigint[]> {
  return (await db.query<{ id: bigint }>({ name: 'orders with retry key', text: WITH_RETRY_KEY, values: [key] })).rows.map(idOf)
}

// Among ended orders the index begins with a digest of the link. Open orders have it at the end of theirs, which is looked through whole.
const WITH_LINK = `
  select id from (
    (select id from orders where ended and hashtext(link) = any((select array_agg(hashtext(w)) from unnest($1::text[]) w)::int[]) and link = any($1) offset 0)
    union all
    (select id from orders where not ended and hashtext(link) = any((select array_agg(hashtext(w)) from unnest($1::text[]) w)::int[]) and link = any($1) offset 0)
  ) o order by id desc limit $2`

/** Orders of this link on all accounts, the newest first, also in the spellings that browsers do not show. */
export async function ordersWithLink(db: Queryable, link: string, most = MOST_FOUND + 1): Promise<bigint[]> {
  return (await db.query<{ id: bigint }>({ name: 'orders with link', text: WITH_LINK, values: [spellingsOf(link), most] })).rows.map(idOf)
}

function idOf(row: { id: bigint }): bigint {
  return row.id
}

const ACCOUNT_OF = `
  select 'account' as kind, id as account, email from accounts where lower(email) = lower($1)
  union
  select 'account', a.id, a.email from users u join accounts a on a.id = u.account_id where lower(u.email) = lower($1) limit 1`

type FoundAccount = Recognised & { kind: 'account' }

async function accountOf(db: Queryable, email: string): Promise<FoundAccount | undefined> {
  return (await db.query<FoundAccount>({ name: 'account of email', text: ACCOUNT_OF, values: [email] })).rows[0]
}

const ACCOUNT_NUMBERED = `select 'account' as kind, id as account, email from accounts where id = $1`

async function accountNumbered(db: Queryable, number: string): Promise<FoundAccount | undefined> {
  if (BigInt(number) > 2_147_483_647n) return undefined
  return (await db.query<FoundAccount>({ name: 'account numbered', text: ACCOUNT_NUMBERED, values: [number] })).rows[0]
}

const KEY_WITH_PREFIX = `select 'key' as kind, id as key, account_id as account, prefix from api_keys where prefix = $1 and not of_pages limit 2`
/** A key of another panel has no form of its own: where nothing else is found, the first characters of the text are looked for. */
const BROUGHT_KEY = `
  select 'key' as kind, id as key, account_id as account, prefix from api_keys where prefix = left($1, 6) and scheme <> 'sha-256' limit 2`
const KEY_WITH_HASH = `select 'key' as kind, id as key, account_id as account, prefix from api_keys where hash = $1`

async function readKey(db: Queryable, text: string): Promise<Reading> {
  const isWhole = text.length > keyPrefix(text).length
  const { rows } = await db.query<FoundKey>(
    isWhole
      ? { name: 'key with hash', text: KEY_WITH_HASH, values: [hashKey(text)] }
      : { name: 'key with prefix', text: KEY_WITH_PREFIX, values: [text] },
  )
  return readingOfKeys(rows)
}

type FoundKey = Recognised & { kind: 'key' }

function readingOfKeys(rows: readonly FoundKey[]): Reading {
  const [first] = rows
  if (!first) return nothing([])
  // Two keys with the same first characters: their accounts are told, and neither is chosen.
  if (rows.length > 1) return { ids: [], account: null, key: null, recognised: rows, notSearched: [] }
  return { ids: null, account: first.account, key: first.key, recognised: [first], notSearched: [] }
}
