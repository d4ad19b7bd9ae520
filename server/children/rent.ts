import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { openBook, post } from '../ledger/post.ts'
import type { Secret } from '../secret.ts'
import { usersOf } from '../customers/users.ts'
import { queueMail } from '../mails/queue.ts'
import type { MailName } from '../mails/text.ts'
import { machineUser } from '../staff/actor.ts'
import { writeLine } from '../staff/log.ts'
import { eachByItself } from '../loops/by-itself.ts'
import { type Child, lockChild, moveChild, restartRent } from './children.ts'

/** What rent is taken with. */
export interface Landlord {
  readonly db: Database
  readonly now: () => Date
  readonly secret: Secret
  readonly site: () => { readonly name: string; readonly url: string }
  readonly graceDays: () => number
}

const DAY_MS = 24 * 3_600_000

// One suspended by staff costs nothing meanwhile; one that is not paid for is tried again, so that a deposit brings it back.
const DUE = `
  select host from child_panels where rent_due_at <= $1 and rent > 0 and (state = 'open' or (state = 'suspended' and why = 'rent'))
  order by rent_due_at limit 100`

/** Takes the rent that is due. Any node may do it, also several at once: each month of a child is one row, written with its line of the ledger. */
export async function takeRents(landlord: Landlord): Promise<number> {
  const { rows } = await landlord.db.query<{ host: string }>(DUE, [landlord.now()])
  let taken = 0
  await eachByItself(rows, async ({ host }) => {
    taken += await transaction(landlord.db, (tx) => takeRent(tx, landlord, host))
  })
  return taken
}

/** Answers 1 when a month was paid. */
async function takeRent(tx: Transaction, landlord: Landlord, host: string): Promise<0 | 1> {
  const now = landlord.now()
  const child = await lockChild(tx, host)
  const isForRent = child.state === 'open' || (child.state === 'suspended' && child.why === 'rent')
  if (!isForRent || child.rent === 0n || child.rentDueAt > now) return 0
  const bookId = await openBook(tx, { id: child.accountId, currency: child.currency }, false)
  if ((await lockedWallet(tx, bookId)) < child.rent) {
    await miss(tx, landlord, child, now)
    return 0
  }
  await pay(tx, child, bookId, now)
  return 1
}

async function lockedWallet(tx: Transaction, bookId: number): Promise<Units> {
  return (await tx.query<{ wallet: Units }>('select wallet from books where id = $1 for no key update', [bookId])).rows[0]!.wallet
}

const PAID = 'insert into child_rents (child_id, due_at, amount, book_id, line, paid_at) values ($1, $2, $3, $4, $5, $6)'

async function pay(tx: Transaction, child: Child, bookId: number, now: Date): Promise<void> {
  const reference = `rent ${child.id} ${child.rentDueAt.toISOString()}`
  const line = await post(tx, { bookId, amount: -child.rent, cause: 'rent', note: child.host, reference, at: now })
  await tx.query(PAID, [child.id, child.rentDueAt, child.rent, bookId, line, now])
  // For the time in which it was not served there is no rent: its month begins now.
  const isBack = child.state === 'suspended'
  await restartRent(tx, child.id, isBack ? { from: now, months: 1 } : { from: child.rentFrom, months: child.rentMonths + 1 })
  if (!isBack) return
  await moveChild(tx, child.id, { to: 'open' }, now)
  await tell(tx, child, { act: 'child resume', before: 'suspended', after: 'open' }, now)
}

async function miss(tx: Transaction, landlord: Landlord, child: Child, now: Date): Promise<void> {
  if (child.state === 'suspended') return
  if (child.graceUntil === null) {
    const until = new Date(now.getTime() + landlord.graceDays() * DAY_MS)
    await tx.query('update child_panels set grace_until = $2 where id = $1', [child.id, until])
    return mail(tx, landlord, child, { name: 'childRentMissed', until }, now)
  }
  if (child.graceUntil > now) return
  await moveChild(tx, child.id, { to: 'suspended', why: 'rent' }, now)
  await tell(tx, child, { act: 'child suspend', before: 'open', after: 'suspended' }, now)
  await mail(tx, landlord, child, { name: 'childSuspended' }, now)
}

interface Told {
  readonly act: string
  readonly before: string
  readonly after: string
}

/** A line in the log of staff, as if somebody had done it. */
async function tell(tx: Transaction, child: Child, { act, before, after }: Told, now: Date): Promise<void> {
  const [input, result] = [JSON.stringify({ host: child.host }), JSON.stringify({ host: child.host, why: 'rent' })]
  const states = { before: JSON.stringify({ state: before }), after: JSON.stringify({ state: after }) }
  const actor = machineUser('rent')
  await writeLine(tx, { at: now, actor, act, subject: { account: child.accountId }, input, ...states, result, requestKey: null })
}

interface RentMail {
  readonly name: Extract<MailName, 'childRentMissed' | 'childSuspended'>
  readonly until?: Date
}

async function mail(tx: Transaction, { secret, site }: Landlord, child: Child, { name, until }: RentMail, now: Date): Promise<void> {
  const { name: siteName, url } = site()
  const values = {
    site: siteName,
    panel: child.host,
    rentUnits: String(child.rent),
    currency: child.currency,
    link: `${url}/funds`,
    ...(until && { until: until.toISOString() }),
  }
  for (const { email, locale } of await usersOf(tx, child.accountId))
    await queueMail(tx, secret, { accountId: child.accountId, recipient: email, name, locale: locale ?? 'en', values }, now)
}

export interface PaidRent {
  readonly dueAt: Date
  readonly amount: Units
  readonly paidAt: Date
  readonly line: bigint
}

const RENTS = `
  select due_at as "dueAt", amount, paid_at as "paidAt", line from child_rents where child_id = $1 order by due_at desc limit 12`

/** The last twelve months that were paid. */
export async function readRents(db: Queryable, childId: number): Promise<PaidRent[]> {
  return (await db.query<PaidRent>({ name: 'rents', text: RENTS, values: [childId] })).rows
}
