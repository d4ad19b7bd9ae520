import { z } from 'zod'
import { logAct, STAFF } from '../customers/account-log.ts'
import { type Transaction, transaction } from '../db/pool.ts'
import { formatUnits, type Units } from '../ledger/money.ts'
import { raiseAlert } from '../loops/alerts.ts'
import { formatAmount } from '../payments/amounts.ts'
import { fund } from '../payments/fund.ts'
import { refuse } from '../refusal.ts'
import type { Staff } from '../staff/staff-keys.ts'
import { type Handler, nameOf, noteCall, type StaffContext } from './context.ts'
import { maybeText, maybeWords, read } from './input.ts'
import { findUser, type PanelUser, paymentNamedBy, readSum } from './payment-input.ts'

/** What a call of `payments/add` asks for. */
interface Asked {
  readonly user: PanelUser
  readonly units: Units
  readonly method: string
  readonly memo: string
  /** The header `Idempotency-Key`. */
  readonly key: string | null
  /** The payment that the memo names; null: it names none. */
  readonly named: string | null
}

const fields = z.object({ method: maybeWords, memo: maybeWords })
const header = z.object({ idempotency_key: maybeText })

/**
 * `POST /payments/add`: a script books a payment that it took elsewhere. Published: `username`, `amount`, `method`, `memo`, `affiliate_commission`; the
 * answer has `payment_id`, `user` and `amount`. A repeated call gets the first answer again and books nothing: it is known by the header
 * `Idempotency-Key`, else by the memo when that names a payment, else by the same user, amount, method and memo within a day.
 */
export const addPayment: Handler = async (context, { staff, input, headers }) => {
  if (staff.fundsADay === null) throw refuse('staff_key_may_not_fund')
  const { method = '', memo = '' } = read(fields, input)
  const { idempotency_key: key = null } = read(header, { idempotency_key: headers['idempotency-key'] })
  const user = await findUser(context.db, input)
  const units = readSum(input['amount'], user.currency)
  return transaction(context.db, (tx) => once(tx, context, staff, { user, units, method, memo, key, named: paymentNamedBy(memo) }))
}

interface Earlier {
  readonly id: bigint
  readonly account: number
  readonly units: Units
  readonly method: string
  readonly memo: string
  readonly at: Date
  readonly answer: object
}

// The row of the key is locked first, then its account, so that two calls at once are one after the other, whichever keys they have.
const LOCK_KEY = 'select from staff_keys where id = $1 for no key update'
const LOCK_ACCOUNT = 'select pg_advisory_xact_lock(7311, $1)'

async function once(tx: Transaction, context: StaffContext, staff: Staff, asked: Asked): Promise<object> {
  await tx.query(LOCK_KEY, [staff.keyId])
  await tx.query(LOCK_ACCOUNT, [asked.user.account])
  const now = context.now()
  const earlier = await findEarlier(tx, staff, asked, now)
  if (earlier === undefined) return book(tx, context, staff, asked, now)
  if (earlier.account !== asked.user.account || earlier.units !== asked.units) throw refuse('payment_name_used', asked.key ?? asked.memo)
  if (asked.key === null && asked.named === null) await tellOfRepeat(tx, earlier, asked, now)
  return { ...earlier.answer, repeated: true }
}

const EARLIER = 'select id, account_id as account, units, method, memo, at, answer from staff_payments'
const OF_KEY = `${EARLIER} where staff_key_id = $1 and key = $2`
const OF_NAME = `${EARLIER} where account_id = $1 and named = $2 and key is null`
const OF_A_DAY = `
  ${EARLIER} where account_id = $1 and units = $2 and method = $3 and memo = $4 and key is null and named is null
    and at > $5::timestamptz - interval '24 hours'
  order by id limit 1`

async function findEarlier(tx: Transaction, staff: Staff, { user, units, method, memo, key, named }: Asked, now: Date) {
  const [text, values] =
    key !== null
      ? [OF_KEY, [staff.keyId, key]]
      : named !== null
        ? [OF_NAME, [user.account, named]]
        : [OF_A_DAY, [user.account, units, method, memo, now]]
  return (await tx.query<Earlier>(text, values)).rows[0]
}

/** Most scripts retry at once. */
const RETRY_MS = 10 * 60_000

/** The same again much later may be a second payment, and nothing tells the two apart: a person looks. */
async function tellOfRepeat(tx: Transaction, earlier: Earlier, { user, units, memo }: Asked, now: Date) {
  if (now.getTime() - earlier.at.getTime() < RETRY_MS) return
  const sum = `${textOf(units, user.currency)} ${user.currency}`
  const words = `${sum} for ${user.email} (account ${user.account}) was reported again with the memo "${memo}", and booked once: if it is a second payment, book it by hand`
  await raiseAlert(tx, { kind: 'payment reported again', supplierId: null, orderId: null, words }, now)
}

const NUMBER = `select nextval(pg_get_serial_sequence('staff_payments', 'id')) as id`
const NOTE = `
  insert into staff_payments (id, staff_key_id, account_id, key, named, units, currency, method, memo, line, answer, at)
  overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
const TODAY = `
  select coalesce(sum(units), 0)::bigint as sum from staff_payments
  where staff_key_id = $1 and currency = $2 and at >= date_trunc('day', $3::timestamptz at time zone 'utc') at time zone 'utc'`

async function book(tx: Transaction, context: StaffContext, staff: Staff, asked: Asked, now: Date): Promise<object> {
  const { user, units, method, memo } = asked
  const { rows } = await tx.query<{ sum: Units }>(TODAY, [staff.keyId, user.currency, now])
  if (rows[0]!.sum + units > staff.fundsADay!) {
    throw refuse('staff_key_funds_no_more', textOf(staff.fundsADay!, user.currency), user.currency)
  }
  const { id } = (await tx.query<{ id: bigint }>(NUMBER)).rows[0]!
  const note = [method, memo].filter((words) => words !== '').join(': ') || 'Payment'
  const by = nameOf(staff)
  const movement = { amount: units, note, reference: `added payment ${id}`, by, seller: context.seller() }
  const { line, balance } = await fund(tx, user.account, movement, now)
  const answer = answerOf(asked, id, balance)
  const named = [id, staff.keyId, user.account, asked.key, asked.named]
  await tx.query(NOTE, [...named, units, user.currency, method, memo, line, JSON.stringify(answer), now])
  await logAct(tx, user.account, STAFF, 'funded', now, `${textOf(units, user.currency)} ${user.currency}: ${note}`)
  const { key } = asked
  const told = { account: user.account, amount: formatUnits(units), method, memo, key }
  const result = { payment: id, line, balance: formatUnits(balance) }
  await noteCall(tx, staff, { call: 'payments/add', account: user.account, input: told, result }, now)
  return answer
}

function answerOf({ user, units, method, memo }: Asked, id: bigint, balance: Units): object {
  const value = textOf(units, user.currency)
  return {
    payment_id: Number(id),
    user: { id: user.account, username: user.username, balance: textOf(balance, user.currency) },
    amount: { value, currency_code: user.currency, formatted: `${value} ${user.currency}` },
    method,
    memo,
    // There are no referrals, so whoever asks for a commission reads here that nobody got one.
    affiliate_commission: false,
    repeated: false,
  }
}

/** With the usual digits of the currency. */
function textOf(units: Units, currency: string): string {
  return formatAmount({ digits: units, places: UNIT_PLACES }, currency)
}

const UNIT_PLACES = 5
