import { randomBytes } from 'node:crypto'
import type { Actor } from '../customers/account-log.ts'
import { findAccount } from '../customers/accounts.ts'
import { addKey } from '../customers/keys.ts'
import type { Transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { Secret } from '../secret.ts'
import { newSetupLink } from '../staff/setup-links.ts'
import { addChild } from './children.ts'
import { addressOfPanel } from './host.ts'
import { labelOfKey } from './keys.ts'

export interface Sale {
  /** As somebody typed it: `https://shop.example`. */
  readonly url: string
  readonly accountId: number
  /** Undefined: its host. */
  readonly name: string | undefined
  /** Units per month, in the currency of the account. */
  readonly rent: bigint
}

export interface Seller {
  readonly secret: Secret
  /** Our own address. */
  readonly siteUrl: string
  readonly now: Date
  readonly actor?: Actor
}

export interface Sold extends Omit<Sale, 'name'> {
  readonly host: string
  readonly name: string
  readonly currency: string
  readonly database: string
  readonly keyId: number
  /** Makes its first owner, once; told here and never again. */
  readonly link: string
  readonly linkEndsAt: Date
}

/** Notes a child that is to be made, with the key by which it orders here. Throws a Refusal for an address that cannot be, and for one that is taken. */
export async function sellChild(tx: Transaction, { url: typed, accountId, name: given, rent }: Sale, seller: Seller): Promise<Sold> {
  const { secret, siteUrl, now, actor } = seller
  const address = addressOfPanel(typed)
  if (!address) throw refuse('incorrect_child_url')
  const { url, host } = address
  if (host === hostOfUrl(siteUrl)) throw refuse('child_host_taken', host)
  const { currency } = await findAccount(tx, accountId)
  const key = await addKey(tx, accountId, { test: false, label: labelOfKey(host) }, now, actor)
  const { link, hash: setupHash, endsAt: linkEndsAt } = newSetupLink({ url }, now)
  const database = `docket_child_${randomBytes(6).toString('hex')}`
  const name = given ?? host.slice(0, 60)
  const child = { accountId, host, url, name, database, keyId: key.id, sealedKey: secret.seal(key.key), rent }
  await addChild(tx, { ...child, setupHash, setupExpiresAt: linkEndsAt }, now)
  return { url, host, accountId, name, rent, currency, database, keyId: key.id, link, linkEndsAt }
}

function hostOfUrl(url: string): string {
  return new URL(url).hostname
}

const MOST_OF_AN_ACCOUNT = 10
const OWN = `
  select (select count(*)::int from child_panels where account_id = $1 and state <> 'dropped') as panels,
    coalesce((select wallet from books where account_id = $1 and not play), 0) as wallet`

/**
 * What a customer may buy without staff: a panel whose first month the balance covers, at a name that cannot be one of ours. Staff may sell others.
 * Throws a Refusal otherwise.
 */
export async function checkPurchase(tx: Transaction, { url, accountId, rent }: Sale, siteUrl: string): Promise<void> {
  // Two forms at once: the second counts what the first has bought.
  await tx.query('select from accounts where id = $1 for no key update', [accountId])
  const { panels, wallet } = (await tx.query<{ panels: number; wallet: bigint }>(OWN, [accountId])).rows[0]!
  if (panels >= MOST_OF_AN_ACCOUNT) throw refuse('too_many_children', MOST_OF_AN_ACCOUNT)
  if (wallet < rent) throw refuse('balance_too_low')
  const [host, own] = [addressOfPanel(url)?.host, hostOfUrl(siteUrl)]
  if (host !== undefined && (host.endsWith(`.${own}`) || own.endsWith(`.${host}`))) throw refuse('child_host_taken', host)
}
