import type { Queryable } from '../db/pool.ts'
import { chain, genesis, type Line, LINE_COLUMNS } from './seal.ts'
import { causes, CHANGE } from './sums.ts'

/** One statement that was proved from the raw rows, or the rows that disprove it. */
export interface Check {
  readonly name: string
  /** A sentence that is true when the check is ok. */
  readonly proves: string
  readonly ok: boolean
  readonly rowsChecked: number
  /** The first offending rows. */
  readonly offending: readonly Record<string, unknown>[]
}

/** A check that one SQL statement can do: `checked` counts the rows looked at, `offending` answers the rows that break it. */
export interface Question {
  readonly name: string
  readonly proves: string
  readonly checked: string
  readonly offending: string
}

export const MOST_SHOWN = 20

const questions: readonly Question[] = [
  {
    name: 'transfers_sum_to_zero',
    proves: 'every transfer takes from one ledger account what it gives to another, and all of them sum to zero in every currency',
    checked: 'select count(*) from transfers',
    offending: `
      select b.currency, b.play, sum(m.units) as sum
      from transfers t join books b on b.id = t.book_id
      cross join lateral (values (t.taken_from, -t.amount), (t.given_to, t.amount)) as m(account, units)
      group by b.currency, b.play having sum(m.units) <> 0
      union all
      select null, null, t.amount from transfers t left join books b on b.id = t.book_id
      where b.id is null or t.taken_from = t.given_to or t.amount <= 0`,
  },
  {
    name: 'balances_equal_transfers',
    proves: 'every balance of every book is the sum of its transfers',
    checked: 'select count(*) from books',
    offending: `
      with summed as (
        select book_id,
          sum(case when given_to = 'wallet' then amount when taken_from = 'wallet' then -amount else 0 end) as wallet,
          sum(case when given_to = 'sales' then amount when taken_from = 'sales' then -amount else 0 end) as sales,
          sum(case when given_to = 'paid_in' then amount when taken_from = 'paid_in' then -amount else 0 end) as paid_in,
          sum(case when given_to = 'given' then amount when taken_from = 'given' then -amount else 0 end) as given,
          sum(case when given_to = 'owed' then amount when taken_from = 'owed' then -amount else 0 end) as owed,
          count(*) as lines, max(line) as last_line
        from transfers group by book_id
      )
      select b.id as book, b.wallet, coalesce(s.wallet, 0) as wallet_by_transfers, b.sales, coalesce(s.sales, 0) as sales_by_transfers,
        b.paid_in, coalesce(s.paid_in, 0) as paid_in_by_transfers, b.given, coalesce(s.given, 0) as given_by_transfers, b.owed,
        coalesce(s.owed, 0) as owed_by_transfers, b.lines, coalesce(s.lines, 0) as lines_by_transfers
      from books b left join summed s on s.book_id = b.id
      where (b.wallet, b.sales, b.paid_in, b.given, b.owed, b.lines) is distinct from
        (coalesce(s.wallet, 0), coalesce(s.sales, 0), coalesce(s.paid_in, 0), coalesce(s.given, 0), coalesce(s.owed, 0), coalesce(s.lines, 0))
        or coalesce(s.last_line, 0) <> b.lines or b.wallet < 0 or b.owed > 0 or b.given > 0 or (b.owed < 0 and b.wallet > 0)
        or b.wallet + b.sales + b.paid_in + b.given + b.owed <> 0`,
  },
  {
    name: 'running_balances_add_up',
    proves: 'the lines of a book are numbered without a gap, and each carries the balance before it plus or minus its amount',
    checked: 'select count(*) from transfers',
    offending: `
      select * from (
        select book_id as book, line, wallet_after, lag(line, 1, 0) over book as line_before,
          lag(wallet_after, 1, 0) over book
            + ${CHANGE} as should_be
        from transfers window book as (partition by book_id order by line)
      ) walked where line <> line_before + 1 or wallet_after <> should_be`,
  },
  {
    name: 'running_debts_add_up',
    proves: 'each line that changes what is owed carries what was owed before it plus or minus its amount',
    checked: 'select count(*) from transfers where owed_after is not null',
    offending: `
      select * from (
        select book_id as book, line, owed_after,
          lag(owed_after, 1, 0) over book + case when given_to = 'owed' then amount else -amount end as should_be
        from transfers where owed_after is not null window book as (partition by book_id order by line)
      ) walked where owed_after <> should_be
      union all
      select book_id, line, owed_after, null from transfers where (owed_after is not null) <> ('owed' in (taken_from, given_to))`,
  },
  {
    name: 'noted_sums_equal_lines',
    proves: 'the noted sums of a book, by cause, are the sums of its lines',
    checked: 'select count(*) from line_sums',
    offending: `
      select m.book_id as book, m.line from (
        select *, lag(line, 1, 0) over book as before,
          ${causes.map((cause) => `${cause} - lag(${cause}, 1, 0) over book as ${cause}_since`).join(', ')}
        from line_sums window book as (partition by book_id order by line)
      ) m
      cross join lateral (
        select count(*) as n, ${causes.map((cause) => `coalesce(sum(${CHANGE}) filter (where t.cause = '${cause}'), 0) as ${cause}`).join(', ')}
        from transfers t where t.book_id = m.book_id and t.line > m.before and t.line <= m.line
      ) s
      where (s.n, ${causes.map((cause) => `s.${cause}`).join(', ')}) is distinct from (m.line - m.before, ${causes.map((cause) => `m.${cause}_since`).join(', ')})`,
  },
]

