import { type Queryable, transaction } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { backOff, pauseAfter } from '../loops/back-off.ts'
import { after } from '../loops/time.ts'
import { isRefusal } from '../refusal.ts'
import { because } from './because.ts'
import type { Charged } from './gateway.ts'
import { lookAt } from './look.ts'
import { askGateway, findMethod } from './methods.ts'
import type { PaymentContext, PaymentRow } from './payments.ts'
import { askOf, notePayment, type Payer, termsOf } from './start.ts'

/** How a customer's balance is filled up by itself; amounts in the account's currency. */
export interface TopUp {
  readonly accountId: number
  readonly below: Units
  readonly amount: Units
  readonly mostPerDay: Units
  readonly isOn: boolean
  readonly failures: number
  /** Why the last charge failed, in the gateway's words. */
  readonly words: string | null
  /** Null: no card is kept. */
  readonly card: string | null
}

const TOP_UP = `
  select a.id as "accountId", t.below, t.amount, t.most_per_day as "mostPerDay", coalesce(t.is_on, false) as "isOn", coalesce(t.failures, 0) as failures, t.words,
    c.label as card
  from accounts a left join top_ups t on t.account_id = a.id left join saved_cards c on c.account_id = a.id
  where a.id = $1 and (t.account_id is not null or c.account_id is not null)`

/** Undefined: the account has no card and no top-up. */
export async function findTopUp(db: Queryable, accountId: number): Promise<TopUp | undefined> {
  return (await db.query<TopUp>({ name: 'top-up', text: TOP_UP, values: [accountId] })).rows[0]
}

const SET = `
  insert into top_ups as t (account_id, book_id, below, amount, most_per_day, is_on, changed_at)
  select $1, b.id, $2, $3, $4, true, $5 from books b join saved_cards c on c.account_id = b.account_id where b.account_id = $1 and not b.play
  on conflict (account_id) do update set below = excluded.below, amount = excluded.amount, most_per_day = excluded.most_per_day, is_on = true, failures = 0,
    words = null, due_at = null, tries = 0, changed_at = excluded.changed_at`

/** Switches automatic top-up on. Answers false when no card is kept. */
export async function switchTopUpOn(
  tx: Queryable,
  accountId: number,
  { below, amount, mostPerDay }: Pick<TopUp, 'below' | 'amount' | 'mostPerDay'>,
  now: Date,
): Promise<boolean> {
  return (await tx.query(SET, [accountId, below, amount, mostPerDay, now])).rowCount === 1
}

const OFF = 'update top_ups set is_on = false, changed_at = $2 where account_id = $1'
const FORGET = 'delete from saved_cards where account_id = $1'

/** Switches it off; with `forgetCard` the card is forgotten too. */
export async function switchTopUpOff(tx: Queryable, accountId: number, forgetCard: boolean, now: Date): Promise<void> {
  await tx.query(OFF, [accountId, now])
  if (forgetCard) await tx.query(FORGET, [accountId])
}

interface Due {
  readonly accountId: number
  readonly email: string
  readonly currency: string
  readonly amount: Units
  readonly methodId: number
  readonly cardId: string
  readonly startKey: string
  /** How often the gateway was asked in a row without an answer, this time included. */
  readonly tries: number
}

/** Longer than a gateway may take to answer: another node does not ask meanwhile, and after a crash the charge is asked for again. */
const CLAIMED_SECONDS = 180

// An account whose balance is low, if the day has room for it; one whose time has come after a failure waits its turn like the others, so that a gateway
// that is away holds up nobody. A charge whose answer was lost is asked for again under its number. The number is raised under the lock of the row, so that
// two nodes never make one twice.
const CLAIM = `
  with low as (
    select t.account_id, exists (
        select from payments p where p.account_id = t.account_id and p.opened_by = 'top-up' and p.state = 'open' and p.their_id is null) as again
    from top_ups t join books b on b.id = t.book_id join saved_cards c on c.account_id = t.account_id join accounts a on a.id = t.account_id
    where t.is_on and (t.due_at is null or t.due_at <= $1) and a.suspended_at is null and b.wallet < t.below and not exists (
        select from payments p where p.account_id = t.account_id and p.opened_by = 'top-up' and p.state in ('open', 'seen', 'review') and p.their_id is not null)
      and t.amount + coalesce((
        select sum(p.amount) from payments p where p.account_id = t.account_id and p.opened_by = 'top-up' and p.state <> 'failed'
          and p.created_at > $1::timestamptz - interval '24 hours' and p.their_id is not null), 0) <= t.most_per_day
    order by t.due_at nulls first, t.account_id limit 1 for update of t skip locked
  ),
  counted as (
    update top_ups t set count = t.count + (not low.again)::int, due_at = $1::timestamptz + interval '${CLAIMED_SECONDS} seconds', tries = t.tries + 1
    from low where t.account_id = low.account_id returning t.*
  )
  select t.account_id as "accountId", a.email, a.currency, t.amount, c.method_id as "methodId", c.card_id as "cardId", 'top-up ' || t.count as "startKey", t.tries
  from counted t join accounts a on a.id = t.account_id join saved_cards c on c.account_id = t.account_id`

