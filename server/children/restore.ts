import { addressBeside } from '../database-address.ts'
import { type Database, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { StaffActor } from '../staff/actor.ts'
import { writeLine } from '../staff/log.ts'
import { childDatabaseUrl, passwordOf } from './access.ts'
import { type Child, refuseState } from './children.ts'
import { addDatabase, addRole, changePlaces, dropDatabase, newOf } from './databases.ts'
import type { Maker } from './make.ts'

export interface Restorer extends Omit<Maker, 'site'> {
  readonly actor: StaffActor
}

/**
 * Puts a backup in the place of a child's database. It is loaded beside it, so the child goes on meanwhile, and is away only while the two change
 * names. The one from before is kept, closed to everybody, until the next time. `load` fills the empty database at the address that it is given.
 */
export async function restoreChild<Loaded extends object>(
  restorer: Restorer,
  child: Child,
  load: (url: string) => Promise<Loaded>,
): Promise<Loaded & { readonly kept: string | null }> {
  const { db, secret } = restorer
  const { database, state } = child
  if (state === 'making' || state === 'dropping' || state === 'dropped') throw refuseState(child)
  return alone(db, child, async () => {
    await addRole(db, database, passwordOf(secret, database))
    // A restore that was cut off may have left one.
    await dropDatabase(db, newOf(database))
    await addDatabase(db, newOf(database), database)
    const loaded = await load(addressBeside(await childDatabaseUrl(restorer, child), { database: newOf(database) }))
    const kept = await changePlaces(db, database)
    await note(restorer, child)
    return { ...loaded, kept }
  })
}

/** Keeps out whoever restores the same child meanwhile: the lock belongs to a connection, and ends with it. */
async function alone<T>(db: Database, { id, host }: Child, work: () => Promise<T>): Promise<T> {
  const holder = await db.connect()
  try {
    const { rows } = await holder.query<{ ours: boolean }>('select pg_try_advisory_lock(7313, $1) as ours', [id])
    if (!rows[0]!.ours) throw refuse('child_is', host, 'being restored by somebody else')
    return await work()
  } finally {
    holder.release(true)
  }
}

async function note({ db, now, actor }: Restorer, { accountId, host }: Child): Promise<void> {
  const text = JSON.stringify({ host })
  const subject = { account: accountId }
  const line = { at: now(), actor, act: 'child restore', subject, input: text, before: null, after: null, result: text, requestKey: null }
  await transaction(db, (tx) => writeLine(tx, line))
}
