import { describe, expect, test } from 'vitest'
import { transaction } from '../../server/db/pool.ts'
import { askToRegister } from '../../server/customers/ask-by-mail.ts'
import { choosePassword } from '../../server/customers/choose-password.ts'
import { findUserByEmail } from '../../server/customers/users.ts'
import { settle } from '../../server/orders/settle.ts'
import { attributeReferral } from '../../server/referrals/attribute.ts'
import { payDueCommissions } from '../../server/referrals/pay.ts'
import type { ReferralProgram } from '../../server/referrals/program.ts'
import { readReferredBooks } from '../../server/referrals/read-books.ts'
import { endReferral, listCommissions, listReferrals, referralOf } from '../../server/referrals/referrals.ts'
import { allowReferrer, makeReferrer, refuseReferrer, setShareOf } from '../../server/referrals/referrers.ts'
import { maskedEmail } from '../../server/web/customer/referrals/masked.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { accountContext, linkTo, person, signedIn, visit } from '../support/people.ts'
import { PROGRAM, referred } from '../support/referrals.ts'

describe('a referral', () => {
  const docket = openDocket()
  const now = () => docket.clock.now()
  const registering = (program: ReferralProgram = PROGRAM) =>
    accountContext(docket, docket.db, {
      registration: { currency: 'USD', noteCameBy: (tx, opened, at) => attributeReferral(tx, opened, program, at) },
    })
  let names = 0

  /** Somebody who comes by a link and opens an account, and what is noted of them. */
  async function signUp(code: string | undefined, more: { email?: string; browser?: string | undefined; program?: ReferralProgram } = {}) {
    const front = await registering(more.program)
    names += 1
    const email = more.email ?? `newcomer${names}@example.com`
    await askToRegister(front, email, visit({ cameBy: code }))
    await choosePassword(front, await linkTo(front, email), 'a long enough one 7', visit({ browser: more.browser }))
    const { accountId } = (await findUserByEmail(docket.db, email))!
    return { accountId, referral: await referralOf(docket.db, accountId) }
  }

  const linkOf = (account: number) => transaction(docket.db, (tx) => makeReferrer(tx, account, now()))
  const ended = (order: number) => settle(docket.db, [{ orderId: BigInt(order), status: 'Completed', startCount: null, remains: null, words: null }], 'test', now()) // prettier-ignore
  const walletOf = async (account: number) =>
    (await docket.db.query<{ wallet: bigint }>('select wallet from books where account_id = $1 and not play', [account])).rows[0]!.wallet

  test('begins with the sign-up, also when the mail is opened in another browser, and freezes share and days', async () => {
    const front = await registering()
    const { accountId } = await person(front)
    const { code } = await linkOf(accountId)
    expect(code).toMatch(/^[a-z2-9]{10}$/)
    const first = await signUp(code)
    expect(first.referral).toMatchObject({ referrerId: accountId, basisPoints: 500, days: 7, endedAt: null, sameNetwork: false })
    await transaction(docket.db, (tx) => setShareOf(tx, accountId, 1250, now()))
    expect((await signUp(code)).referral).toMatchObject({ basisPoints: 1250 })
    expect(await referralOf(docket.db, first.accountId)).toMatchObject({ basisPoints: 500 })
  })

  test('of oneself is refused: by the address, by the browser', async () => {
    const front = await registering()
    const who = await person(front)
    const { code } = await linkOf(who.accountId)
    const { browser } = await signedIn(front, who)
    const [name, host] = who.email.split('@')
    expect((await signUp(code, { email: `${name!.toUpperCase()}+2@${host}` })).referral).toMatchObject({ endedByRule: 'same e-mail' })
    expect((await signUp(code, { browser })).referral).toMatchObject({ endedByRule: 'same browser' })
  })

  test('is not noted for a code that is nobody’s, of a refused link, of a suspended account, or while the house offers none', async () => {
    const { account } = await docket.account()
    const { code } = await linkOf(account)
    expect((await signUp('aaaaaaaaaa')).referral).toBeUndefined()
    expect((await signUp("x' or 1=1 --")).referral).toBeUndefined()
    expect((await signUp(code, { program: { ...PROGRAM, isOn: false } })).referral).toBeUndefined()
    await transaction(docket.db, (tx) => refuseReferrer(tx, account, 'spam', now()))
    expect((await signUp(code)).referral).toBeUndefined()
    await transaction(docket.db, (tx) => allowReferrer(tx, account))
    await docket.db.query('update accounts set suspended_at = now() where id = $1', [account])
    expect((await signUp(code)).referral).toBeUndefined()
  })

  test('from the network of its referrer is told to staff', async () => {
    const front = await registering()
    const who = await person(front)
    const { code } = await linkOf(who.accountId)
    const seen = (await signedIn(front, who)).visit.address
    const neighbour = `${seen.slice(0, seen.lastIndexOf('.'))}.250`
    const { account } = await docket.account()
    await transaction(docket.db, (tx) =>
      attributeReferral(
        tx,
        { accountId: account, email: 'n@example.net', currency: 'USD', code, address: neighbour, browser: undefined },
        PROGRAM,
        now(),
      ),
    )
    const listed = await listReferrals(docket.db, { kind: 'suspicious', referrer: who.accountId }, { before: null, most: 10 })
    expect(listed.map(({ accountId }) => accountId)).toEqual([account])
  })

  test('ends by itself when both keep the same card', async () => {
    const { key, account, referrer } = await referred(docket)
    const method = (await docket.db.query<{ id: number }>('select id from payment_methods limit 1')).rows[0]!.id
    for (const of of [account, referrer])
      await docket.db.query("insert into saved_cards values ($1, $2, 'card_1', 'visa 4242', now())", [of, method])
    await placed(docket, key, { service: await onSale(docket), quantity: 1000 })
    await readReferredBooks(docket.db, now())
    expect(await referralOf(docket.db, account)).toMatchObject({ endedByRule: 'same card' })
  })

  test('pays what is ripe and comes to the minimum, in one line, once, however many pay at once', async () => {
    const service = await onSale(docket, { rate: '10' })
    const { key, referrer } = await referred(docket)
    const first = await placed(docket, key, { service, quantity: 1000 })
    await readReferredBooks(docket.db, now())
    expect(await listCommissions(docket.db, referrer, { before: null, most: 9 })).toMatchObject([
      { share: 50_000n, ripensAt: null, paid: 0n },
    ])
    await ended(first)
    await readReferredBooks(docket.db, now())
    docket.clock.forward({ days: 6 })
    expect(await payDueCommissions(docket.db, { least: 1n }, now())).toBe(0)
    docket.clock.forward({ days: 2 })
    expect(await payDueCommissions(docket.db, { least: 50_001n }, now())).toBe(0)
    const before = await walletOf(referrer)
    await Promise.all([1, 2, 3, 4].map(() => payDueCommissions(docket.db, { least: 50_000n }, now())))
    expect(await walletOf(referrer)).toBe(before + 50_000n)
    const { rows } = await docket.db.query(
      "select t.cause::text, t.taken_from::text, t.amount from transfers t join books b on b.id = t.book_id where b.account_id = $1 and t.cause::text = 'commission'",
      [referrer],
    )
    expect(rows).toEqual([{ cause: 'commission', taken_from: 'given', amount: 50_000n }])
  })

  test('whose payment is cut off before its commit pays later, once', async () => {
    const { key, referrer } = await referred(docket)
    await ended(await placed(docket, key, { service: await onSale(docket, { rate: '10' }), quantity: 1000 }))
    await readReferredBooks(docket.db, now())
    docket.clock.forward({ days: 8 })
    const before = await walletOf(referrer)
    const client = await docket.db.connect()
    client.on('error', () => {})
    await client.query('begin')
    const { rows } = await client.query<{ amount: bigint; pid: number }>(
      'select amount, pg_backend_pid() as pid from pay_commissions(p_referrer => $1, p_minimum => 1, p_now => $2)',
      [referrer, now()],
    )
    expect(rows[0]!.amount).toBe(50_000n)
    await docket.db.query('select pg_terminate_backend($1, 10000)', [rows[0]!.pid])
    client.release(true)
    expect(await walletOf(referrer)).toBe(before)
    expect(await payDueCommissions(docket.db, { least: 1n }, now())).toBe(1)
    expect(await payDueCommissions(docket.db, { least: 1n }, now())).toBe(0)
    expect(await walletOf(referrer)).toBe(before + 50_000n)
  })

  test('is told to staff on the page of the customer who came, and to the customer who brought them only masked', async () => {
    const { account, referrer } = await referred(docket)
    const desk = await openDesk(docket, { role: 'support' })
    expect((await desk.get(`/desk/customers/${account}`)).html).toContain(`/desk/customers/${referrer}`)
    expect(maskedEmail('ana@shop.example.com')).toBe('a•••@s•••.com')
    expect(maskedEmail('x@localhost')).toBe('x•••@l•••')
  })

  test('that staff end pays nothing more, and what was paid stays', async () => {
    const service = await onSale(docket, { rate: '10' })
    const { key, referrer, referral } = await referred(docket)
    await ended(await placed(docket, key, { service, quantity: 1000 }))
    await readReferredBooks(docket.db, now())
    docket.clock.forward({ days: 8 })
    await payDueCommissions(docket.db, { least: 1n }, now())
    const paid = await walletOf(referrer)
    await ended(await placed(docket, key, { service, quantity: 2000 }))
    await readReferredBooks(docket.db, now())
    await transaction(docket.db, (tx) => endReferral(tx, referral, 'one person', now()))
    docket.clock.forward({ days: 8 })
    expect(await payDueCommissions(docket.db, { least: 1n }, now())).toBe(0)
    expect(await walletOf(referrer)).toBe(paid)
    await expect(transaction(docket.db, (tx) => endReferral(tx, referral, 'again', now()))).rejects.toThrow(/ended already/)
  })
})
