import { migrate } from '../db/migrate.ts'
import { type Database, openPool, type Queryable, transaction } from '../db/pool.ts'
import type { InstallationSecret } from '../secret.ts'
import { openSecret } from '../secret.ts'
import { machineUser } from '../staff/actor.ts'
import { writeLine } from '../staff/log.ts'
import { bringSetupLink } from '../staff/setup-links.ts'
import { addSupplier } from '../suppliers/registry.ts'
import { childDatabaseUrl, type Parent, passwordOf, secretOf } from './access.ts'
import { type Child, noteSetupLink } from './children.ts'
import { addDatabase, addRole, databasesOf, dropDatabase } from './databases.ts'

/** What makes children, and takes them away. */
export interface Maker extends Parent {
  readonly db: Database
  readonly secret: InstallationSecret
  readonly now: () => Date
  /** Our own name and address, as a child's supplier has them. */
  readonly site: () => { readonly name: string; readonly url: string }
}

/**
 * Makes what is missing of a child: role, database, tables, supplier, set-up link. Each step finds out what is there, so whoever was killed midway is
 * continued by anybody, and two at once do no harm.
 */
export async function makeChild(maker: Maker, child: Child): Promise<void> {
  for (const step of makingSteps(maker, child)) await step()
}

/** The steps, in their order. */
export function makingSteps(maker: Maker, child: Child): readonly (() => Promise<void>)[] {
  const { db, secret } = maker
  return [
    () => addRole(db, child.database, passwordOf(secret, child.database)),
    () => addDatabase(db, child.database),
    async () => void (await migrate(await childDatabaseUrl(maker, child))),
    () => fitOut(maker, child),
    () => open(db, child, maker.now()),
  ]
}

/** Brings the supplier and the set-up link into the child's database, once. */
async function fitOut(maker: Maker, child: Child): Promise<void> {
  const { name, url } = maker.site()
  const sealing = await openSecret({ secret: secretOf(maker.secret, child), dataDirectory: '' })
  await withChild(await childDatabaseUrl(maker, child), (db) =>
    transaction(db, async (tx) => {
      await tx.query('lock table suppliers in share row exclusive mode')
      const isThere = (await tx.query('select from suppliers where locked')).rowCount === 1
      if (isThere || child.sealedKey === null) return
      const key = maker.secret.open(child.sealedKey)
      const supplier = { protocol: 'api-v2', url: `${url}/api/v2`, key, privateNetwork: true, keepsRetryKeys: true, locked: true } as const
      const named = { ...supplier, name: TAKEN.has(name) ? `${name} (parent)` : name, currency: child.currency }
      const added = await addSupplier(tx, named, sealing)
      if (child.setupHash) await bringSetupLink(tx, child.setupHash, child.setupExpiresAt!, maker.now())
      await writeLine(tx, {
        at: maker.now(),
        actor: machineUser(`parent ${name}`),
        act: 'child add',
        subject: { supplier: added },
        input: JSON.stringify({ host: child.host }),
        before: null,
        after: JSON.stringify({ supplier: named.name, url: supplier.url, locked: true }),
        result: JSON.stringify({ host: child.host }),
        requestKey: null,
      })
    }),
  )
}

/** Names that every Docket has already. */
const TAKEN: ReadonlySet<string> = new Set(['simulated', 'manual'])

// The first month begins when there is something to use.
const OPEN = `
  update child_panels set state = 'open', since = $2, sealed_key = null, setup_hash = nullif(setup_hash, $3), rent_from = $2, rent_due_at = $2
  where id = $1 and state = 'making'`

async function open(db: Queryable, child: Child, now: Date): Promise<void> {
  await db.query(OPEN, [child.id, now, child.setupHash])
}

/** Brings a set-up link that was made after the child was. */
export async function bringLink(maker: Maker, child: Child): Promise<void> {
  const { setupHash, setupExpiresAt } = child
  if (!setupHash) return
  await withChild(await childDatabaseUrl(maker, child), (db) =>
    transaction(db, (tx) => bringSetupLink(tx, setupHash, setupExpiresAt!, maker.now())),
  )
  await noteSetupLink(maker.db, child)
}

/** Works in a child's database, with one connection that is closed afterwards. */
export async function withChild<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openPool(url, { size: 1, name: 'docket child', connectTimeoutMs: 5000 })
  try {
    return await work(db)
  } finally {
    await db.end()
  }
}

const DROPPED = `update child_panels set state = 'dropped', since = $2 where id = $1 and state = 'dropping'`

/** Drops the database and the role of a child whose data an act has given up. */
export async function dropChild({ db, now }: Pick<Maker, 'db' | 'now'>, child: Child): Promise<void> {
  for (const name of databasesOf(child.database)) await dropDatabase(db, name)
  await db.query(`drop role if exists "${child.database}"`)
  await db.query(DROPPED, [child.id, now()])
}
