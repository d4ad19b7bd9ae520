import { expect } from 'vitest'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { findUserByEmail } from '../../server/customers/users.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import type { Docket } from './docket.ts'
import { accountContext, PASSWORD, signedIn } from './people.ts'

export interface OwnPages {
  readonly account: number
  readonly key: string
  readonly token: string
  get(path: string): Promise<{ status: number; html: string; response: Response }>
  /** Sends the form of a page with its own token. */
  post(path: string, fields: Record<string, string>, csrf?: string): Promise<{ status: number; html: string; location: string | null }>
  /** The value of a hidden field of the page that came last. */
  hidden(html: string, name: string): string
}

let people = 0

/** Somebody with money who is signed in: their browser, without its looks. `prices`: the currency in which they see prices too. */
export async function ownPages(
  docket: Pick<Docket, 'db' | 'clock' | 'node'>,
  { balance = '100', language = 'en', currency = 'USD', prices = '' } = {},
): Promise<OwnPages> {
  const front = await accountContext(docket)
  const email = `buyer${(people += 1)}@example.com`
  const opened = await addFundedAccount(
    docket.db,
    { email, currency, balance: parseUnits(balance), note: 'first deposit' },
    docket.clock.now(),
  )
  const user = await findUserByEmail(docket.db, email)
  await docket.db.query('update users set password_hash = $2 where id = $1', [user!.id, await front.passwords.hash(PASSWORD)])
  const { token } = await signedIn(front, { email })
  const cookie = `docket-session=${token}; language=${language}; prices=${prices}`
  const base = docket.node.url!
  const ask = async (path: string, more: Omit<RequestInit, 'headers'> = {}) => {
    const response = await fetch(base + path, { redirect: 'manual', ...more, headers: { cookie, origin: base } })
    return { status: response.status, html: await response.text(), response, location: response.headers.get('location') }
  }
  const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  return {
    ...opened,
    token,
    hidden,
    get: (path) => ask(path),
    async post(path, fields, csrf) {
      const own = csrf ?? hidden((await ask('/order')).html + (await ask('/account')).html, 'csrf')
      expect(own).not.toBe('')
      return ask(path, { method: 'POST', body: new URLSearchParams({ ...fields, csrf: own }) })
    },
  }
}
