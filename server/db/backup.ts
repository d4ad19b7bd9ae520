import type { BackupOptions } from '@docket/embedded-postgres/backup'

/** The facts about Docket that a backup needs: the name in its files, and the table where node-pg-migrate notes the applied migrations. */
export const docketData: BackupOptions['of'] = {
  name: 'docket',
  title: 'Docket',
  migrations: { table: 'public.migrations', inOrder: 'select name from public.migrations order by run_on, id' },
  // This table lists the functions of this very database; a restored one has those of its migrations and of this version.
  leftOut: ['public.routines'],
}
