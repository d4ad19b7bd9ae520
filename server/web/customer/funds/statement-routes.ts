import type { FastifyReply } from 'fastify'
import type { Queryable } from '../../../db/pool.ts'
import { hashAt, readLines } from '../../../ledger/seal.ts'
import { type OwnBook, readSummary, type Span } from '../../../ledger/statement.ts'
import { numberIn, type OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'
import type { Part } from './statement.tsx'
import { askedBook, spanOf } from './asked.ts'
import { monthNamed, monthOf } from './months.ts'

/** A browser lays out this many lines in a moment and prints them on about ten sheets. Longer months are split into parts with a balance carried
 * forward. */
const LINES_PER_PART = 500
/** The lines are read and drawn in steps of this size, so that the node answers other requests in between. */
const LINES_PER_STEP = 250

/** A month's statement for printing. */
export async function showStatement(context: OwnContext): Promise<FastifyReply> {
  return sendOwnPage(context.reply, await context.longReads.read(context.orders.db, (db) => statementFrom(db, context)))
}

async function statementFrom(db: Queryable, context: OwnContext): Promise<string> {
  const { ui, query, orders, session } = context
  const { lineRows, statementPage } = await import('./statement.tsx')
  const { now } = orders
  const { book } = await askedBook(context, db)
  const month = monthNamed(query.get('month')) ?? monthOf(now())
  const span = await spanOf(db, book, month)
  const part = partOf(span, numberIn(query, 'part'))
  const view = {
    book,
    month,
    part,
    account: { id: session.accountId, email: session.email },
    issuedAt: now(),
    summary: await readSummary(db, book.id, span),
    carried: await readSummary(db, book.id, part.span),
    hashes: { before: await hashAt(db, book, part.span.after), after: await hashAt(db, book, part.span.last) },
  }
  const [head, foot] = statementPage(ui, view)
  const rows: string[] = []
  for await (const lines of linesIn(db, book, part.span)) rows.push(lineRows(ui.frame.texts, lines, book.currency))
  return head + rows.join('') + foot
}

function partOf({ after, last }: Span, asked: bigint | null): Part {
  const most = BigInt(LINES_PER_PART)
  const count = last === after ? 1n : (last - after + most - 1n) / most
  const number = asked !== null && asked >= 1n && asked <= count ? asked : 1n
  const start = after + (number - 1n) * most
  return { number: Number(number), count: Number(count), span: { after: start, last: number === count ? last : start + most } }
}

async function* linesIn(db: Queryable, book: OwnBook, { after, last }: Span) {
  while (after < last) {
    const lines = await readLines(db, book.id, after, Math.min(LINES_PER_STEP, Number(last - after)))
    yield lines
    after = lines.at(-1)!.line
  }
}
