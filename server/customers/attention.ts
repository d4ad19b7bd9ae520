import type { Queryable } from '../db/pool.ts'

/** What waits for an account's owner, apart from its orders. */
export interface Attention {
  /** Addresses for news that took none of their last messages. */
  readonly failingWebhooks: number
  /** What the newest attempt at one of them came to. */
  readonly lastAnswer: string | null
  /** What the owner wanted to be told below, in units of 10⁻⁵; null without an alarm. */
  readonly alarmBelow: bigint | null
}

const ATTENTION = `
  select (select count(*)::int from webhooks w where w.book_id = $1 and w.failing_since is not null) as "failingWebhooks",
    (select m.words from webhooks w join webhook_messages m on m.webhook_id = w.id
      where w.book_id = $1 and w.failing_since is not null and m.tried_at is not null order by m.tried_at desc limit 1) as "lastAnswer",
    (select a.below from balance_alarms a where a.book_id = $1) as "alarmBelow"`

export async function readAttention(db: Queryable, bookId: number): Promise<Attention> {
  return (await db.query<Attention>({ name: 'attention', text: ATTENTION, values: [bookId] })).rows[0]!
}
