import type { Config } from '../config.ts'
import { addressBeside } from '../database-address.ts'
import type { Queryable } from '../db/pool.ts'
import type { InstallationSecret } from '../secret.ts'
import path from 'node:path'
import type { Child } from './children.ts'

/** What leads to the databases of children. */
export interface Parent {
  readonly db: Queryable
  readonly databaseUrl: string
  readonly secret: Pick<InstallationSecret, 'hash'>
}

const HAS_ROLE = 'select from pg_roles where rolname = $1'

/** Where a child's database is: with a role of its own where it has one, else with ours. */
export async function childDatabaseUrl({ db, databaseUrl, secret }: Parent, { database }: Pick<Child, 'database'>): Promise<string> {
  const hasRole = (await db.query(HAS_ROLE, [database])).rowCount === 1
  return addressBeside(databaseUrl, hasRole ? { database, user: database, password: passwordOf(secret, database) } : { database })
}

/** Worked out from our secret, so that nothing else has to be kept. */
export function passwordOf(secret: Parent['secret'], database: string): string {
  return secret.hash(`password of ${database}`).toString('base64url')
}

/** The secret by which a child seals: who has only its database cannot open the key by which it orders here. */
export function secretOf(secret: Parent['secret'], { database }: Pick<Child, 'database'>): string {
  return secret.hash(`secret of ${database}`).toString('base64url')
}

/** The settings of a child: the machine is its parent's, the look and the rules are its own. */
export function configOf(config: Config, parent: Parent & { readonly mailFrom: string | undefined }, child: Child, url: string): Config {
  return Object.freeze({
    ...config,
    databaseUrl: url,
    databaseReadUrl: undefined,
    dataDirectory: path.join(config.dataDirectory, 'children', child.database),
    secret: secretOf(parent.secret, child),
    publicUrl: child.url,
    house: { name: child.name, colour: config.house.colour, logoFile: undefined },
    currency: child.currency,
    metricsToken: undefined,
    mailboxPage: false,
    fundsNote: undefined,
    staffDailySum: undefined,
    shownCurrencies: [],
    // Mails leave by our server, so they come from our address, under the child's name.
    mailFrom: parent.mailFrom?.replace(/^"[^"]*"/, `"${child.name.replaceAll(/["\\<>@]/g, '')}"`),
    given: config.smtpUrl === undefined ? [] : ['DOCKET_MAIL_FROM'],
    empty: [],
  })
}
