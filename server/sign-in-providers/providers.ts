import { type Queryable, violatedConstraint } from '../db/pool.ts'
import { refuse } from '../refusal.ts'

/** Somebody else by whom customers may sign in, like Google. */
export interface Provider {
  readonly id: number
  /** The end of the address to which the provider leads back. */
  readonly name: string
  /** What customers read on the button. */
  readonly title: string
  readonly issuer: string
  readonly clientId: string
  /** Null: it has to be entered again. */
  readonly sealedSecret: Buffer | null
  /** An address in the operator's own network is allowed. */
  readonly privateNetwork: boolean
  /** Customers see the button. */
  readonly offered: boolean
  readonly madeAt: Date
  readonly changedAt: Date
}

const COLUMNS = `
  id, name, title, issuer, client_id as "clientId", sealed_secret as "sealedSecret", private_network as "privateNetwork", offered,
  made_at as "madeAt", changed_at as "changedAt"`
const LIST = `select ${COLUMNS} from sign_in_providers order by id`
const OFFERED = `select name, title from sign_in_providers where offered order by id`
const BY_NAME = `select ${COLUMNS} from sign_in_providers where name = $1`

/** The issuer of Google. */
export const GOOGLE = 'https://accounts.google.com'

export const LONGEST_PROVIDER_NAME = 40
/** More than anybody shows on a page. */
const MOST_PROVIDERS = 20

/** Whether a text may name a provider: it is a part of an address. */
export function isProviderName(text: string): boolean {
  return text.length <= LONGEST_PROVIDER_NAME && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)
}

export async function listProviders(db: Queryable): Promise<Provider[]> {
  return (await db.query<Provider>({ name: 'sign-in providers', text: LIST })).rows
}

/** What a button needs to know. */
export type OfferedProvider = Pick<Provider, 'name' | 'title'>

/** The providers whose buttons customers see, in the order in which they were set up. */
export async function listOffered(db: Queryable): Promise<OfferedProvider[]> {
  return (await db.query<OfferedProvider>({ name: 'offered sign-in providers', text: OFFERED })).rows
}

export async function findProvider(db: Queryable, name: string): Promise<Provider | undefined> {
  return (await db.query<Provider>({ name: 'sign-in provider', text: BY_NAME, values: [name] })).rows[0]
}

export type NewProvider = Omit<Provider, 'id' | 'madeAt' | 'changedAt'>

const SAVE = `
  insert into sign_in_providers (name, title, issuer, client_id, sealed_secret, private_network, offered, made_at, changed_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
  on conflict (name) do update set title = excluded.title, issuer = excluded.issuer, client_id = excluded.client_id,
    sealed_secret = excluded.sealed_secret, private_network = excluded.private_network, offered = excluded.offered, changed_at = excluded.changed_at
  returning id`
const COUNT = 'select count(*)::int as count from sign_in_providers where name <> $1'

/** Saves a provider under its name, in place of the one that has it. Throws a Refusal when another has the same issuer. */
export async function saveProvider(tx: Queryable, provider: NewProvider, now: Date): Promise<number> {
  const { name, title, issuer, clientId, sealedSecret, privateNetwork, offered } = provider
  const others = (await tx.query<{ count: number }>(COUNT, [name])).rows[0]!.count
  if (others >= MOST_PROVIDERS) throw refuse('too_many_sign_in_providers', MOST_PROVIDERS)
  try {
    const { rows } = await tx.query<{ id: number }>(SAVE, [name, title, issuer, clientId, sealedSecret, privateNetwork, offered, now])
    return rows[0]!.id
  } catch (error) {
    if (violatedConstraint(error) === 'one_provider_per_issuer') throw refuse('sign_in_provider_taken', issuer)
    throw error
  }
}

const REMOVE = 'delete from sign_in_providers where id = $1'

/** Removes a provider. What people have linked stays, for the day on which the same issuer is set up again. */
export async function removeProvider(tx: Queryable, id: number): Promise<void> {
  await tx.query(REMOVE, [id])
}

const OFFERED_TO_LINKED = `
  select p.name, p.title from sign_in_providers p
  where p.offered and exists (select from linked_sign_ins l where l.user_id = $1 and l.issuer = p.issuer) order by p.id`

/** The providers by which a person can sign in. */
export async function listOfferedTo(db: Queryable, userId: number): Promise<OfferedProvider[]> {
  return (await db.query<OfferedProvider>({ name: 'sign-in providers of a user', text: OFFERED_TO_LINKED, values: [userId] })).rows
}
