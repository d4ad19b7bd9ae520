import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { formatUnits } from '../../../ledger/money.ts'
import { type Line, readLines } from '../../../ledger/seal.ts'
import { readLinesBefore, walletChange } from '../../../ledger/statement.ts'
import type { Web } from '../../route.ts'
import { numberIn, onOwn, type OwnErrand } from '../own-errand.ts'
import { sendOwnPage } from '../send.ts'

export function routeFunds(pages: FastifyInstance, web: Web) {
  pages.get('/funds', onOwn(web, showFunds))
  pages.get('/funds.csv', onOwn(web, sendStatement))
}

const LINES_A_PAGE = 50

async function showFunds({ reply, scene, caller, query, orders }: OwnErrand): Promise<FastifyReply> {
  const { fundsPage } = await import('./funds.tsx')
  const before = numberIn(query, 'before')
  const lines = await readLinesBefore(orders.db, caller.bookId, before, LINES_A_PAGE)
  const oldest = lines.at(-1)
  const view = {
    lines,
    // Lines are numbered from 1 without a gap: what stood before this page is what its oldest line found.
    opening: oldest ? oldest.walletAfter - walletChange(oldest) : 0n,
    closing: lines[0]?.walletAfter ?? 0n,
    isFirst: before === null,
    older: oldest && oldest.line > 1n ? oldest.line : null,
    currency: caller.currency,
  }
  return sendOwnPage(reply, fundsPage(scene, view))
}

/** The whole statement, oldest first, as a file for other programs: written as it is read, however long it is. */
async function sendStatement({ reply, caller, orders }: OwnErrand): Promise<FastifyReply> {
  const name = `statement-${orders.now().toISOString().slice(0, 10)}.csv`
  void reply.headers({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  })
  return reply.send(Readable.from(statement(orders.db, caller.bookId, caller.currency)))
}

const LINES_A_READ = 2000

async function* statement(db: Parameters<typeof readLines>[0], bookId: number, currency: string): AsyncGenerator<string> {
  yield csvRow(['line', 'time', 'cause', 'order', 'amount', 'balance', 'currency', 'reference', 'note'])
  for (let after = 0n, more = true; more;) {
    const lines = await readLines(db, bookId, after, LINES_A_READ)
    yield lines.map((line) => csvRow(cells(line, currency))).join('')
    after = lines.at(-1)?.line ?? after
    more = lines.length === LINES_A_READ
  }
}

function cells(line: Line, currency: string): string[] {
  const { at, cause, orderId, walletAfter, reference, note } = line
  const figures = [formatUnits(walletChange(line)), formatUnits(walletAfter)]
  return [String(line.line), at, cause, String(orderId ?? ''), ...figures, currency, plainText(reference), plainText(note)]
}

/** Spreadsheets take what begins so for a formula. */
function plainText(text: string | null): string {
  return /^[=+\-@\t\r]/.test(text ?? '') ? `'${text}` : (text ?? '')
}

function csvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
}
