import { gatewayCan, type MethodRow } from './methods.ts'
import type { PaymentContext } from './payments.ts'

// Once a minute is enough while nothing changes.
const NOTE = `
  insert into payment_standings as s (method_id, answers, since, asked_at) values ($1, $2, $3, $3)
  on conflict (method_id) do update set answers = excluded.answers, asked_at = excluded.asked_at,
    since = case when s.answers = excluded.answers then s.since else excluded.since end
  where s.answers <> excluded.answers or s.asked_at < excluded.asked_at - interval '1 minute'`

/** Notes for the status page whether a gateway answered, where it is one that is called. */
export async function noteStanding({ db, now, gateways }: PaymentContext, method: MethodRow, answers: boolean): Promise<void> {
  if (!gatewayCan(gateways, method, 'look')) return
  await db.query({ name: 'note standing of a way to pay', text: NOTE, values: [method.id, answers, now()] })
}
