import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/clients.ts'
import { freshDatabase } from '../support/docket.ts'
import { type FakeSupplier, openFakeSupplier } from '../support/fake-supplier.ts'
import { endServers, serve, type ServerProcess } from '../support/server-process.ts'
import { axeFaults, describeInBrowser, NARROW, overhang, picture } from './browser.ts'

describeInBrowser('from an empty database', (browser) => {
  let server: ServerProcess
  let fake: FakeSupplier
  let directory: string
  beforeAll(async () => {
    fake = await openFakeSupplier()
    fake.answer('balance', { balance: '512.5', currency: 'USD' })
    fake.answer('services', [
      { service: 5, name: 'Ad views', type: 'Default', category: 'Ads', rate: '1.00', min: '10', max: '1000', refill: false, cancel: true },
      {
        service: 6,
        name: 'Ad clicks',
        type: 'Default',
        category: 'Clicks',
        rate: '9.00',
        min: '10',
        max: '1000',
        refill: false,
        cancel: true,
      },
    ])
    directory = await mkdtemp(path.join(os.tmpdir(), 'docket-setup-'))
    server = await serve({ DATABASE_URL: await freshDatabase(), DOCKET_DATA: directory })
  })
  afterAll(async () => {
    await endServers()
    await fake.close()
    await rm(directory, { recursive: true })
  })

  test('the printed link leads to a customer’s completed order without leaving the browser', async () => {
    const link = await eventually('the link is printed', () => /http:\S+\/desk\/setup\/begin\/[\w-]{43}/.exec(server.written())?.[0])
    const page = await browser.visit(link)
    const looked = async (name: string) => {
      expect(await axeFaults(page)).toEqual([])
      await picture(page, `desk-setup-${name}`)
    }
    const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

    await heading('Set up your panel')
    await page.getByLabel('Your name').fill('Olive Owner')
    await page.getByLabel('E-mail address').fill('olive@example.com')
    await page.getByLabel('New password').fill('a long enough password')
    await looked('begin')
    await page.getByRole('button', { name: 'Begin' }).click()

    await heading('How your panel looks')
    await page.getByLabel('Name', { exact: true }).fill('Olive’s Panel')
    await page.getByLabel('Colour').fill('#8a2be2')
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'
    await page.getByLabel('Logo').setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) })
    await looked('look')
    await page.getByRole('button', { name: 'Save and go on' }).click()

    await heading('Who does the work')
    await page.locator('.house', { hasText: 'Olive’s Panel' }).waitFor()
    expect(await page.locator('.house img').getAttribute('src')).toMatch(/^\/assets\/logo-/)
    await page.getByLabel('Your name for it').fill('acme')
    await page.getByLabel('Address of its API').fill(fake.url)
    await page.getByLabel('The key it gave you').fill(fake.key)
    await page.getByLabel('It is in our own network').check()
    await page.getByRole('button', { name: 'Test the connection' }).click()
    await page.getByText('It takes the key. Your balance there: 512.5 USD').waitFor()
    await looked('supplier')
    await page.getByRole('button', { name: 'Add this supplier' }).click()

    await heading('What you sell')
    await page.getByRole('heading', { name: '2 services would come' }).waitFor()
    await page.getByLabel('Ads (1)').check()
    await page.getByLabel('Margin').fill('50%')
    await page.getByRole('button', { name: 'Look what would come' }).click()
    await page.getByRole('heading', { name: '1 service would come' }).waitFor()
    await looked('services')
    await page.getByRole('button', { name: 'Put 1 service on sale' }).click()

    await heading('Your first customer')
    await page.getByLabel('E-mail address').fill('customer@example.com')
    await page.getByLabel('Balance to begin with').fill('25')
    await page.getByRole('button', { name: 'Open the account' }).click()
    await page.getByText('customer@example.com has account 1.').waitFor()
    await looked('customer')
    await page.getByRole('link', { name: 'To the first order' }).click()

    await heading('The first order')
    await page.getByLabel('Quantity').fill('100')
    await looked('order')
    await page.getByRole('button', { name: 'Place the order' }).click()
    await page.getByText('This page keeps itself up to date.').waitFor()
    const theirs = await eventually('the supplier has it', () => fake.orders[0])
    Object.assign(theirs, { status: 'Completed', remains: 0 })
    await page.getByText('The order is completed. Your panel works.').waitFor()
    await looked('completed')

    await page.setViewportSize(NARROW)
    expect(await overhang(page)).toBeLessThanOrEqual(0)
    await page.goto(`${server.url}/desk/settings`)
    await heading('Settings')
    expect(await overhang(page)).toBeLessThanOrEqual(0)
    expect(await page.getByText('Docket is not set up yet.').count()).toBe(0)
    await looked('settings')
  })

  test('somebody who only presses what is offered sees an order completed, with the simulated supplier', async () => {
    const tried = await mkdtemp(path.join(os.tmpdir(), 'docket-tried-'))
    const quick = await serve({ DATABASE_URL: await freshDatabase(), DOCKET_DATA: tried })
    const link = await eventually('the link is printed', () => /http:\S+\/desk\/setup\/begin\/[\w-]{43}/.exec(quick.written())?.[0])
    const page = await browser.visit(link)
    const press = (name: string) => page.getByRole('button', { name }).click()
    await page.getByLabel('Your name').fill('Newcomer')
    await page.getByLabel('E-mail address').fill('new@example.com')
    await page.getByLabel('New password').fill('a long enough password')
    await press('Begin')
    await press('Save and go on')
    await press('Look around with the simulated supplier')
    await press('Put the samples on sale')
    await page.getByLabel('E-mail address').fill('customer@example.com')
    await press('Open the account')
    await page.getByRole('link', { name: 'To the first order' }).click()
    await press('Place the order')
    await page.getByText('The order is completed. Your panel works.').waitFor({ timeout: 240_000 })
    expect(new URL(page.url()).pathname).toMatch(/^\/desk\/setup/)
    await rm(tried, { recursive: true, force: true })
  })
})
