import { isPackageType, serviceTypes } from '../../contract/service-types.ts'
import { BEGIN_BY_INDEX, type Database, type Queryable, transaction } from '../db/pool.ts'
import { ENDED, LINES } from './movements.ts'

/** The limits of one commit, and of a round: a rush of orders never pays for the figures, which fall behind instead and say how old they are. */
const MOST_BOOKS = 50
const MOST_OF_A_BOOK = 1000
const MOST_OF_A_ROUND = 20_000

const BOOKS_BEHIND = `
  select b.id from books b left join report_cursors c on c.book_id = b.id left join feeds f on f.book_id = b.id
  where b.id > $1 and not b.play and (b.lines > coalesce(c.line, 0) or f.changes > coalesce(c.change, 0)) order by b.id`
const COUNTED = 'update report_state set counted_at = $1 where counted_at is null or counted_at < $1'

/** Adds up books, one round after another. Each node has one; which of them works is decided by a lock. */
export interface AddingUp {
  /** One round. Answers whether everything is added up that had been committed when it began. */
  round(): Promise<boolean>
}

export function openAddingUp(db: Database, now: () => Date): AddingUp {
  let after = 0
  return {
    async round() {
      const [beganAt, from] = [now(), after]
      const books = await booksBehind(db, from)
      after = 0
      let [rest, isComplete] = [MOST_OF_A_ROUND, from === 0]
      for (let at = 0; at < books.length; at += MOST_BOOKS) {
        const some = books.slice(at, at + MOST_BOOKS)
        const added = await addUpBooks(db, some)
        if (!added) return false
        isComplete &&= !added.isBehind
        rest -= added.count
        if (rest > 0 || at + MOST_BOOKS >= books.length) continue
        // The next round begins with the books that this one did not reach.
        after = some.at(-1)!
        return false
      }
      if (isComplete) await db.query(COUNTED, [beganAt])
      return isComplete
    },
  }
}

async function booksBehind(db: Database, after: number): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>({ name: 'books to report on', text: BOOKS_BEHIND, values: [after] })
  return rows.map((row) => row.id)
}

// One node adds up at a time: they would only wait for the same rows.
const HOLD = 'select pg_try_advisory_xact_lock(7358) as held'
const LOCK_CURSORS = `
  insert into report_cursors as c (book_id) select book from unnest($1::int[]) as book order by book
  on conflict (book_id) do update set line = c.line returning c.book_id as book, c.line, c.change`

const PACKAGES = serviceTypes.flatMap(({ name }) => (isPackageType(name) ? [name] : []))

interface Added {
  /** Lines and changes read. */
  readonly count: number
  readonly isBehind: boolean
}

/** Adds the next lines and ended orders of books to the sums, in one commit. Undefined: another node is at it. */
function addUpBooks(db: Database, books: readonly number[]): Promise<Added | undefined> {
  const addUp = async (tx: Queryable) => {
    if (!(await tx.query<{ held: boolean }>(HOLD)).rows[0]!.held) return undefined
    const lines = await step(tx, 'report lines', LINES, books)
    // Its own statement, because it needs what the first one has written.
    const ended = await step(tx, 'report ended orders', ENDED, books)
    return { count: lines.count + ended.count, isBehind: lines.isBehind || ended.isBehind }
  }
  return transaction(db, addUp, BEGIN_BY_INDEX)
}

async function step(tx: Queryable, name: string, text: string, books: readonly number[]): Promise<Added> {
  const { rows } = await tx.query<{ book: number; line: bigint; change: bigint }>({
    name: 'lock report cursors',
    text: LOCK_CURSORS,
    values: [books],
  })
  const values = [rows.map((row) => row.book), rows.map((row) => row.line), rows.map((row) => row.change), MOST_OF_A_BOOK, PACKAGES]
  return (await tx.query<Added>({ name, text, values })).rows[0]!
}