export async function auditLedger(tx: Queryable): Promise<Check[]> {
  const checks: Check[] = []
  for (const question of questions) checks.push(await ask(tx, question))
  checks.push(await auditChain(tx))
  return checks
}

export async function ask(tx: Queryable, question: Question): Promise<Check> {
  const checked = await tx.query<{ count: bigint }>(question.checked)
  const { rows } = await tx.query<Record<string, unknown>>(`select * from (${question.offending}) offending limit ${MOST_SHOWN}`)
  return {
    name: question.name,
    proves: question.proves,
    ok: rows.length === 0,
    rowsChecked: Number(checked.rows[0]!.count),
    offending: rows,
  }
}

const LINES_AT_A_TIME = 5000
const DECLARE_LINES = `
  declare audited cursor for
  select t.book_id as "bookId", b.currency, s.hash as seal, ${LINE_COLUMNS.replace(/\bline\b/, 't.line')}
  from transfers t join books b on b.id = t.book_id left join seals s on s.book_id = t.book_id and s.line = t.line
  order by t.book_id, t.line`
const SEALS_WITHOUT_LINE = `
  select s.book_id as book, s.line, 'sealed line is missing' as fault
  from seals s left join transfers t on t.book_id = s.book_id and t.line = s.line where t.line is null limit ${MOST_SHOWN}`

interface AuditedLine extends Line {
  bookId: number
  currency: string
  seal: Buffer | null
}

/** Computes every hash again, line by line, and compares it with every seal. */
async function auditChain(tx: Queryable): Promise<Check> {
  const offending = (await tx.query<Record<string, unknown>>(SEALS_WITHOUT_LINE)).rows
  let book = -1
  let hash = ''
  let rowsChecked = 0
  await tx.query(DECLARE_LINES)
  for (;;) {
    const { rows } = await tx.query<AuditedLine>(`fetch ${LINES_AT_A_TIME} from audited`)
    if (rows.length === 0) break
    rowsChecked += rows.length
    for (const line of rows) {
      if (line.bookId !== book) {
        book = line.bookId
        hash = genesis(line.bookId, line.currency)
      }
      hash = chain(hash, line)
      if (line.seal && line.seal.toString('hex') !== hash && offending.length < MOST_SHOWN) {
        offending.push({ book, line: line.line, fault: 'a line at or before this one was changed after it was sealed' })
      }
    }
  }
  await tx.query('close audited')
  return {
    name: 'hash_chain_holds',
    proves: 'no line was changed, removed or inserted after it was sealed',
    ok: offending.length === 0,
    rowsChecked,
    offending,
  }
}