const BEGUN = `
  with begun as (update payments set their_id = $2, look_at = $3 where id = $1 returning account_id)
  update top_ups t set failures = 0, words = null, due_at = null, tries = 0 from begun where t.account_id = begun.account_id`

/** Charges the card of one account whose balance is low. Answers 1 when there may be more, 0 when there is nothing to do. */
export async function topUpDue(context: PaymentContext): Promise<number> {
  const { db, now } = context
  const claimed = await claim(context)
  if (claimed === undefined) return 0
  if (claimed === 'stopped') return 1
  const { due, payment } = claimed
  const charged = await charge(context, payment, due)
  if (charged.kind === 'begun') {
    await db.query(BEGUN, [payment.id, charged.theirId, now()])
    await lookAt(context, (await findMethod(db, due.methodId))!, { theirId: charged.theirId, reference: payment.reference })
  }
  if (charged.kind === 'refused') await refused(context, payment, charged.words)
  // The same charge is asked for again under its key, later and later.
  if (charged.kind === 'unknown') await db.query(POSTPONE, [due.accountId, backOff(now(), due.tries - 1)])
  return 1
}

const POSTPONE = 'update top_ups set due_at = $2 where account_id = $1'

/** Notes the charge under the lock of its top-up, before the gateway hears of it: a second node finds it there. */
async function claim(context: PaymentContext): Promise<{ due: Due; payment: PaymentRow } | 'stopped' | undefined> {
  const { db, now } = context
  let claimed: Due | undefined
  try {
    return await transaction(db, async (tx) => {
      const [due] = (await tx.query<Due>({ name: 'due top-up', text: CLAIM, values: [now()] })).rows
      if (!due) return undefined
      claimed = due
      const account = { id: due.accountId, currency: due.currency, email: due.email }
      const wanted = { account, methodId: due.methodId, amount: due.amount, coupon: null }
      const within = { ...context, db: tx }
      const terms = await termsOf(within, wanted)
      return { due, payment: await notePayment(within, { ...wanted, ...PAYER, startKey: due.startKey, by: 'top-up' }, terms) }
    })
  } catch (error) {
    if (!isRefusal(error) || claimed === undefined) throw error
    // A newer rate comes by itself. What else refuses it does not pass.
    if (isRefusal(error, 'no_fresh_rate')) await db.query(POSTPONE, [claimed.accountId, after(now(), RATE_SECONDS)])
    else await db.query(STOP, [claimed.accountId, error.message])
    return 'stopped'
  }
}

/** Rates are fetched once an hour. */
const RATE_SECONDS = 600

const PAYER = { language: 'en', about: 'Automatic top-up' } as const satisfies Omit<Payer, 'email'>

async function charge(context: PaymentContext, payment: PaymentRow, { email, methodId, cardId }: Due): Promise<Charged> {
  const method = (await findMethod(context.db, methodId))!
  const asked = askOf(context, method, payment, { ...PAYER, email })
  return askGateway(
    context.gateways,
    method,
    async (gateway): Promise<Charged> => (await gateway.chargeSaved?.(asked, cardId)) ?? { kind: 'refused', words: because.noCards() },
  )
}

const MOST_FAILURES = 3
/** A card that was refused may be good again after a while: 1 hour, then 4. */
const AFTER_REFUSAL = { first: 3600, factor: 4, longest: 86_400 }
const FAILED = `update payments set state = 'failed', why = $2, look_at = null where id = $1 and state = 'open'`
const NOTE_FAILURE = `
  update top_ups set failures = failures + 1, words = $2, is_on = is_on and failures + 1 < ${MOST_FAILURES}, tries = 0, due_at = $3
  where account_id = $1`
const STOP = 'update top_ups set is_on = false, words = $2 where account_id = $1'

/** After three refusals in a row it is switched off, and the customer's page says why. */
async function refused({ db, now }: PaymentContext, payment: PaymentRow, words: string): Promise<void> {
  await transaction(db, async (tx) => {
    await tx.query(FAILED, [payment.id, words.slice(0, 500)])
    const { failures } = (await findTopUp(tx, payment.accountId))!
    await tx.query(NOTE_FAILURE, [payment.accountId, words.slice(0, 500), after(now(), pauseAfter(failures, AFTER_REFUSAL))])
  })
}
