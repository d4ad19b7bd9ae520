import { z } from 'zod'
import { listChangelogEntries } from '../announcements/changelog.ts'
import { listIncidents } from '../status/incidents.ts'
import { count, moment, word } from './columns.ts'
import { list, type List, nextOf, NO_FILTER } from './list.ts'

const wordings = () => z.array(z.object({ language: word(), title: word(), text: word() })).readonly()

/** What the status page and the changelog tell. */
export const statusLists: readonly List[] = [
  list({
    name: 'incidents',
    does: 'disturbances that the status page tells of, with their texts in all languages, the newest first',
    permission: 'pages.read',
    filters: NO_FILTER,
    row: z.object({
      incident: count(),
      cause: word(),
      affects: z.array(word()).readonly(),
      began: moment(),
      settled: moment().nullable(),
      worst: z.number().nullable(),
      made_by: word().nullable(),
      updates: z.array(z.object({ number: count(), at: moment(), wordings: wordings() })).readonly(),
    }),
    async read(db, _, { cursor, most }) {
      const rows = await listIncidents(db, { before: cursor === null ? null : Number(cursor), most })
      const shown = rows.map(({ id, madeBy, ...row }) => ({ incident: id, ...row, made_by: madeBy }))
      return { rows: shown, next: nextOf(rows, most, (row) => row.id) }
    },
  }),
  list({
    name: 'changelog',
    does: 'your own entries of the changelog, in all languages, the newest first',
    permission: 'pages.read',
    filters: NO_FILTER,
    row: z.object({ entry: count(), at: moment(), made_by: word(), removed: moment().nullable(), wordings: wordings() }),
    async read(db, _, { cursor, most }) {
      const rows = await listChangelogEntries(db, { before: cursor === null ? null : Number(cursor), most })
      const shown = rows.map(({ id, at, madeBy, removedAt, ...row }) => ({ entry: id, at, made_by: madeBy, removed: removedAt, ...row }))
      return { rows: shown, next: nextOf(rows, most, (row) => row.id) }
    },
  }),
]
