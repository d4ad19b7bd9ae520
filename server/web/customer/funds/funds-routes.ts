import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { readPace, spentOf } from '../../../ledger/pace.ts'
import { chained, hashAt, readNewestSeal } from '../../../ledger/seal.ts'
import { type OwnBook, readLinesBefore, readSpan, readSummary, walletChange } from '../../../ledger/statement.ts'
import { causes, readSums } from '../../../ledger/sums.ts'
import { readHeld } from '../../../orders/held.ts'
import type { Web } from '../../web.ts'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'
import { askedBook, spanOf } from './asked.ts'
import { statementCsv } from './csv.ts'
import { type Month, monthNamed, monthOf, monthsBack } from './months.ts'
import { showStatement } from './statement-routes.ts'

export function routeFunds(pages: FastifyInstance, web: Web) {
  pages.get(
    '/funds',
    onOwn(web, (context) => showFunds(context, web.settings.fundsNote)),
  )
  pages.get('/funds.csv', onOwn(web, sendCsv))
  pages.get('/funds/statement', onOwn(web, showStatement))
}

const LINES_PER_PAGE = 50

async function showFunds(context: OwnContext, fundsNote: string | undefined): Promise<FastifyReply> {
  const { reply, ui, query, orders } = context
  const { fundsPage } = await import('./funds.tsx')
  const { db, now } = orders
  const { book, books } = await askedBook(context)
  const months = monthsBack(now(), book.firstAt ?? now())
  const month = months.find(({ name }) => name === query.get('month')) ?? null
  const cause = causes.find((one) => one === query.get('cause')) ?? null
  const span = await spanOf(context, book, month)
  const before = numberIn(query, 'before')
  const here = before !== null && before <= span.last ? { ...span, last: before - 1n } : span
  const found = await readLinesBefore(db, book.id, here, cause, LINES_PER_PAGE + 1)
  const lines = found.slice(0, LINES_PER_PAGE)
  const oldest = lines.at(-1)
  const view = {
    book,
    books,
    months,
    asked: { month, cause, isOlder: before !== null },
    summary: await readSummary(db, book.id, span),
    lines,
    // Lines form a chain unless they are filtered by cause.
    chain: cause === null && oldest ? await chainOf(context, book, lines.toReversed()) : null,
    // Lines are numbered from 1 without a gap, so the balance before the oldest line is this page's opening balance.
    opening: oldest ? oldest.walletAfter - walletChange(oldest) : 0n,
    closing: lines[0]?.walletAfter ?? 0n,
    older: found.length > LINES_PER_PAGE ? oldest!.line : null,
    spent: await spentIn(context, book, monthOf(now())),
    held: await readHeld(db, book.id),
    pace: book.play ? null : await readPace(db, book, now()),
    seal: await readNewestSeal(db, book.id),
    fundsNote,
  }
  return sendOwnPage(reply, fundsPage(ui, view))
}

async function chainOf({ orders: { db } }: OwnContext, book: OwnBook, lines: Parameters<typeof chained>[1]) {
  const previous = await hashAt(db, book, lines[0]!.line - 1n)
  return { previous, lines: chained(previous, lines).toReversed() }
}

async function spentIn({ orders: { db } }: OwnContext, book: OwnBook, { from, until }: Month): Promise<bigint> {
  const { after, last } = await readSpan(db, book.id, from, until)
  return spentOf(await readSums(db, book.id, after, last))
}

/** Sends the statement as a CSV file, oldest line first. */
async function sendCsv(context: OwnContext): Promise<FastifyReply> {
  const { reply, orders, query } = context
  const { book } = await askedBook(context)
  const month = monthNamed(query.get('month'))
  const span = await spanOf(context, book, month)
  const name = `${book.play ? 'test-' : ''}statement-${month?.name ?? orders.now().toISOString().slice(0, 10)}.csv`
  void reply.headers({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  })
  return reply.send(Readable.from(statementCsv(orders.db, book, span)))
}
