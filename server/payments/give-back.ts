import type { Transaction } from '../db/pool.ts'
import { transaction } from '../db/pool.ts'
import { type Decimal, formatUnits, type Units } from '../ledger/money.ts'
import { eachByItself } from '../loops/by-itself.ts'
import { refuse } from '../refusal.ts'
import { compareDecimals, formatAmount, readAmount } from './amounts.ts'
import { takeBack } from './credit.ts'
import type { GivenBack } from './gateway.ts'
import { lookAt } from './look.ts'
import { askGateway, findMethod, gatewayCan, type MethodRow } from './methods.ts'
import { tellOfDeposit } from './news.ts'
import { findPayment, type PaymentContext } from './payments.ts'
import { holdReceipt, type ReceiptRow } from './receipts.ts'

/** What staff ask to be given back to where it came from. */
export interface WantedBack {
  /** The gateway gives back once under it. */
  readonly key: string
  readonly receiptId: bigint
  /** Of the receipt, in the currency that came; null: all that is left of it. */
  readonly amount: Decimal | null
  /** What the wallet cannot give is owed afterwards. */
  readonly evenIfShort: boolean
  readonly who: string
  readonly reason: string
}

export interface NotedBack {
  readonly receipt: ReceiptRow
  /** In the currency that came. */
  readonly amount: string
  /** What the wallet gives for it, with the bonus. */
  readonly units: Units
}

const TAKEN = `
  select coalesce((select sum(amount) from payment_reversals where receipt_id = $1 and state = 'taken'), 0)::text as taken,
    coalesce((select sum(amount) from payment_givebacks where receipt_id = $1 and ended_at is null), 0)::text as asked`
const NOTE = `
  insert into payment_givebacks (key, receipt_id, amount, asked_at, asked_by, reason, due_at) values ($1, $2, $3::numeric, $4, $5, $6, $4)`
const WALLET = 'select wallet from books where id = $1 for no key update'

/**
 * Notes that a receipt, or a part of it, is to be given back. The gateway is asked once this is committed (`askGivebacks`), so that a lost answer is asked for
 * again under the same key. Throws a Refusal when it cannot be, or when the wallet is short.
 */
export async function noteGiveback(tx: Transaction, wanted: WantedBack, now: Date): Promise<NotedBack> {
  const receipt = await holdReceipt(tx, wanted.receiptId)
  if (receipt.state !== 'credited') throw refuse('receipt_not_credited')
  const { rows } = await tx.query<{ taken: string; asked: string }>(TAKEN, [receipt.id])
  const left = minus(minus(readAmount(receipt.amount)!, readAmount(rows[0]!.taken)!), readAmount(rows[0]!.asked)!)
  const amount = wanted.amount ?? left
  if (amount.digits <= 0n || compareDecimals(amount, left) > 0n) {
    throw refuse('more_than_is_left', `${formatAmount(left.digits < 0n ? NOTHING : left, receipt.currency)} ${receipt.currency}`)
  }
  const units = shareOf(receipt, amount)
  const { wallet } = (await tx.query<{ wallet: Units }>(WALLET, [receipt.bookId])).rows[0]!
  if (wallet < units && !wanted.evenIfShort) throw refuse('wallet_is_short', `${formatUnits(wallet)} ${receipt.accountCurrency}`)
  const text = formatAmount(amount, receipt.currency)
  await tx.query(NOTE, [wanted.key, receipt.id, text, now, wanted.who, wanted.reason])
  return { receipt, amount: text, units }
}

const NOTHING: Decimal = { digits: 0n, places: 0 }

function minus(one: Decimal, other: Decimal): Decimal {
  const places = Math.max(one.places, other.places)
  const at = ({ digits, places: of }: Decimal) => digits * 10n ** BigInt(places - of)
  return { digits: at(one) - at(other), places }
}

/** The same part of the deposit and its bonus, as `reverse_receipt` takes it. */
function shareOf(receipt: ReceiptRow, amount: Decimal): Units {
  const whole = readAmount(receipt.amount)!
  const share = (of: Units) => (of * amount.digits * 10n ** BigInt(whole.places)) / (whole.digits * 10n ** BigInt(amount.places))
  return share(receipt.units!) + share(receipt.bonusUnits)
}

/** Throws a Refusal when the gateway of this receipt cannot give money back. */
export async function checkCanGiveBack({ db, gateways }: Pick<PaymentContext, 'db' | 'gateways'>, methodId: number): Promise<void> {
  const method = (await findMethod(db, methodId))!
  if (!gatewayCan(gateways, method, 'giveBack')) throw refuse('cannot_give_back', method.name)
}

