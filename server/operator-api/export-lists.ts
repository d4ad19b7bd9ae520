import { z } from 'zod'
import { exportFormats, findExport, listExports, readParts } from '../jobs/exports.ts'
import { refuse } from '../refusal.ts'
import { anyFields, big, count, moment, word } from './columns.ts'
import { list, type List, nextOf, number } from './list.ts'

const PARTS_AT_ONCE = 20

/** Lists that were taken out as files. */
export const exportLists: readonly List[] = [
  list({
    name: 'exports',
    does: 'files that lists were taken out to, and how far they are, the newest first; they are kept for seven days',
    permission: 'orders.read',
    filters: z.object({}),
    row: z.object({
      export: big(),
      kind: z.enum(['report', 'orders']),
      filter: anyFields(),
      format: z.enum(exportFormats),
      who: word(),
      parts: count(),
      rows: count(),
      made: moment(),
      ended: moment().nullable(),
    }),
    async read(db, _, { cursor, most, may }) {
      const files = await listExports(db, may.has('money.read') ? ['report', 'orders'] : ['orders'], { before: cursor, most })
      const rows = files.map(({ id, madeAt, endedAt, place: _place, ...row }) => ({ export: id, ...row, made: madeAt, ended: endedAt }))
      return { rows, next: nextOf(files, most, (row) => row.id) }
    },
  }),
  list({
    name: 'export-parts',
    does: 'the text of a file in its parts, which make it whole one after another; complete once the file has ended',
    permission: 'orders.read',
    filters: z.object({ export: number.describe('number of the file') }),
    row: z.object({ part: count(), text: word() }),
    async read(db, { export: id }, { cursor, most, may }) {
      const { kind } = await findExport(db, BigInt(id))
      if (kind === 'report' && !may.has('money.read')) throw refuse('unknown_export', id)
      const parts = await readParts(db, BigInt(id), { from: Number(cursor ?? 0n), most: Math.min(most, PARTS_AT_ONCE) })
      return { rows: parts, next: parts.length < Math.min(most, PARTS_AT_ONCE) ? null : BigInt(parts.at(-1)!.part + 1) }
    },
  }),
]
