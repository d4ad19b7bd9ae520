import { eachByItself } from '../loops/by-itself.ts'
import { applyStanding } from './apply.ts'
import { because } from './because.ts'
import { readAmount } from './amounts.ts'
import type { Hint, Looked } from './gateway.ts'
import { askGateway, findMethod, gatewayCan, type MethodRow } from './methods.ts'
import { findHinted, findPayment, type PaymentContext, type PaymentRow } from './payments.ts'
import { noteStanding } from './standings.ts'

/** `done`: the payment is as its gateway says; `foreign`: it is none of ours; `unknown`: the gateway could not be asked now. */
export type LookOutcome = 'done' | 'foreign' | 'unknown'

/** Asks the gateway for a payment and brings ours to what it says. */
export async function lookAt(context: PaymentContext, method: MethodRow, hint: Hint): Promise<LookOutcome> {
  const known = await findHinted(context.db, method.id, hint)
  const asked = {
    theirId: known?.theirId ?? hint.theirId,
    reference: known?.reference ?? hint.reference,
    wants: known ? { amount: readAmount(known.asked)!, currency: known.currency } : null,
  }
  const looked = await askGateway(
    context.gateways,
    method,
    async (gateway): Promise<Looked> => (await gateway.look?.(asked)) ?? { kind: 'none' },
  )
  await noteStanding(context, method, looked.kind !== 'unknown')
  if (looked.kind !== 'standing') return looked.kind === 'none' ? 'foreign' : 'unknown'
  const payment = known ?? (await findHinted(context.db, method.id, looked.standing))
  if (!payment) return 'foreign'
  await applyStanding(context, method, payment, looked.standing)
  return 'done'
}

const LOOKED_LATELY = `
  update payments set look_at = $2::timestamptz + interval '20 seconds', looks = looks + 1
  where id = $1 and (look_at is null or look_at < $2::timestamptz + interval '17 seconds') and state in ('open', 'seen', 'expired', 'failed')
  returning id`

/** The customer came back, or waits on the page: looks now, unless it was looked at a moment ago. Answers the payment as it is then. */
export async function lookForPayer(context: PaymentContext, payment: PaymentRow): Promise<PaymentRow> {
  const method = (await findMethod(context.db, payment.methodId))!
  if (payment.nextStep === null || !method.isOn || !gatewayCan(context.gateways, method, 'look')) return payment
  const { rowCount } = await context.db.query(LOOKED_LATELY, [payment.id, context.now()])
  if (rowCount === 0) return payment
  await lookAt(context, method, payment)
  return (await findPayment(context.db, payment.id))!
}

// Looked at ever more rarely: after 20 s, 40 s, 80 s … at most every two hours, until its last hour. Then a person is asked about what was seen and not paid.
const CLAIM = `
  with due as (
    select id from payments where look_at <= $1 order by look_at limit 10 for update skip locked
  )
  update payments p set looks = p.looks + 1,
    look_at = case when p.look_until > $1 then $1::timestamptz + least(interval '20 seconds' * (2 ^ least(p.looks, 12)), interval '2 hours') end
  from due where p.id = due.id returning p.id`
const GIVE_UP = `
  with over as (
    update payments set state = case when state = 'seen' then 'review' else 'expired' end,
      why = case when state = 'seen' then $3::text else why end
    where id = $1 and look_at is null and state in ('open', 'seen') returning id, book_id, state
  )
  insert into payment_news (book_id, payment_id, what, at) select book_id, id, state, $2 from over`

/** Looks at the payments that are due; each is claimed by one node. Answers how many. */
export async function lookAtDue(context: PaymentContext): Promise<number> {
  const { rows } = await context.db.query<{ id: bigint }>({ name: 'due payments', text: CLAIM, values: [context.now()] })
  await eachByItself(rows, async ({ id }) => {
    const payment = (await findPayment(context.db, id))!
    const method = (await findMethod(context.db, payment.methodId))!
    await lookAt(context, method, payment)
    await context.db.query({ name: 'give up payment', text: GIVE_UP, values: [id, context.now(), because.seenOnly()] })
  })
  return rows.length
}

const EXPIRE = `
  with over as (
    update payments set state = 'expired' where state = 'open' and look_at is null and until < $1 and id in (
      select id from payments where state = 'open' and look_at is null and until < $1 limit 500)
    returning id, book_id
  )
  insert into payment_news (book_id, payment_id, what, at) select book_id, id, 'expired', $1 from over`

/** Payments that nobody can ask for end with their time. Money that comes later is credited all the same. */
export async function expirePayments({ db, now }: PaymentContext): Promise<number> {
  return (await db.query({ name: 'expire payments', text: EXPIRE, values: [now()] })).rowCount ?? 0
}
