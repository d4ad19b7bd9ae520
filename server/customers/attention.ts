import type { Queryable } from '../db/pool.ts'

/** Matters for an account's owner to look at, apart from the orders. */
export interface Attention {
  /** Webhooks whose last messages were all refused or lost. */
  readonly failingWebhooks: number
  /** The result of the newest attempt at one of them. */
  readonly lastAnswer: string | null
  /** The owner wants a notice when the balance falls below this, in units of 10⁻⁵; null: no notice. */
  readonly alarmBelow: bigint | null
  /** What a reversal could not take, below zero: no order is taken until it is paid. */
  readonly owed: bigint
}

const ATTENTION = `
  select (select count(*)::int from webhooks w where w.book_id = $1 and w.failing_since is not null) as "failingWebhooks",
    (select m.words from webhooks w join webhook_messages m on m.webhook_id = w.id
      where w.book_id = $1 and w.failing_since is not null and m.tried_at is not null order by m.tried_at desc limit 1) as "lastAnswer",
    (select a.below from balance_alarms a where a.book_id = $1) as "alarmBelow",
    (select b.owed from books b where b.id = $1) as owed`

export async function readAttention(db: Queryable, bookId: number): Promise<Attention> {
  return (await db.query<Attention>({ name: 'attention', text: ATTENTION, values: [bookId] })).rows[0]!
}
