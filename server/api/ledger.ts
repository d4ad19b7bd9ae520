import { formatUnits } from '../ledger/money.ts'
import { chained, hashAt, type HashedLine, readLines } from '../ledger/seal.ts'
import { walletChange } from '../ledger/statement.ts'
import { refuse } from '../refusal.ts'
import type { Handler } from './context.ts'

const LINES_A_PAGE = 500

/** A page of the statement. `previous` is the hash before its first line, so that each page can be verified against the one before. */
export const ledger: Handler = async (context, { caller, parameters }) => {
  await context.checkKey(caller)
  const after = readCursor(parameters['cursor'])
  const lines = await readLines(context.db, caller.bookId, after, LINES_A_PAGE + 1)
  const page = lines.slice(0, LINES_A_PAGE)
  const previous = await hashAt(context.db, { id: caller.bookId, currency: caller.currency }, after)
  const entries = chained(previous, page).map((line) => ({
    line: Number(line.line),
    at: line.at,
    cause: line.cause,
    from: line.takenFrom,
    to: line.givenTo,
    amount: formatUnits(walletChange(line)),
    balance: formatUnits(line.walletAfter),
    ...besideWallet(line),
    order: line.orderId === null ? null : Number(line.orderId),
    reference: line.reference,
    note: line.note,
    hash: line.hash,
  }))
  const cursor = String(page.at(-1)?.line ?? after)
  return JSON.stringify({ cursor, currency: caller.currency, previous, lines: entries, more: lines.length > page.length })
}

/** What moved between other accounts than the wallet, and what is owed afterwards; lines of the wallet alone do not have these fields. */
function besideWallet(line: HashedLine): object {
  return {
    ...(walletChange(line) === 0n ? { moved: formatUnits(line.amount) } : {}),
    ...(line.owedAfter === null ? {} : { owed: formatUnits(line.owedAfter) }),
  }
}

function readCursor(text: string | undefined): bigint {
  if (text === undefined) return 0n
  if (!/^\d{1,18}$/.test(text)) throw refuse('incorrect_cursor')
  return BigInt(text)
}
