import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { type Export, everyPart, findExport, listExports } from '../../../jobs/exports.ts'
import { refuse } from '../../../refusal.ts'
import type { ReportFilter } from '../../../reports/filter.ts'
import type { Permission } from '../../../staff/roles.ts'
import { BYTE_ORDER_MARK } from '../../csv.ts'
import { DESK, type Desk, type DeskContext } from '../desk.ts'

export const FILES = `${DESK}/files`
const MOST = 100

/** Lists that were taken out as files: jobs write them, and they can be fetched for some days. */
export function routeFiles(desk: Desk) {
  desk.page('/files', 'orders.read', showFiles)
  desk.page('/files/:id/file', 'orders.read', sendFile)
}

/** What one must be allowed to see for a file of this kind. */
const NEEDED: Readonly<Record<Export['kind'], Permission>> = { report: 'money.read', orders: 'orders.read' }

async function showFiles(context: DeskContext): Promise<FastifyReply> {
  const kinds = (['report', 'orders'] as const).filter((kind) => context.staff.may.has(NEEDED[kind]))
  const { filesPage } = await import('./files-page.tsx')
  return context.send(filesPage(context, await listExports(context.db, kinds, { before: null, most: MOST })))
}

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson; charset=utf-8' } as const

async function sendFile({ db, params, staff, reply }: DeskContext): Promise<FastifyReply> {
  const id = /^[1-9]\d{0,15}$/.test(params['id']!) ? BigInt(params['id']!) : 0n
  const file = await findExport(db, id)
  if (file.endedAt === null || !staff.may.has(NEEDED[file.kind])) throw refuse('unknown_export', Number(id))
  void reply.headers({
    'content-type': TYPES[file.format],
    'content-disposition': `attachment; filename="${nameOf(file)}"`,
    'cache-control': 'no-store',
  })
  return reply.send(Readable.from(textOf(db, file)))
}

function nameOf({ id, kind, filter, format }: Export): string {
  if (kind === 'orders') return `orders-${id}.${format}`
  const { by, from, to } = filter as ReportFilter
  return `report-by-${by}-${from}-${to}.${format}`
}

async function* textOf(db: DeskContext['db'], { id, format }: Export): AsyncGenerator<string> {
  if (format === 'csv') yield BYTE_ORDER_MARK
  yield* everyPart(db, id)
}