interface Due {
  readonly key: string
  readonly receiptId: bigint
  readonly amount: string
  readonly state: 'asked' | 'under way'
  readonly by: string
}

// Asked again after 20 s, 40 s, 80 s … at most every two hours.
const CLAIM = `
  with due as (
    select key from payment_givebacks where ended_at is null and due_at <= $1 and ($2::text is null or key = $2) order by due_at limit 10
    for update skip locked
  )
  update payment_givebacks g set tries = g.tries + 1, due_at = $1::timestamptz + least(interval '20 seconds' * (2 ^ least(g.tries, 12)), interval '2 hours')
  from due where g.key = due.key
  returning g.key, g.receipt_id as "receiptId", trim_scale(g.amount)::text as amount, g.state, g.asked_by as by`

/** Asks gateways for what is noted and not given back yet; each is claimed by one node. `key`: only this one. Answers how many. */
export async function askGivebacks(context: PaymentContext, key: string | null = null): Promise<number> {
  const { rows } = await context.db.query<Due>({ name: 'due givebacks', text: CLAIM, values: [context.now(), key] })
  await eachByItself(rows, (due) => ask(context, due))
  return rows.length
}

const OF_RECEIPT = `
  select r.their_id as "receiptId", r.currency, r.method_id as "methodId", r.payment_id as "paymentId", p.their_id as "theirId", p.reference
  from payment_receipts r left join payments p on p.id = r.payment_id where r.id = $1`

interface Subject {
  readonly receiptId: string
  readonly currency: string
  readonly methodId: number
  readonly paymentId: bigint | null
  readonly theirId: string | null
  readonly reference: string | null
}

async function ask(context: PaymentContext, due: Due): Promise<void> {
  const subject = (await context.db.query<Subject>(OF_RECEIPT, [due.receiptId])).rows[0]!
  const method = (await findMethod(context.db, subject.methodId))!
  if (due.state === 'under way') {
    // What became of it is told by a look: `reverse_receipt` ends it.
    if (gatewayCan(context.gateways, method, 'look')) await lookAt(context, method, subject)
    return
  }
  const amount = { amount: readAmount(due.amount)!, currency: subject.currency }
  const receipt = { id: subject.receiptId, theirId: subject.theirId, ...amount }
  const answer = await askGateway(
    context.gateways,
    method,
    async (gateway): Promise<GivenBack> =>
      (await gateway.giveBack?.(receipt, due.key)) ?? { kind: 'refused', words: 'This gateway cannot give money back' },
  )
  await record(context, method, { due, subject }, answer)
}

const UNDER_WAY = `update payment_givebacks set state = 'under way', their_id = $2 where key = $1 and ended_at is null`
const REFUSED = `update payment_givebacks set state = 'refused', words = $2, ended_at = $3 where key = $1 and ended_at is null`
const UNKNOWN = 'update payment_givebacks set words = $2 where key = $1 and ended_at is null'
const MOST_WORDS = 500

async function record(
  context: PaymentContext,
  method: MethodRow,
  { due, subject }: { readonly due: Due; readonly subject: Subject },
  answer: GivenBack,
): Promise<void> {
  const { db, now } = context
  switch (answer.kind) {
    case 'given back':
      return transaction(db, (tx) => book(tx, context, { method, due, subject }, answer.reversalId))
    case 'under way':
      await db.query(UNDER_WAY, [due.key, answer.reversalId])
      return
    case 'refused':
      await db.query(REFUSED, [due.key, answer.words.slice(0, MOST_WORDS), now()])
      return
    case 'unknown':
      await db.query(UNKNOWN, [due.key, answer.words.slice(0, MOST_WORDS)])
      return
    default:
      answer satisfies never
  }
}

async function book(
  tx: Transaction,
  context: PaymentContext,
  { method, due, subject }: { readonly method: MethodRow; readonly due: Due; readonly subject: Subject },
  reversalId: string,
): Promise<void> {
  const now = context.now()
  const reversal = {
    id: reversalId,
    receiptId: subject.receiptId,
    kind: 'refund',
    state: 'taken',
    amount: readAmount(due.amount)!,
    currency: subject.currency,
    at: now,
    key: due.key,
  } as const
  const moved = await takeBack(tx, method.id, reversal, { note: method.name, by: due.by, seller: context.seller() }, now)
  const payment = subject.paymentId === null ? undefined : await findPayment(tx, subject.paymentId)
  if (payment && moved.units !== null && moved.units !== 0n)
    await tellOfDeposit(tx, payment, 'reversed', now, { reversal: moved.reversalId })
}
