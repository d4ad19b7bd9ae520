import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { openIdProvider, type OpenIdProvider } from '../support/openid-provider.ts'
import { offer, someone, withPassword } from '../sign-in-providers/world.ts'
import { accountContext, PASSWORD, signedIn } from '../support/people.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, picture } from './browser.ts'

/** What the server refuses is told in the page; the browser counts it as an error all the same. */
const REFUSED = /status of 4(10|22|29)/

describeInBrowser('signing in by a provider', (browser) => {
  const docket = openDocket({
    DOCKET_REGISTRATION: 'on',
    DOCKET_SECRET: 'a secret of at least thirty-two characters',
    DOCKET_NAME: 'Example Panel',
  })
  let provider: OpenIdProvider

  beforeAll(async () => {
    // Another site than the panel, as the browser sees it.
    provider = await openIdProvider(docket.clock.now, 'localhost')
    await offer({ ...docket, provider }, { name: 'Google' })
  })
  afterAll(() => provider.close())

  const at = (path: string) => `${docket.node.url}${path}`

  test.each([true, false])('opens an account and signs in again (script: %s)', async (script) => {
    // What looks at a page runs in it.
    const looksGood = async (page: Page) => (script ? isForEverybody(page) : undefined)
    const page = await browser.visit(at('/register'), { ...browserOf(undefined, at('/'), { script }), mayComplainOf: REFUSED })
    await page.getByRole('button', { name: 'Continue with Google' }).waitFor()
    await looksGood(page)
    provider.someone = someone()
    await page.getByRole('button', { name: 'Continue with Google' }).click()
    await page.getByText(`confirms that ${provider.someone.email} is yours`).waitFor()
    await looksGood(page)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.waitForURL(at('/start'))
    await page.goto(at('/account'))
    await page.getByRole('main').getByText(provider.someone.email!, { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.waitForURL(at('/sign-in'))
    await looksGood(page)
    await picture(page, `providers-sign-in-${script}`)
    await page.getByRole('button', { name: 'Continue with Google' }).click()
    await page.waitForURL(at('/'))
    await page.goto(at('/account'))
    await page.getByRole('heading', { name: 'Other ways to sign in' }).waitFor()
  })

  test('links a provider on the profile and unlinks it', async () => {
    const person = await withPassword(docket, someone().email!)
    const page = await browser.visit(at('/sign-in?next=/account'), { mayComplainOf: REFUSED })
    await page.getByLabel('E-mail address').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL(at('/account'))
    provider.someone = someone()
    await page.getByRole('button', { name: 'Link Google' }).click()
    await page.getByText('It is linked: you can sign in with it.').waitFor()
    await isForEverybody(page)
    await picture(page, 'providers-profile')
    await page.getByRole('button', { name: /^Unlink: Google/ }).click()
    await page.getByText('It is unlinked.').waitFor()
    expect(await page.getByText(provider.someone.email!).count()).toBe(0)
  })

  test('leads whoever cancels back to the page to sign in', async () => {
    const page = await browser.visit(at('/sign-in'), { mayComplainOf: REFUSED })
    provider.someone = undefined
    await page.getByRole('button', { name: 'Continue with Google' }).click()
    await page.getByRole('heading', { name: 'You cancelled at Google' }).waitFor()
    await isForEverybody(page)
    await picture(page, 'providers-cancelled')
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
    await page.waitForURL(at('/sign-in'))
  })

  test('is set up on the desk', async () => {
    const page = await browser.visit(at('/desk/settings'), ofStaff(await openDesk(docket)))
    await page.locator('#sign-in').getByRole('link', { name: 'Sign-in providers' }).click()
    await page.getByText(at('/sign-in/with/own/callback')).waitFor()
    await isForEverybody(page)
    await picture(page, 'providers-desk')
    await page.getByRole('button', { name: 'Test the connection' }).click()
    await page.getByText('own answers. Customers sign in at localhost').waitFor()
    await page.getByRole('link', { name: 'Set up another provider' }).click()
    await page.getByLabel('Issuer URL').waitFor()
    await isForEverybody(page)
    await picture(page, 'providers-form')
  })

  test.each(LOCALES)('everybody can use its pages: %s', async (locale) => {
    const front = await accountContext(docket)
    const person = await withPassword(docket, someone().email!)
    const me = await signedIn(front, person)
    const now = docket.clock.now()
    for (const [subject, email] of [
      ['one', person.email],
      ['two', 'another.address.that.is.rather.long@department.company.example'],
    ])
      await docket.db.query(
        'insert into linked_sign_ins (user_id, issuer, subject, email, linked_at, used_at) values ($1, $2, $3, $4, $5, $5)',
        [person.userId, provider.issuer, `${person.userId} ${subject}`, email, now],
      )
    const visits = [
      [browserOf(undefined, at('/'), { locale }), ['/sign-in', '/register']],
      [browserOf(me, at('/'), { locale }), ['/account']],
      [{ ...ofStaff(await openDesk(docket)), locale }, ['/desk/sign-in-providers', '/desk/do/sign-in-provider-set?provider=own']],
    ] as const
    for (const [options, paths] of visits) {
      const page = await browser.visit('about:blank', options)
      for (const path of paths) {
        const answer = await page.goto(at(path))
        expect([path, answer!.status()]).toEqual([path, 200])
        await isForEverybody(page)
        await picture(page, `providers${path.split('?')[0]}-${locale}`)
      }
    }
  })
})

function ofStaff(desk: DeskPages) {
  const cookie = { domain: '127.0.0.1', path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' } as const
  const [name, value] = desk.cookie.split('=') as [string, string]
  return { storageState: { cookies: [{ ...cookie, name, value }], origins: [] } }
}
