import type { Queryable } from './pool.ts'

const NAME = 'docket listen'

/** A node writes its address into the name of its connection, so that a command on another machine can show it. */
export function listeningAs(url: string | undefined): string {
  return url === undefined ? NAME : `${NAME} ${url}`
}

const NEWEST_NODE = `
  select substr(application_name, length($1) + 2) as url from pg_stat_activity
  where datname = current_database() and application_name like $1 || ' http%' order by backend_start desc limit 1`

/** The address of the node that was started last; undefined while no node runs. */
export async function addressOfRunningNode(db: Queryable): Promise<string | undefined> {
  return (await db.query<{ url: string }>(NEWEST_NODE, [NAME])).rows[0]?.url
}
