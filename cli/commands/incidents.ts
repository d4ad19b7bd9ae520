import type { Command } from 'commander'
import { changelogAdd, changelogRemove, changelogWrite } from '../../server/acts/changelog-set.ts'
import { incidentOpen, incidentSettle, incidentUpdate, incidentWrite } from '../../server/acts/incident-set.ts'
import { listChangelogEntries } from '../../server/announcements/changelog.ts'
import { listIncidents } from '../../server/status/incidents.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

const MOST = 200

/** What the status page tells of disturbances. */
export function addIncidentCommands(program: Command) {
  const incident = program.command('incident').description('disturbances on the status page: list, open, update, write, settle')
  incident
    .command('list')
    .description(`disturbances that you or the figures told of, the newest first, at most ${MOST}`)
    .option('--json', 'answer in JSON')
    .action(({ json }: Json) =>
      withDatabase(async (db) => {
        const found = await listIncidents(db, { before: null, most: MOST })
        const rows = found.map(({ id, cause, began, settled, updates }) => [
          String(id),
          settled ? 'settled' : 'open',
          cause,
          began.toISOString(),
          settled?.toISOString() ?? '',
          titleOf(updates[0]?.wordings ?? []),
        ])
        print(json, found, rows.length ? table(['id', '', 'by', 'from', 'until', ''], rows) : 'None')
      }),
    )
  for (const act of [incidentOpen, incidentUpdate, incidentWrite, incidentSettle]) addAct(incident, act)
}

/** The operator's own entries of the changelog. */
export function addChangelogCommands(program: Command) {
  const changelog = program.command('changelog').description('news for those who order by program: list, add, write, remove')
  changelog
    .command('list')
    .description(`your own entries of the changelog, the newest first, at most ${MOST}`)
    .option('--json', 'answer in JSON')
    .action(({ json }: Json) =>
      withDatabase(async (db) => {
        const found = await listChangelogEntries(db, { before: null, most: MOST })
        const rows = found.map(({ id, at, removedAt, wordings }) => [
          String(id),
          removedAt ? 'removed' : 'public',
          at.toISOString(),
          wordings.map(({ language }) => language).join(' '),
          titleOf(wordings),
        ])
        print(json, found, rows.length ? table(['id', '', 'of', 'languages', ''], rows) : 'None')
      }),
    )
  for (const act of [changelogAdd, changelogWrite, changelogRemove]) addAct(changelog, act)
}

function titleOf(wordings: readonly { readonly language: string; readonly title: string }[]): string {
  return (wordings.find(({ language }) => language === 'en') ?? wordings[0])?.title ?? ''
}
