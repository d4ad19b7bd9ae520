import jsqr from 'jsqr'
import { Secret as TotpSecret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { AccountContext } from '../../server/customers/account-context.ts'
import { askForReset } from '../../server/customers/ask-by-mail.ts'
import { inviteToAccount } from '../../server/customers/invite.ts'
import { languages } from '../../server/texts/languages.ts'
import { openDocket } from '../support/docket.ts'
import { accountContext, linkTo, mailsTo, PASSWORD, person, type Person, visit } from '../support/people.ts'
import { describeInBrowser, isForEverybody, LOCALES, NARROW } from './browser.ts'

const SECRET = 'a secret of at least thirty-two characters'

/** What the server refuses is told in the page; the browser counts it as an error all the same. */
const REFUSED = /status of 4(03|10|22|29)/

describeInBrowser('signing in, and an account', (browser) => {
  const docket = openDocket({ DOCKET_SECRET: SECRET, DOCKET_REGISTRATION: 'on', DOCKET_MAILBOX_PAGE: 'on', DOCKET_NAME: 'Example Panel' })
  let front: AccountContext

  beforeAll(async () => {
    front = await accountContext(docket, docket.db, { site: { name: 'Example Panel', url: docket.node.url! } })
  })

  const at = (path: string) => `${docket.node.url}${path}`
  const open = (options: Omit<NonNullable<Parameters<typeof browser.visit>[1]>, 'mayComplainOf'> = {}) =>
    browser.visit(at('/sign-in'), { ...options, mayComplainOf: REFUSED })

  async function signInAs(page: Page, who: Person, password = PASSWORD): Promise<void> {
    await page.goto(at('/sign-in?next=/account'))
    await page.getByLabel('E-mail address').fill(who.email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  }

  function appCode(secret: string): string {
    return new TOTP({ secret: TotpSecret.fromBase32(secret) }).generate({ timestamp: docket.clock.now().getTime() })
  }

  /** What a phone reads off the screen. */
  async function scanned(page: Page): Promise<string> {
    const picture = await page.locator('svg.qr').screenshot()
    const { data, width, height } = await page.evaluate(
      async (bytes) => {
        const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]))
        const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')!
        canvas.drawImage(image, 0, 0)
        return { data: [...canvas.getImageData(0, 0, image.width, image.height).data], width: image.width, height: image.height }
      },
      [...picture],
    )
    // The package is of the older kind, and says of its types that it were of the newer.
    const read = jsqr as unknown as typeof jsqr.default
    return read(new Uint8ClampedArray(data), width, height)!.data
  }

  test('signs in with a code that an app reads off the screen', async () => {
    const page = await open()
    const who = await person(front)
    await signInAs(page, who)
    await page.waitForURL(at('/account'))
    await page.getByRole('link', { name: 'Two-factor authentication' }).click()
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
    const uri = new URL(await scanned(page))
    expect(decodeURIComponent(uri.pathname)).toContain(who.email)
    const secret = uri.searchParams.get('secret')!
    expect((await page.locator('code.secret').textContent())!.replaceAll(' ', '')).toBe(secret)
    await page.getByLabel('Code', { exact: true }).fill('000000')
    await page.getByRole('button', { name: 'Turn on' }).click()
    await page.getByText('This code is wrong').waitFor()
    await page.getByLabel('Code', { exact: true }).fill(appCode(secret))
    await page.getByRole('button', { name: 'Turn on' }).click()
    await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
    const codes = await page.locator('.recovery-codes code').allTextContents()
    expect(codes).toHaveLength(10)
    await isForEverybody(page)
    await page.getByRole('link', { name: 'I’ve saved them' }).click()
    await page.getByText('10 recovery codes are left.').waitFor()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByText('You are signed out.').waitFor()

    docket.clock.forward({ seconds: 30 })
    await signInAs(page, who)
    await page.getByRole('heading', { name: 'Your code' }).waitFor()
    await isForEverybody(page)
    await page.getByLabel('Code', { exact: true }).fill('123 456')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This code is wrong').waitFor()
    await page.getByLabel('Code', { exact: true }).fill(appCode(secret))
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(at('/account'))

    await page.context().clearCookies()
    await signInAs(page, who)
    await page.getByLabel('Code', { exact: true }).fill(codes[0]!)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(at('/account'))
    await page.goto(at('/account/codes'))
    await page.getByText('9 recovery codes are left.').waitFor()
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('textbox', { name: 'Code' }).fill(codes[1]!)
    await page.getByRole('button', { name: 'Turn off' }).click()
    await page.getByText('Two-factor authentication is off.').waitFor()
  })

  test('a forgotten password is chosen anew by a mail, in the person’s language', async () => {
    const page = await open({ locale: 'sl' })
    const who = await person(front)
    await page.goto(at('/sign-in'))
    await page.getByRole('link', { name: 'Ste pozabili geslo?' }).click()
    await page.getByLabel('E-poštni naslov').fill(who.email)
    await page.getByRole('button', { name: 'Pošlji povezavo' }).click()
    await page.getByText(`Če se ${who.email} tu lahko uporablja`).waitFor()
    // The mail is read where it waits, in the language of whoever asked.
    await page.goto(at('/dev/mailbox'))
    await isForEverybody(page)
    const mail = page.getByRole('article').filter({ hasText: who.email })
    await mail.getByText('Nekdo, verjetno vi, je prosil za novo geslo').waitFor()
    await mail.getByRole('link').click()
    await page.getByRole('heading', { name: 'Izberite svoje geslo' }).waitFor()
    // Choosing a language keeps the link.
    await page.goto(`${page.url()}?language=en`)
    await page.getByLabel('New password').fill('too short')
    await page.getByRole('button', { name: 'Save and sign in' }).click()
    await page.getByText('Enter at least 10 characters.').waitFor()
    await isForEverybody(page)
    const link = page.url()
    await page.getByLabel('New password').fill('another 7 lanterns')
    await page.getByRole('button', { name: 'Save and sign in' }).click()
    await page.waitForURL(at('/account'))
    const again = await page.goto(link)
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
    await isForEverybody(page)
    expect(again!.status()).toBe(410)
  })

  test('a device is signed out from another', async () => {
    const who = await person(front)
    const [here, there] = [await open(), await open({ viewport: NARROW })]
    await signInAs(there, who)
    await there.waitForURL(at('/account'))
    await signInAs(here, who)
    await here.goto(at('/account/sessions'))
    const rows = here.getByRole('main').getByRole('listitem')
    expect(await rows.count()).toBe(2)
    await isForEverybody(here)
    await here.getByRole('button', { name: /^Sign out Chrome \d+ on Linux$/ }).click()
    await here.getByText('The device is signed out.').waitFor()
    expect(await rows.count()).toBe(1)
    // Told once.
    await here.reload()
    expect(await here.getByText('The device is signed out.').count()).toBe(0)
    await there.reload()
    await there.waitForURL(at('/sign-in?next=/account'))
    await here.getByRole('link', { name: 'Activity log', exact: true }).click()
    await here.getByText('Device signed out').waitFor()
  })

  test('a customer opens an account', async () => {
    const page = await open()
    await page.goto(at('/sign-in'))
    await page.getByRole('link', { name: 'Create account' }).click()
    await page.getByLabel('E-mail address').fill('opened@example.com')
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()
    await page.goto(at(`/reset/${await linkTo(front, 'opened@example.com')}`))
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Save and sign in' }).click()
    // Whoever is new begins with the first steps.
    await page.waitForURL(at('/start'))
    await page.goto(at('/account'))
    expect(await page.getByRole('main').innerText()).toContain('opened@example.com')
  })

  test('password, address and language are changed', async () => {
    const page = await open()
    const who = await person(front)
    await signInAs(page, who)
    await page.getByLabel('Current password').fill('not this one')
    await page.getByLabel('New password').fill('another 7 lanterns')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('Wrong password.').waitFor()
    await page.getByLabel('Current password').fill(PASSWORD)
    await page.getByLabel('New password').fill('another 7 lanterns')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('The password is changed.').waitFor()

    docket.clock.forward({ minutes: 20 })
    await page.getByLabel('New e-mail address').fill('Moved.Person@example.com')
    await page.getByRole('button', { name: 'Send the link' }).click()
    // Too long ago: who is it?
    await page.getByRole('heading', { name: 'Confirm it’s you' }).waitFor()
    await isForEverybody(page)
    await page.getByLabel('Password').fill('another 7 lanterns')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('New e-mail address').fill('Moved.Person@example.com')
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByText('We sent a link to the new address.').waitFor()
    await page.goto(at(`/confirm-mail/${await linkTo(front, 'Moved.Person@example.com')}`))
    await isForEverybody(page)
    await page.getByRole('button', { name: 'Use this address' }).click()
    await page.getByText('The address is changed.').waitFor()
    await page.getByRole('main').getByText('Moved.Person@example.com').waitFor()
    expect((await mailsTo(front, who.email)).map((mail) => mail.name)).toContain('mailChanged')

    await page.locator('#language').selectOption({ label: 'Deutsch' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Die Sprache ist geändert.').waitFor()
  })

  test('everything can be done without script', async () => {
    const page = await open({ javaScriptEnabled: false })
    const who = await person(front)
    await signInAs(page, who)
    await page.waitForURL(at('/account'))
    for (const name of ['Two-factor authentication', 'Devices', 'Activity log', 'Profile']) {
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1, name }).waitFor()
    }
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByText('You are signed out.').waitFor()
    expect(page.url()).toBe(at('/sign-in'))
  })

  test('a wrong password says nothing of the address, and a page that is too old asks to load it again', async () => {
    const page = await open()
    const who = await person(front)
    for (const email of [who.email, 'stranger@example.com']) {
      await signInAs(page, { ...who, email }, 'wrong as can be')
      await page.getByText('Wrong e-mail or password.').waitFor()
      expect(await page.getByLabel('E-mail address').inputValue()).toBe(email)
      expect(await page.getByLabel('Password').inputValue()).toBe('')
    }
    await isForEverybody(page)
    await page.context().clearCookies()
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'This page has expired' }).waitFor()
  })

  for (const locale of LOCALES) {
    test(`every page can be used by everybody: ${locale}`, async () => {
      const page = await open({ locale })
      const who = await person(front)
      for (const path of ['/sign-in', '/forgot', '/register']) {
        await page.goto(at(path))
        await isForEverybody(page)
      }
      await askForReset(front, who.email, visit())
      await page.goto(at(`/reset/${await linkTo(front, who.email)}`))
      await isForEverybody(page)
      await page.locator('#wanted').fill('another 7 lanterns')
      await page.locator('main button').click()
      await page.waitForURL(at('/account'))
      await isForEverybody(page)
      await page.goto(at('/account/codes'))
      await isForEverybody(page)
      await page.locator('main button').click()
      await page.locator('svg.qr').waitFor()
      await isForEverybody(page)
      await page.locator('#code').fill(appCode((await page.locator('code.secret').textContent())!.replaceAll(' ', '')))
      await page.locator('main form button').click()
      await page.locator('.recovery-codes').waitFor()
      await isForEverybody(page)
      for (const path of ['/account/codes', '/account/sessions', '/account/log', '/dev/mailbox']) {
        await page.goto(at(path))
        await isForEverybody(page)
      }
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).direction)).toBe(locale === 'ar' ? 'rtl' : 'ltr')
    })
  }

  test('the pages are there in every language', async () => {
    const page = await open()
    const titles = new Set<string>()
    for (const { code } of languages) {
      await page.goto(at(`/sign-in?language=${code}`))
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(code)
      titles.add((await page.getByRole('heading', { level: 1 }).textContent())!)
    }
    expect(titles.size).toBeGreaterThan(12)
  })

  test('the documents show a signed-in reader YOUR_KEY, and nothing of their own', async () => {
    const page = await open()
    const { account, key } = await docket.account()
    const { link } = await inviteToAccount(front, account)
    await page.goto(link)
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Save and sign in' }).click()
    await page.waitForURL(at('/start'))
    await page.goto(at('/en/api'))
    expect(await page.content()).toContain('YOUR_KEY')
    expect(await page.content()).not.toContain(key.slice(0, 12))
    await page.getByRole('link', { name: 'Balance $100.00' }).waitFor()
  })
})
