import { sqlFunction } from '../db/call.ts'
import { BEGIN_BY_INDEX, type Database, transaction } from '../db/pool.ts'
import { eachByItself } from '../loops/by-itself.ts'

/** The limits of one commit: a rush of orders never waits for commissions, which fall behind instead. */
const MOST_REFERRALS = 50
const MOST_OF_A_BOOK = 1000

const BEHIND = `
  select f.id from referrals f join books b on b.account_id = f.account_id and not b.play left join feeds d on d.book_id = b.id
  where f.ended_at is null and (b.lines > f.line or d.changes > f.change) order by f.id`
const READ = sqlFunction('read_referrals', ['referrals', 'most', 'now'], { columns: 'count, is_behind as "isBehind"' })

/** Notes what the orders of referred accounts kept, behind the commits. Answers whether everything is noted that had been committed when it began. */
export async function readReferredBooks(db: Database, now: Date): Promise<boolean> {
  const { rows } = await db.query<{ id: number }>({ name: 'referrals behind', text: BEHIND })
  const batches = Array.from({ length: Math.ceil(rows.length / MOST_REFERRALS) }, (_, at) =>
    rows.slice(at * MOST_REFERRALS, (at + 1) * MOST_REFERRALS).map(({ id }) => id),
  )
  let isComplete = true
  await eachByItself(batches, async (referrals) => {
    const call = READ.call({ referrals, most: MOST_OF_A_BOOK, now })
    const read = await transaction(db, (tx) => tx.query<{ count: bigint; isBehind: boolean }>(call), BEGIN_BY_INDEX)
    if (read.rows[0]!.isBehind) isComplete = false
  })
  return isComplete
}
