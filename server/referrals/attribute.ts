import { addressSubject } from '../customers/address.ts'
import type { CameBy } from '../customers/account-context.ts'
import { isKnownBrowserOf } from '../customers/known-browsers.ts'
import type { Queryable } from '../db/pool.ts'
import { isIPv4 } from 'node:net'
import type { ReferralProgram } from './program.ts'
import { referrerOfCode } from './referrers.ts'

/** Why a referral counts for nothing. `abuse`: staff ended it, and said why. */
export type EndRule = 'same e-mail' | 'same browser' | 'loop' | 'same card' | 'abuse'

const ADD = `
  insert into referrals (account_id, referrer_id, basis_points, days, at, same_network, ended_at, ended_by_rule)
  values ($1, $2, $3, $4, $5::timestamptz, $6, case when $7::text is not null then $5::timestamptz end, $7) on conflict (account_id) do nothing`
const COUNT = 'update referrers set brought = brought + 1 where account_id = $1'
const CURRENCY = 'select email, currency from accounts where id = $1'

/**
 * Notes who brought an account, in the transaction that opens it. Share and days are those of this moment. Whoever refers themselves is noted as refused,
 * for staff to see. A code that is nobody's changes nothing, and neither does one of an account with another currency: a share would have no amount there.
 */
export async function attributeReferral(tx: Queryable, opened: CameBy, program: ReferralProgram, now: Date): Promise<void> {
  if (!program.isOn) return
  const referrer = await referrerOfCode(tx, opened.code)
  if (!referrer) return
  const { rows } = await tx.query<{ email: string; currency: string }>(CURRENCY, [referrer.accountId])
  if (rows[0]!.currency !== opened.currency) return
  const rule = await ruleAgainst(tx, opened, { accountId: referrer.accountId, email: rows[0]!.email })
  const sameNetwork = await knowsNetwork(tx, referrer.accountId, opened.address)
  await tx.query(COUNT, [referrer.accountId])
  await tx.query(ADD, [
    opened.accountId,
    referrer.accountId,
    referrer.basisPoints ?? program.basisPoints,
    program.days,
    now,
    sameNetwork,
    rule,
  ])
}

const LOOPS = `
  with recursive above as (
    select $1::int as id, 0 as steps
    union all
    select f.referrer_id, a.steps + 1 from above a join referrals f on f.account_id = a.id where a.steps < 1000
  )
  select exists (select from above where id = $2) as loops`

async function ruleAgainst(tx: Queryable, opened: CameBy, referrer: { accountId: number; email: string }): Promise<EndRule | null> {
  if (samePerson(opened.email, referrer.email)) return 'same e-mail'
  if (await isKnownBrowserOf(tx, opened.browser, referrer.accountId)) return 'same browser'
  const { rows } = await tx.query<{ loops: boolean }>(LOOPS, [referrer.accountId, opened.accountId])
  return rows[0]!.loops ? 'loop' : null
}

/** `ana+1@example.com` and `ana@example.com` are read by the same person. */
export function samePerson(one: string, other: string): boolean {
  return mailbox(one) === mailbox(other)
}

function mailbox(email: string): string {
  const at = email.lastIndexOf('@')
  const [name = ''] = email.slice(0, at).toLowerCase().split('+')
  return `${name}@${email.slice(at + 1).toLowerCase()}`
}

const MOST_ADDRESSES = 200
const ADDRESSES = `
  select address from (select s.address from sessions s join users u on u.id = s.user_id where u.account_id = $1) now
  union
  select address from (select address from account_log where account_id = $1 and address is not null order by id desc limit ${MOST_ADDRESSES}) before`

/** Whether people of an account were seen in the network of an address: the first three numbers of IPv4, a /64 of IPv6. */
async function knowsNetwork(tx: Queryable, accountId: number, address: string): Promise<boolean> {
  const { rows } = await tx.query<{ address: string }>(ADDRESSES, [accountId])
  const wanted = networkOf(address)
  return rows.some((row) => networkOf(row.address) === wanted)
}

function networkOf(address: string): string {
  const subject = addressSubject(address)
  return isIPv4(subject) ? subject.slice(0, subject.lastIndexOf('.')) : subject
}
