import type { FastifyReply } from 'fastify'
import { readPace, spentOf } from '../../../ledger/pace.ts'
import { chained, hashAt, readNewestSeal } from '../../../ledger/seal.ts'
import { type OwnBook, readLinesBefore, readSpan, readSummary, walletChange } from '../../../ledger/statement.ts'
import { causes, readSums } from '../../../ledger/sums.ts'
import { readHeld } from '../../../orders/held.ts'
import { documentsOfLines } from '../../../payments/documents.ts'
import { numberIn, type OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'
import { askedBook, spanOf } from './asked.ts'
import { type AddView, newForm, readAdd, type TypedFunds } from './add-form.ts'
import { type Month, monthOf, monthsBack } from './months.ts'
import type { PayContext } from './pay-context.ts'

const LINES_PER_PAGE = 50

/** The page of funds; with the form as it was filled in, when it could not be taken. */
export async function showFunds(context: PayContext, filled?: AddView, status = 200): Promise<FastifyReply> {
  const { reply, ui, query, orders } = context
  const { fundsPage } = await import('./funds.tsx')
  const { db, now } = orders
  const { book, books } = await askedBook(context)
  const months = monthsBack(now(), book.firstAt ?? now())
  const month = months.find(({ name }) => name === query.get('month')) ?? null
  const cause = causes.find((one) => one === query.get('cause')) ?? null
  const span = await spanOf(context.orders.db, book, month)
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
    documents: await documentsOfLines(
      db,
      book.id,
      lines.map(({ line }) => line),
    ),
    fundsNote: context.settings.fundsNote,
    add: filled ?? (book.play ? null : await readAdd(context, typedBefore(query), newForm())),
  }
  return sendOwnPage(reply, fundsPage(ui, view), status)
}

/** What the form is to be filled with, from a link back to it. */
function typedBefore(query: URLSearchParams): TypedFunds | null {
  const amount = query.get('amount')
  return amount === null
    ? null
    : { amount, method: query.get('method') ?? '', coupon: query.get('coupon') ?? '', keepCard: query.get('keep-card') === 'on' }
}

async function chainOf({ orders: { db } }: OwnContext, book: OwnBook, lines: Parameters<typeof chained>[1]) {
  const previous = await hashAt(db, book, lines[0]!.line - 1n)
  return { previous, lines: chained(previous, lines).toReversed() }
}

async function spentIn({ orders: { db } }: OwnContext, book: OwnBook, { from, until }: Month): Promise<bigint> {
  const { after, last } = await readSpan(db, book.id, from, until)
  return spentOf(await readSums(db, book.id, after, last))
}
