import { type Database, type Queryable, sqlState, transaction } from '../db/pool.ts'

const MAY_MAKE_DATABASES = 'select from pg_roles where rolname = current_user and (rolcreatedb or rolsuper)'

/** Whether our role may make what a child needs at least. */
export async function mayMakeDatabases(db: Queryable): Promise<boolean> {
  return (await db.query(MAY_MAKE_DATABASES)).rowCount === 1
}

const MAY_MAKE_ROLES = 'select rolcreaterole or rolsuper as may, rolsuper as "isSuper" from pg_roles where rolname = current_user'
const [DUPLICATE_OBJECT, DUPLICATE_DATABASE, UNIQUE_VIOLATION] = ['42710', '42P04', '23505']

/** A role of its own, where ours may make one: then a child's connection opens nothing but the child. */
export async function addRole(db: Database, name: string, password: string): Promise<void> {
  const [we] = (await db.query<{ may: boolean; isSuper: boolean }>(MAY_MAKE_ROLES)).rows
  if (!we?.may) return
  await unlessThere(db.query(`create role "${name}" login password '${password}'`))
  if (!we.isSuper) await oneAtATime(db, `grant "${name}" to current_user`)
}

/** `role`: who is to own it, where there is such a role. */
export async function addDatabase(db: Database, name: string, role = name): Promise<void> {
  const owner = (await db.query('select from pg_roles where rolname = $1', [role])).rowCount === 1 ? ` owner "${role}"` : ''
  await unlessThere(db.query(`create database "${name}"${owner}`))
  await oneAtATime(db, `revoke connect, temporary on database "${name}" from public`)
}

/** PostgreSQL refuses the second of two who change the rights of one thing at once. */
async function oneAtATime(db: Database, statement: string): Promise<void> {
  await transaction(db, async (tx) => {
    await tx.query('select pg_advisory_xact_lock(7311)')
    await tx.query(statement)
  })
}

/** Two who make the same thing at once: the second finds it made. */
async function unlessThere(making: Promise<unknown>): Promise<void> {
  try {
    await making
  } catch (error) {
    if (![DUPLICATE_OBJECT, DUPLICATE_DATABASE, UNIQUE_VIOLATION].includes(sqlState(error) ?? '')) throw error
  }
}

/** Drops it, also while somebody works in it. */
export async function dropDatabase(db: Database, name: string): Promise<void> {
  await db.query(`drop database if exists "${name}" with (force)`)
}

/** Where a backup of a child is loaded, before it takes the place of its database. */
export function newOf(database: string): string {
  return `${database}_new`
}

function replacedOf(database: string): string {
  return `${database}_replaced`
}

/** The database of a child, and what restores have left beside it. */
export function databasesOf(database: string): readonly string[] {
  return [database, newOf(database), replacedOf(database)]
}

const END_CONNECTIONS = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1'

/** The new database of a child gets the name of the one that it replaces. Answers what that one is called now; null: there was none. */
export async function changePlaces(db: Database, database: string): Promise<string | null> {
  const isThere = (await db.query('select from pg_database where datname = $1', [database])).rowCount === 1
  if (!isThere) {
    await db.query(`alter database "${newOf(database)}" rename to "${database}"`)
    return null
  }
  await dropDatabase(db, replacedOf(database))
  // Nobody may work in it while it gets another name. Whoever did comes back by the old one, and finds the new database.
  await db.query(`alter database "${database}" with allow_connections false`)
  try {
    await db.query(END_CONNECTIONS, [database])
    await transaction(db, async (tx) => {
      await tx.query(`alter database "${database}" rename to "${replacedOf(database)}"`)
      await tx.query(`alter database "${newOf(database)}" rename to "${database}"`)
    })
  } catch (error) {
    await db.query(`alter database "${database}" with allow_connections true`)
    throw error
  }
  return replacedOf(database)
}
