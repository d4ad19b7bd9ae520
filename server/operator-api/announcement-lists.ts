import { z } from 'zod'
import { listAnnouncements } from '../announcements/announcements.ts'
import { count, moment, word, yesNo } from './columns.ts'
import { list, type List, nextOf, NO_FILTER } from './list.ts'

/** What the house tells its customers. */
export const announcementLists: readonly List[] = [
  list({
    name: 'announcements',
    does: 'announcements to customers, public or not, the newest first',
    permission: 'pages.read',
    filters: NO_FILTER,
    row: z.object({
      announcement: count(),
      title: word().nullable(),
      languages: z.array(word()).readonly(),
      audience: word(),
      service: count().nullable(),
      on_pages: yesNo(),
      by_mail: yesNo(),
      to_programs: yesNo(),
      begins: moment().nullable(),
      until: moment().nullable(),
      made: moment(),
      made_by: word(),
      published: moment().nullable(),
      ended: moment().nullable(),
    }),
    async read(db, _, { cursor, most }) {
      const rows = await listAnnouncements(db, { before: cursor === null ? null : Number(cursor), most })
      const shown = rows.map((row) => ({
        announcement: row.id,
        title: row.title,
        languages: row.languages,
        audience: row.audience,
        service: row.serviceId,
        on_pages: row.onPages,
        by_mail: row.byMail,
        to_programs: row.toPrograms,
        begins: row.from,
        until: row.until,
        made: row.madeAt,
        made_by: row.madeBy,
        published: row.publishedAt,
        ended: row.endedAt,
      }))
      return { rows: shown, next: nextOf(rows, most, (row) => row.id) }
    },
  }),
]
