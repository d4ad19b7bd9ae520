import { expect } from 'vitest'
import type { AccountContext, Visit } from '../../server/customers/account-context.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { openPasswords } from '../../server/customers/password.ts'
import { findSession, type Session } from '../../server/customers/sessions.ts'
import { signIn } from '../../server/customers/sign-in.ts'
import { findUserByEmail } from '../../server/customers/users.ts'
import type { Database } from '../../server/db/pool.ts'
import { listMails, type OpenedMail, readMail } from '../../server/mails/mailbox.ts'
import { openSecret, type Secret } from '../../server/secret.ts'
import type { Docket } from './docket.ts'

export const PASSWORD = 'grass under 4 lanterns'

/** Argon2id in its smallest size: the tests that are about its strength say so. */
export const quickPasswords = openPasswords({ memoryCost: 64, timeCost: 1, parallelism: 1 })

export function testSecret(): Promise<Secret> {
  return openSecret({ secret: 'a secret of at least thirty-two characters', dataDirectory: '' })
}

/** What a node's sign-in works with, over this pool. */
export async function accountContext(
  docket: Pick<Docket, 'db' | 'clock'>,
  db: Database = docket.db,
  more: Partial<AccountContext> = {},
): Promise<AccountContext> {
  return {
    db,
    now: docket.clock.now,
    secret: await testSecret(),
    passwords: quickPasswords,
    site: { name: 'Example Panel', url: 'https://panel.example' },
    registration: { currency: 'USD', noteCameBy: async () => {} },
    ...more,
  }
}

let addresses = 0

/** A browser somewhere, that nobody has seen before. */
export function visit(more: Partial<Visit> = {}): Visit {
  addresses += 1
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  return { address: `198.51.${addresses >> 8}.${addresses & 255}`, agent, locale: 'en', browser: undefined, ...more }
}

export interface Person {
  readonly accountId: number
  readonly userId: number
  readonly email: string
}

let people = 0

/** Somebody with an account and the password PASSWORD. */
export async function person(front: AccountContext, password: string | null = PASSWORD): Promise<Person> {
  people += 1
  const email = `Person${people}@example.com`
  const { account } = await addFundedAccount(front.db, { email, currency: 'USD', balance: 0n, note: '' }, front.now())
  const user = await findUserByEmail(front.db, email)
  if (password !== null) {
    await front.db.query('update users set password_hash = $2 where id = $1', [user!.id, await front.passwords.hash(password)])
  }
  return { accountId: account, userId: user!.id, email }
}

/** Signed in, with what the cookies hold. */
export async function signedIn(
  front: AccountContext,
  who: { email: string },
  from: Visit = visit(),
  password = PASSWORD,
): Promise<{ token: string; browser: string; session: Session; visit: Visit }> {
  const outcome = await signIn(front, { email: who.email, password }, from)
  if (outcome.kind !== 'signed in') throw new Error(`${who.email} got ${outcome.kind}`)
  const session = await findSession(front.db, outcome.token, from, front.now())
  expect(session).toBeDefined()
  return { token: outcome.token, browser: outcome.browser, session: session!, visit: { ...from, browser: outcome.browser } }
}

export async function stillSignedIn(front: AccountContext, token: string): Promise<boolean> {
  return (await findSession(front.db, token, visit(), front.now())) !== undefined
}

/** The mails to an address that wait, newest first. */
export async function mailsTo(front: AccountContext, email: string): Promise<OpenedMail[]> {
  const mails = (await listMails(front.db, null, 1000)).filter((mail) => mail.recipient === email && mail.state === 'waiting')
  return Promise.all(mails.map((mail) => readMail(front.db, front.secret, mail.id)))
}

/** The token of the link in the newest mail to an address. */
export async function linkTo(front: AccountContext, email: string): Promise<string> {
  const [mail] = await mailsTo(front, email)
  const token = /\/([\w-]{43})\n/.exec(mail?.text ?? '')?.[1]
  expect(token).toBeDefined()
  return token!
}

export async function logOf(front: AccountContext, accountId: number): Promise<string[]> {
  const { rows } = await front.db.query<{ act: string }>('select act from account_log where account_id = $1 order by id', [accountId])
  return rows.map((row) => row.act)
}
