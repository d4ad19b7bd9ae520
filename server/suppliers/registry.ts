import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { Secret } from '../secret.ts'
import { isUrl } from '../url.ts'

/** A supplier as the operator set it up. */
export interface SupplierRow {
  readonly id: number
  readonly name: string
  readonly protocol: 'simulated' | 'api-v2' | 'manual'
  readonly url: string | null
  readonly sealedKey: Buffer | null
  readonly privateNetwork: boolean
  readonly callsAtOnce: number
  readonly callsAMinute: number
  readonly paused: boolean
  readonly keepsRetryKeys: boolean | null
  /** It is the panel that made this one: its address and key stay as they are. */
  readonly locked?: boolean
}

const SUPPLIERS = `
  select id, name, protocol, url, sealed_key as "sealedKey", private_network as "privateNetwork", calls_at_once as "callsAtOnce",
    calls_a_minute as "callsAMinute", paused, keeps_retry_keys as "keepsRetryKeys", locked
  from suppliers order by id`

export async function readSuppliers(db: Queryable): Promise<SupplierRow[]> {
  return (await db.query<SupplierRow>({ name: 'suppliers', text: SUPPLIERS })).rows
}

export interface NewSupplier {
  readonly name: string
  readonly protocol: SupplierRow['protocol']
  readonly url: string | null
  readonly key: string | null
  readonly privateNetwork: boolean
  readonly keepsRetryKeys: boolean | null
  readonly locked?: true
  /** The currency of its answers, where it is known. */
  readonly currency?: string
}

const ADD = `
  insert into suppliers (name, protocol, url, sealed_key, private_network, keeps_retry_keys, locked, currency) values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (name) do nothing returning id`

/** Adds a supplier and seals its key. Throws a Refusal when the name is taken or the address is not valid. */
export async function addSupplier(db: Queryable, supplier: NewSupplier, secret: Secret): Promise<number> {
  if (supplier.protocol === 'api-v2') {
    checkAddress(supplier.url)
    if (!supplier.key) throw refuse('key_required')
  }
  const sealed = supplier.key === null ? null : secret.seal(supplier.key)
  const values: unknown[] = [supplier.name, supplier.protocol, supplier.url, sealed, supplier.privateNetwork, supplier.keepsRetryKeys]
  values.push(supplier.locked === true, supplier.currency ?? null)
  const { rows } = await db.query<{ id: number }>(ADD, values)
  if (!rows[0]) throw refuse('name_taken', supplier.name)
  return rows[0].id
}

export function checkAddress(url: string | null): void {
  if (url && /^https?:\/\//i.test(url) && isUrl(url)) return
  throw refuse('incorrect_url')
}

const SET = `
  update suppliers set paused = coalesce($2, paused), calls_at_once = coalesce($3, calls_at_once), calls_a_minute = coalesce($4, calls_a_minute),
    sealed_key = coalesce($5, sealed_key), url = coalesce($6, url), private_network = coalesce($7, private_network),
    currency = coalesce($8, currency), balance_low = case when $9 then $10::numeric else balance_low end,
    public_name = case when $11 then $12 else public_name end
  where name = $1`

const SEAL_NO_KEYS = "update suppliers set sealed_key = $1 where protocol = 'api-v2' and not locked"

/** After suppliers came without their keys: whoever opens one finds no key, and not a fault. */
export async function sealNoKeys(tx: Queryable, secret: Secret): Promise<void> {
  await tx.query(SEAL_NO_KEYS, [secret.seal('')])
}

const REMOVE = `
  delete from suppliers s where name = $1 and protocol <> 'simulated'
    and not exists (select from service_suppliers m where m.supplier_id = s.id) and not exists (select from services v where v.supplier_id = s.id)
    and not exists (select from hand_offs h where h.supplier_id = s.id) and not exists (select from orders o where o.supplier_id = s.id)
    and not exists (select from price_lists l where l.supplier_id = s.id)
  returning id`

const IS_LOCKED = 'select from suppliers where name = $1 and locked'

/** Throws a Refusal when the supplier is the panel that made this one. */
export async function checkUnlocked(db: Queryable, name: string): Promise<void> {
  if ((await db.query(IS_LOCKED, [name])).rowCount === 1) throw refuse('supplier_locked', name)
}

const MOVE_LOCKED = `
  with by_parent as materialized (select set_config('docket.by_parent', 'on', true))
  update suppliers set url = $1 from by_parent where locked and url <> $1`

/** The panel that made this one is reached at another address now; only that panel says so. */
export async function moveLockedSupplier(db: Queryable, url: string): Promise<void> {
  await db.query(MOVE_LOCKED, [url])
}

const LOCKED_KEY = 'select id, sealed_key as "sealedKey" from suppliers where locked for update'

/** The panel that made this one, with the key by which this one orders there; its row is locked until the end of the transaction. */
export async function keyOfLockedSupplier(
  tx: Queryable,
  secret: Secret,
): Promise<{ readonly id: number; readonly key: string } | undefined> {
  const { rows } = await tx.query<{ id: number; sealedKey: Buffer }>(LOCKED_KEY)
  return rows[0] && { id: rows[0].id, key: secret.open(rows[0].sealedKey) }
}

const SET_LOCKED_KEY = `
  with by_parent as materialized (select set_config('docket.by_parent', 'on', true))
  update suppliers set sealed_key = $1 from by_parent where locked`

/** From now on this panel orders with another key from the panel that made it; only that panel says so. */
export async function setLockedKey(tx: Queryable, sealedKey: Buffer): Promise<void> {
  await tx.query(SET_LOCKED_KEY, [sealedKey])
}

/** Removes a supplier that has never had an order: orders and books refer to the others. Answers its number. */
export async function removeSupplier(db: Queryable, name: string): Promise<number> {
  const { rows } = await db.query<{ id: number }>(REMOVE, [name])
  if (rows[0]) return rows[0].id
  throw refuse('supplier_in_use', name)
}

export interface SupplierChange {
  readonly paused?: boolean | undefined
  readonly callsAtOnce?: number | undefined
  readonly callsAMinute?: number | undefined
  readonly key?: string | undefined
  readonly url?: string | undefined
  readonly privateNetwork?: boolean | undefined
  /** The currency of its answers. */
  readonly currency?: string | undefined
  /** Staff get an alert when our balance there is below it; null: never. */
  readonly balanceLow?: string | null | undefined
  /** How the status page calls it; null: it is only counted there. */
  readonly publicName?: string | null | undefined
}

export async function setSupplier(db: Queryable, name: string, change: SupplierChange, secret: Secret): Promise<void> {
  const sealed = change.key === undefined ? null : secret.seal(change.key)
  if (change.url !== undefined) checkAddress(change.url)
  const limits = [change.paused ?? null, change.callsAtOnce ?? null, change.callsAMinute ?? null]
  const reached = [change.url ?? null, change.privateNetwork ?? null, change.currency?.toUpperCase() ?? null]
  const low = [change.balanceLow !== undefined, change.balanceLow ?? null]
  const called = [change.publicName !== undefined, change.publicName ?? null]
  const { rowCount } = await db.query(SET, [name, ...limits, sealed, ...reached, ...low, ...called])
  if (rowCount === 0) throw refuse('unknown_supplier', name)
}

const NOTE_CURRENCY = 'update suppliers set currency = $2 where id = $1 and currency is null'

/** Sets the currency of a supplier that has none yet. */
export async function noteCurrency(db: Queryable, supplierId: number, currency: string): Promise<void> {
  await db.query(NOTE_CURRENCY, [supplierId, currency.toUpperCase().slice(0, 10)])
}
