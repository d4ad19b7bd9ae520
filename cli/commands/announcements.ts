import type { Command } from 'commander'
import { announcementEnd, announcementPublish } from '../../server/acts/announcement-publish.ts'
import { announcementAdd, announcementSet, announcementWrite } from '../../server/acts/announcement-set.ts'
import { listAnnouncements } from '../../server/announcements/announcements.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

const MOST = 200

/** What the house tells its customers. */
export function addAnnouncementCommands(program: Command) {
  const announcement = program.command('announcement').description('what you tell your customers: list, add, write, set, publish, end')
  addList(announcement)
  for (const act of [announcementAdd, announcementWrite, announcementSet, announcementPublish, announcementEnd]) addAct(announcement, act)
}

function addList(announcement: Command) {
  announcement
    .command('list')
    .description(`announcements, public or not, the newest first, at most ${MOST}`)
    .option('--json', 'answer in JSON')
    .action(({ json }: Json) =>
      withDatabase(async (db) => {
        const found = await listAnnouncements(db, { before: null, most: MOST })
        const shown = found.map((row) => ({
          announcement: row.id,
          title: row.title,
          languages: row.languages,
          audience: row.audience,
          service: row.serviceId,
          begins: row.from,
          until: row.until,
          published: row.publishedAt,
          ended: row.endedAt,
        }))
        const rows = shown.map((row) => [
          String(row.announcement),
          row.ended ? 'ended' : row.published ? 'public' : 'draft',
          row.service === null ? row.audience : `${row.audience} ${row.service}`,
          row.begins?.toISOString() ?? '',
          row.until?.toISOString() ?? '',
          row.languages.join(' '),
          row.title ?? '',
        ])
        print(json, shown, rows.length ? table(['id', '', 'for', 'from', 'until', 'languages', ''], rows) : 'None')
      }),
    )
}
