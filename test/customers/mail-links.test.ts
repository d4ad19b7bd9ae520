import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountContext } from '../../server/customers/account-context.ts'
import { findAccount, suspendAccount } from '../../server/customers/accounts.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { askForReset, askToRegister } from '../../server/customers/ask-by-mail.ts'
import { askToChangeMail, confirmMail, readMailLink } from '../../server/customers/change-mail.ts'
import { changePassword } from '../../server/customers/change-password.ts'
import { choosePassword, readPasswordLink } from '../../server/customers/choose-password.ts'
import { inviteToAccount } from '../../server/customers/invite.ts'
import { signIn } from '../../server/customers/sign-in.ts'
import { findUserByEmail } from '../../server/customers/users.ts'
import { openPool } from '../../server/db/pool.ts'
import { openDocket } from '../support/docket.ts'
import { accountContext, linkTo, logOf, mailsTo, PASSWORD, person, signedIn, stillSignedIn, visit } from '../support/people.ts'

const WANTED = 'another 7 lanterns'

describe('links in mails', () => {
  const docket = openDocket()
  let front: AccountContext
  let other: AccountContext

  beforeAll(async () => {
    front = await accountContext(docket)
    other = await accountContext(docket, openPool(docket.databaseUrl, { size: 4 }))
  })
  afterAll(() => other.db.end())

  async function accountCount(): Promise<number> {
    return (await docket.db.query('select from accounts')).rowCount!
  }

  test('a password that was forgotten is chosen anew by mail', async () => {
    const who = await person(front)
    const { token } = await signedIn(front, who)
    expect(await askForReset(front, ` ${who.email.toUpperCase()} `, visit())).toEqual({ kind: 'asked' })
    const [mail] = await mailsTo(front, who.email)
    expect(mail).toMatchObject({ name: 'reset', subject: 'Choose a new password for Example Panel' })
    expect(mail!.text).toMatch(/\nhttps:\/\/panel\.example\/reset\/[\w-]{43}\n\nThe link works once, until March \d+, 2026 at .* UTC\./)
    const link = await linkTo(front, who.email)
    // Looking does not use it: readers of mail open links before people do.
    expect(await readPasswordLink(front, link)).toEqual({ purpose: 'reset', email: who.email })
    await expect(choosePassword(front, link, 'short', visit())).rejects.toMatchObject({ code: 'password_too_short' })
    expect(await choosePassword(front, link, WANTED, visit())).toMatchObject({ kind: 'signed in' })
    expect(await stillSignedIn(front, token)).toBe(false)
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toEqual({ kind: 'refused' })
    expect(await signIn(front, { email: who.email, password: WANTED }, visit())).toMatchObject({ kind: 'signed in' })
    expect(await logOf(front, who.accountId)).toEqual([
      'signed in', 'password reset asked', 'password reset', 'sign-in failed', 'signed in',
    ]) // prettier-ignore
    expect((await mailsTo(front, who.email)).map((each) => each.name)).toEqual(['passwordChanged', 'reset'])
  })

  test('a link works once', async () => {
    const who = await person(front)
    await askForReset(front, who.email, visit())
    const link = await linkTo(front, who.email)
    await choosePassword(front, link, WANTED, visit())
    expect(await readPasswordLink(front, link)).toBeUndefined()
    expect(await choosePassword(front, link, 'yet 8 more lanterns', visit())).toEqual({ kind: 'link void' })
    expect(await signIn(front, { email: who.email, password: WANTED }, visit())).toMatchObject({ kind: 'signed in' })
  })

  test('two resets at once use the link once, over two nodes', async () => {
    for (let round = 0; round < 5; round += 1) {
      const who = await person(front)
      await askForReset(front, who.email, visit())
      const link = await linkTo(front, who.email)
      const wanted = Array.from({ length: 6 }, (_, index) => `lantern number ${index}`)
      const chosen = await Promise.all(wanted.map((each, index) => choosePassword(index % 2 ? front : other, link, each, visit())))
      expect(chosen.map((each) => each.kind).toSorted()).toEqual([...Array<string>(5).fill('link void'), 'signed in'])
      const won = wanted[chosen.findIndex((each) => each.kind === 'signed in')]!
      expect(await signIn(front, { email: who.email, password: won }, visit())).toMatchObject({ kind: 'signed in' })
    }
  })

  test('two links at once choose one password', async () => {
    const who = await person(front)
    const links: string[] = []
    for (let count = 0; count < 2; count += 1) {
      await askForReset(front, who.email, visit())
      links.push(await linkTo(front, who.email))
    }
    const chosen = await Promise.all(
      links.map((link, index) => choosePassword(index ? front : other, link, `lantern number ${index}`, visit())),
    )
    expect(chosen.map((each) => each.kind).toSorted()).toEqual(['link void', 'signed in'])
  })

  test('a link ends after its hour, and with the next change of the password', async () => {
    const who = await person(front)
    await askForReset(front, who.email, visit())
    const late = await linkTo(front, who.email)
    docket.clock.forward({ minutes: 60 })
    expect(await readPasswordLink(front, late)).toBeUndefined()
    expect(await choosePassword(front, late, WANTED, visit())).toEqual({ kind: 'link void' })
    await askForReset(front, who.email, visit())
    const early = await linkTo(front, who.email)
    const { session } = await signedIn(front, who)
    expect(await changePassword(front, session, { current: PASSWORD, wanted: WANTED }, visit())).toMatchObject({ kind: 'signed in' })
    expect(await choosePassword(front, early, 'yet 8 more lanterns', visit())).toEqual({ kind: 'link void' })
  })

  test('what is no link opens nothing', async () => {
    for (const text of ['', 'x', 'A'.repeat(43), "' or ''='", 'x'.repeat(10_000)]) {
      expect(await readPasswordLink(front, text)).toBeUndefined()
      expect(await choosePassword(front, text, WANTED, visit())).toEqual({ kind: 'link void' })
      expect(await confirmMail(front, text, visit())).toEqual({ kind: 'link void' })
    }
  })

  test('asking tells nothing about who has an account', async () => {
    const who = await person(front)
    expect(await askForReset(front, who.email, visit())).toEqual(await askForReset(front, 'stranger@example.com', visit()))
    expect(await mailsTo(front, 'stranger@example.com')).toEqual([])
    await expect(askForReset(front, 'no address', visit())).rejects.toMatchObject({ code: 'incorrect_email' })
    await expect(askForReset(front, `${who.email}, stranger@example.com`, visit())).rejects.toMatchObject({ code: 'incorrect_email' })
  })

  test('nobody’s mailbox is filled by us', async () => {
    const who = await person(front)
    for (const email of [who.email, 'nobody-at-all@example.com']) {
      const kinds = []
      for (let count = 0; count < 5; count += 1) kinds.push((await askForReset(front, email, visit())).kind)
      expect(kinds).toEqual(['asked', 'asked', 'asked', 'later', 'later'])
    }
    expect(await mailsTo(front, who.email)).toHaveLength(3)
    const flood = visit()
    const kinds = []
    for (let count = 0; count < 12; count += 1) kinds.push((await askForReset(front, `f${count}@example.com`, flood)).kind)
    expect(kinds.filter((kind) => kind === 'asked')).toHaveLength(10)
  })

  test('staff invite a person, who chooses the first password', async () => {
    const { account } = await addFundedAccount(
      docket.db,
      { email: 'invited@example.com', currency: 'EUR', balance: 0n, note: '' },
      docket.clock.now(),
    )
    const { link, email } = await inviteToAccount(front, account)
    expect(email).toBe('invited@example.com')
    expect(link).toBe(`https://panel.example/reset/${await linkTo(front, email)}`)
    docket.clock.forward({ days: 6 })
    expect(await choosePassword(front, link.split('/').at(-1)!, WANTED, visit())).toMatchObject({ kind: 'signed in' })
    // No mail that it was changed: it was the first.
    expect((await mailsTo(front, email)).map((mail) => mail.name)).toEqual(['invite'])
    expect(await logOf(front, account)).toEqual(['invited', 'password reset'])
    await suspendAccount(docket.db, account, true, docket.clock.now())
    await expect(inviteToAccount(front, account)).rejects.toMatchObject({ code: 'account_suspended' })
    await expect(inviteToAccount(front, 99_999)).rejects.toMatchObject({ code: 'unknown_account' })
  })

  test('an account from before sign-in is invited like the others', async () => {
    const { rows } = await docket.db.query<{ id: number }>(
      `insert into accounts (email, currency) values ('old@example.com', 'USD') returning id`,
    )
    await inviteToAccount(front, rows[0]!.id)
    expect(await choosePassword(front, await linkTo(front, 'old@example.com'), WANTED, visit())).toMatchObject({ kind: 'signed in' })
  })

  test('a customer registers by mail, and nothing is opened before', async () => {
    const before = await accountCount()
    expect(await askToRegister(front, 'fresh@example.com', visit())).toEqual({ kind: 'asked' })
    expect(await accountCount()).toBe(before)
    const link = await linkTo(front, 'fresh@example.com')
    expect(await readPasswordLink(front, link)).toEqual({ purpose: 'register', email: 'fresh@example.com' })
    const chosen = await choosePassword(front, link, WANTED, visit({ locale: 'sl' }))
    expect(chosen).toMatchObject({ kind: 'signed in' })
    const user = (await findUserByEmail(front.db, 'FRESH@example.com'))!
    expect(user).toMatchObject({ email: 'fresh@example.com', locale: 'sl', secondFactor: false })
    expect(await findAccount(front.db, user.accountId)).toMatchObject({ currency: 'USD', wallet: 0n, suspended: false })
    expect(await logOf(front, user.accountId)).toEqual(['registered'])
    expect(await choosePassword(front, link, WANTED, visit())).toEqual({ kind: 'link void' })
  })

  test('registering an address that has an account tells its owner, and nobody else', async () => {
    const who = await person(front)
    const before = await accountCount()
    expect(await askToRegister(front, who.email, visit())).toEqual({ kind: 'asked' })
    const [mail] = await mailsTo(front, who.email)
    expect(mail).toMatchObject({ name: 'alreadyRegistered', text: expect.stringContaining('https://panel.example/sign-in') })
    expect(mail!.text).not.toContain('/reset/')
    expect(await accountCount()).toBe(before)
  })

  test('two registrations of one address at once open one account', async () => {
    const links: string[] = []
    for (let count = 0; count < 3; count += 1) {
      await askToRegister(front, 'twice@example.com', visit())
      links.push(await linkTo(front, 'twice@example.com'))
    }
    const chosen = await Promise.all(links.map((link, index) => choosePassword(index % 2 ? front : other, link, WANTED, visit())))
    expect(chosen.map((each) => each.kind).toSorted()).toEqual(['link void', 'link void', 'signed in'])
    expect((await docket.db.query(`select from accounts where email = 'twice@example.com'`)).rowCount).toBe(1)
    expect(
      (await docket.db.query(`select from books b join accounts a on a.id = b.account_id where a.email = 'twice@example.com'`)).rowCount,
    ).toBe(1)
  })

  test('where registration is closed nobody registers, nor by an earlier link', async () => {
    await askToRegister(front, 'late@example.com', visit())
    const closed: AccountContext = { ...front, registration: null }
    expect(await askToRegister(closed, 'closed@example.com', visit())).toEqual({ kind: 'closed' })
    expect(await mailsTo(front, 'closed@example.com')).toEqual([])
    expect(await choosePassword(closed, await linkTo(front, 'late@example.com'), WANTED, visit())).toEqual({ kind: 'link void' })
  })

  test('an address is changed once the new one has confirmed it, and the old one is told', async () => {
    const who = await person(front)
    const { session, token } = await signedIn(front, who)
    expect(await askToChangeMail(front, session, 'moved@example.com', visit())).toEqual({ kind: 'asked' })
    expect((await findUserByEmail(front.db, who.email))!.id).toBe(who.userId)
    const link = await linkTo(front, 'moved@example.com')
    expect(await readMailLink(front, link)).toBe('moved@example.com')
    // It chooses no password.
    expect(await choosePassword(front, link, WANTED, visit())).toEqual({ kind: 'link void' })
    expect(await confirmMail(front, link, visit())).toEqual({ kind: 'changed' })
    expect(await confirmMail(front, link, visit())).toEqual({ kind: 'link void' })
    expect(await signIn(front, { email: 'moved@example.com', password: PASSWORD }, visit())).toMatchObject({ kind: 'signed in' })
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toEqual({ kind: 'refused' })
    expect((await findAccount(front.db, who.accountId)).email).toBe('moved@example.com')
    expect(await stillSignedIn(front, token)).toBe(true)
    const [told] = await mailsTo(front, who.email)
    expect(told).toMatchObject({ name: 'mailChanged', text: expect.stringContaining('moved@example.com') })
  })

  test('a link that went to the old address is worth nothing after the change', async () => {
    const who = await person(front)
    const { session } = await signedIn(front, who)
    await askForReset(front, who.email, visit())
    const old = await linkTo(front, who.email)
    await askToChangeMail(front, session, 'elsewhere@example.com', visit())
    await confirmMail(front, await linkTo(front, 'elsewhere@example.com'), visit())
    expect(await choosePassword(front, old, WANTED, visit())).toEqual({ kind: 'link void' })
  })

  test('an address that is taken stays with its owner, who is told', async () => {
    const [who, owner] = [await person(front), await person(front)]
    const { session } = await signedIn(front, who)
    expect(await askToChangeMail(front, session, owner.email, visit())).toEqual({ kind: 'asked' })
    expect((await mailsTo(front, owner.email)).map((mail) => mail.name)).toEqual(['addressInUse'])
    // Taken between asking and confirming.
    await askToChangeMail(front, session, 'wanted@example.com', visit())
    const link = await linkTo(front, 'wanted@example.com')
    await addFundedAccount(docket.db, { email: 'Wanted@example.com', currency: 'USD', balance: 0n, note: '' }, docket.clock.now())
    expect(await confirmMail(front, link, visit())).toEqual({ kind: 'link void' })
    expect((await findUserByEmail(front.db, who.email))!.id).toBe(who.userId)
  })

  test('an address is changed by whoever has just given the password', async () => {
    const { session } = await signedIn(front, await person(front))
    expect(await askToChangeMail(front, { ...session, fresh: false }, 'stolen@example.com', visit())).toEqual({ kind: 'stale' })
    expect(await mailsTo(front, 'stolen@example.com')).toEqual([])
  })
})
