import { browseLines, type BrowsedLines, findLine, linesOfAccount, linesOfReference } from '../../../ledger/browse.ts'
import { readOwed } from '../../../ledger/owed.ts'
import { linesOfOrder } from '../../../orders/lines-of-order.ts'
import { refuse } from '../../../refusal.ts'
import { readOwedOnDay } from '../../../reports/owed-on-day.ts'
import { listApprovals } from '../../../staff/approvals.ts'
import { endOfDay } from '../../../staff/days.ts'
import { listMoved, whoMoved } from '../../../staff/moved-by-hand.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { type AskedLines, askedLines, dayIn, MOST, numberIn, placeIn } from './asked.ts'
import { readStatement } from './read-statement.ts'

/** Routes the books of all customers, what is owed to them, and what waits for a second person. */
export function routeMoney(desk: Desk) {
  desk.page('/money', 'money.read', showLedger)
  desk.page('/money/line/:book/:line', 'money.read', explainLine)
  desk.page('/money/owed', 'money.read', showOwed)
  desk.page('/money/by-hand', 'money.read', showByHand)
  desk.page('/money/statement', 'money.read', showStatement)
  desk.page('/approvals', 'money.read', showApprovals)
}

async function showLedger(context: DeskContext) {
  const { ledgerPage } = await import('./ledger.tsx')
  const asked = askedLines(context.query)
  const before = placeIn(context.query, 'before')
  const found = await linesAsked(context, asked, before)
  return context.send(ledgerPage(context, { asked, ...found, isFirst: before === null }))
}

async function linesAsked({ db }: DeskContext, asked: AskedLines, before: bigint | null): Promise<BrowsedLines> {
  const { account, order, reference, filter } = asked
  const whole = (lines: BrowsedLines['lines']) => ({ lines, next: null, lookedBackTo: null })
  if (order !== null) return whole(await linesOfOrder(db, order))
  if (reference !== '') return whole(await linesOfReference(db, reference))
  if (account === null) return browseLines(db, filter, { before, most: MOST })
  const lines = await linesOfAccount(db, account, filter, { before, most: MOST + 1 })
  const shown = lines.slice(0, MOST)
  return { ...whole(shown), next: lines.length > MOST ? shown.at(-1)!.line : null }
}

async function explainLine(context: DeskContext) {
  const { linePage } = await import('./line.tsx')
  const { db, params } = context
  const [book, number] = [numberIn(params['book']), placeIn(new URLSearchParams(params), 'line')]
  const line = book === null || number === null ? undefined : await findLine(db, book, number)
  if (!line) throw refuse('unknown_line')
  const [others, moved] = await Promise.all([
    line.orderId === null ? [] : linesOfOrder(db, line.orderId),
    line.orderId === null ? whoMoved(db, line.account, line.line) : undefined,
  ])
  return context.send(linePage(context, { line, others, moved }))
}

async function showOwed(context: DeskContext) {
  const { owedPage } = await import('./owed.tsx')
  const day = dayIn(context.query, 'day')
  const [now, atEnd] = await Promise.all([readOwed(context.db), day === null ? undefined : readOwedOnDay(context.db, day)])
  return context.send(owedPage(context, { now, atEnd, day }))
}

const MOST_MOVED = 500

async function showByHand(context: DeskContext) {
  const { byHandPage } = await import('./by-hand.tsx')
  const today = context.now.toISOString().slice(0, 10)
  const from = dayIn(context.query, 'from') ?? today
  const until = dayIn(context.query, 'until') ?? from
  const time = { from: new Date(`${from}T00:00:00Z`), until: endOfDay(until) }
  const rows = await listMoved(context.db, time, { before: null, most: MOST_MOVED })
  return context.send(byHandPage(context, { from, until, rows, hasMore: rows.length === MOST_MOVED }))
}

async function showStatement(context: DeskContext) {
  const { statementPage } = await import('./statement.tsx')
  return context.send(statementPage(context, await readStatement(context)))
}

async function showApprovals(context: DeskContext) {
  const { approvalsPage } = await import('./approvals.tsx')
  const decided = context.query.get('decided') !== null
  const before = numberIn(context.query.get('before') ?? undefined)
  const found = await listApprovals(context.db, { waiting: !decided, before, most: MOST + 1 })
  return context.send(
    approvalsPage(context, { decided, rows: found.slice(0, MOST), hasMore: found.length > MOST, isFirst: before === null }),
  )
}
