import type { Queryable } from '../db/pool.ts'

/** The progress of a new account. */
export interface FirstSteps {
  readonly hasPaidIn: boolean
  /** A key that can place real orders. */
  readonly hasKey: boolean
  readonly hasTestOrder: boolean
  readonly hasOrder: boolean
  readonly hasWebhook: boolean
  /** The newest order placed with its test keys. */
  readonly newestTestOrder: bigint | null
}

// Each column is one index step, or one per final status of an order (docs/decisions/0014).
const FIRST_STEPS = `
  select b.paid_in <> 0 as "hasPaidIn",
    exists (select from api_keys k where k.account_id = $1 and not k.test and not k.of_pages and not k.refused) as "hasKey",
    t.id is not null as "hasTestOrder",
    exists (select from orders o where o.book_id = b.id and not o.ended) or exists (select from orders o where o.book_id = b.id and o.ended) as "hasOrder",
    exists (select from webhooks w join books p on p.id = w.book_id where p.account_id = $1) as "hasWebhook",
    t.id as "newestTestOrder"
  from books b
  left join books p on p.account_id = b.account_id and p.play
  left join lateral (
    select o.id from (
      (select id, placed_at from orders where book_id = p.id and not ended order by placed_at desc, id desc limit 1)
      union all
      (select o.* from unnest(enum_range(null::order_status)) as s(status) cross join lateral (
        select id, placed_at from orders where book_id = p.id and ended and outcome = s.status order by placed_at desc, id desc limit 1
      ) o)
    ) o order by o.placed_at desc, o.id desc limit 1
  ) t on true
  where b.account_id = $1 and not b.play`

/** Reads which first steps an account has done, through the API or on the pages. */
export async function readFirstSteps(db: Queryable, accountId: number): Promise<FirstSteps> {
  return (await db.query<FirstSteps>({ name: 'first steps', text: FIRST_STEPS, values: [accountId] })).rows[0]!
}
