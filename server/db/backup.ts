import type { BackupOptions } from '@docket/embedded-postgres/backup'

/** What a backup has to know of Docket: how its files name it, and where node-pg-migrate notes what ran. */
export const docketData: BackupOptions['of'] = {
  name: 'docket',
  title: 'Docket',
  migrations: { table: 'public.migrations', inOrder: 'select name from public.migrations order by run_on, id' },
  // Says which functions this very database has: a restored one has those that its migrations and this version made.
  leftOut: ['public.routines'],
}
