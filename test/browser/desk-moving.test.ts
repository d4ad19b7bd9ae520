import { rm } from 'node:fs/promises'
import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openPool } from '../../server/db/pool.ts'
import { findMoving } from '../../server/move-in/movings.ts'
import { glyconTables, keyOf, SMALL, writeDump } from '../move-in/dumps.ts'
import { SECRET } from '../move-in/moved.ts'
import { eventually } from '../support/clients.ts'
import { booksBalance, type Docket, freshDatabase } from '../support/docket.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { type FakeSupplier, openFakeSupplier } from '../support/fake-supplier.ts'
import { endServers, serve, type ServerProcess } from '../support/server-process.ts'
import { browserOf, describeInBrowser, isForEverybody, type Looks, picture } from './browser.ts'

const ORDERS = 20_000

describeInBrowser('an old panel moves in from the desk', (browser) => {
  let directory: string
  let databaseUrl: string
  let server: ServerProcess
  let db: Database
  let supplier: FakeSupplier
  let desk: DeskPages
  let dump: string

  const start = () => serve({ DATABASE_URL: databaseUrl, DOCKET_SECRET: SECRET, DOCKET_DATA: path.join(directory, 'data') })

  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'docket-desk-moving-'))
    databaseUrl = await freshDatabase()
    db = openPool(databaseUrl, { size: 2, name: 'test' })
    supplier = await openFakeSupplier()
    dump = path.join(directory, 'old-panel.sql')
    await writeDump(dump, glyconTables({ ...SMALL, orders: ORDERS }, supplier.url))
    server = await start()
    desk = await openDesk({ db, node: { url: server.url }, clock: { now: () => new Date() } } as Docket)
  })
  afterAll(async () => {
    await endServers()
    await supplier.close()
    await db.end()
    await rm(directory, { recursive: true, force: true })
  })

  async function at(address: string, looks: Looks = {}): Promise<Page> {
    // While a node is killed, the page looks again in vain.
    const options = { ...browserOf(undefined, server.url, looks), mayComplainOf: /ERR_CONNECTION|Failed to load resource/ }
    const page = await browser.visit('about:blank', { ...options, storageState: undefined! })
    await page.context().addCookies([{ name: 'docket-desk', value: desk.cookie.replace('docket-desk=', ''), url: server.url }])
    await page.goto(server.url + address)
    return page
  }

  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
  const idOf = (page: Page) => Number(/\/moving\/(\d+)/.exec(page.url())![1])
  const call = async (parameters: Record<string, string>) =>
    (await fetch(`${server.url}/api/v2`, { method: 'POST', body: new URLSearchParams(parameters) })).json() as Promise<
      Record<string, unknown>
    >

  /** From the settings to the report of what would come. */
  async function lookedAt(file: string): Promise<Page> {
    const page = await at('/desk/settings')
    await page.locator('#moving').getByRole('link', { name: 'Moving in and out' }).click()
    await heading(page, 'Moving in and out')
    await page.getByRole('link', { name: 'Move a panel in' }).click()
    await page.getByLabel('GlyCon or OwnSMMPanel').check()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByLabel('Suppliers, or the panel, are in our own network').check()
    await page.getByRole('button', { name: 'Go on' }).click()
    await heading(page, /^Moving \d+: glycon$/)
    await page.getByLabel(/^Dump/).setInputFiles(file)
    await page.getByRole('button', { name: 'Send, and look what would come' }).click()
    await page.getByText('This is what would come. Nothing has been changed.').waitFor()
    return page
  }

  test('a dump is sent, looked at and brought over, the node is killed in the middle, and an old client orders with its old key', async () => {
    const page = await lookedAt(dump)
    const id = idOf(page)
    expect(await page.getByRole('row', { name: /^Customers/ }).innerText()).toMatch(/31\s+30\s+0\s+1/)
    expect(await page.getByText('The number of an account is no positive whole number').count()).toBe(1)
    expect((await db.query('select from accounts')).rowCount).toBe(0)
    await isForEverybody(page)
    await picture(page, 'desk-moving-looked')

    await page.getByRole('button', { name: 'Move in' }).click()
    await eventually('some orders came', async () => (await db.query('select from orders limit 1')).rowCount || undefined)
    await server.kill()
    expect((await findMoving(db, id)).state).toBe('run')
    expect((await db.query('select from transfers')).rowCount).toBe(0)

    server = await start()
    const again = await at(`/desk/moving/${id}`)
    await again.getByText('It was brought over.').waitFor()
    const row = await again.getByRole('row', { name: /^Ended orders/ }).innerText()
    // Everything there is, less the two that cannot come, whatever part of it came before the node was killed.
    expect(row.split(/\s+/).slice(-3)).toEqual([expect.stringMatching(/^19,/), '0', '3'])
    await isForEverybody(again)
    await picture(again, 'desk-moving-done')

    await booksBalance(db)
    expect(await call({ key: keyOf(8), action: 'balance' })).toMatchObject({ balance: '8.30000' })
    const { order } = await call({ key: keyOf(8), action: 'add', service: '4', link: 'https://example.com/new', quantity: '100' })
    expect(order).toBe(ORDERS + 1)
    expect((await call({ key: keyOf(8), action: 'status', order: String(order) }))['charge']).toEqual(expect.any(String))
  })

  test('the same dump again brings nothing twice', async () => {
    const orders = (await db.query('select from orders')).rowCount
    const page = await lookedAt(dump)
    await page.getByRole('button', { name: 'Move in' }).click()
    await page.getByText('It was brought over.').waitFor()
    expect((await db.query('select from orders')).rowCount).toBe(orders)
    expect(await page.getByRole('row', { name: /^Customers/ }).innerText()).toMatch(/31\s+0\s+30\s+1/)
    await booksBalance(db)
  })

  test('pages of before the file, of a failure and of everything taken out are for everybody', async () => {
    const page = await at('/desk/moving/new')
    await isForEverybody(page)
    await picture(page, 'desk-moving-new')
    await page.goto(`${server.url}/desk/moving/new?source=hosted`)
    await isForEverybody(page)
    await picture(page, 'desk-moving-hosted')
    await page.getByLabel('Address').fill('http://127.0.0.1:9')
    await page.getByLabel('Key', { exact: true }).fill('an operator’s key')
    await page.getByRole('button', { name: 'Look what would come' }).click()
    await page.getByText('The old panel does not answer as expected').waitFor()
    await isForEverybody(page)

    await page.goto(`${server.url}/desk/moving/new?source=csv`)
    await page.getByRole('button', { name: 'Go on' }).click()
    await isForEverybody(page)
    await picture(page, 'desk-moving-files')

    await page.goto(`${server.url}/desk/moving`)
    await isForEverybody(page)
    await picture(page, 'desk-movings')
    await page.getByRole('button', { name: 'Take everything out' }).click()
    await page.getByText('The file is ready.').waitFor()
    await isForEverybody(page)
    await picture(page, 'desk-moving-out')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^Download/ }).click()])
    expect(download.suggestedFilename()).toMatch(/^docket-\d{4}-\d{2}-\d{2}\.tar\.gz$/)
  })

  test('without script a form sends the file at once', async () => {
    const page = await at('/desk/moving/new?source=glycon', { script: false })
    await page.getByLabel('Name', { exact: true }).fill('by-form')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByLabel(/^Dump/).setInputFiles(dump)
    await page.getByRole('button', { name: 'Send, and look what would come' }).click()
    await heading(page, /by-form$/)
    await eventually('it is looked at', async () => ((await findMoving(db, idOf(page))).state === 'looked' ? true : undefined))
    await page.reload()
    expect(await page.getByText('This is what would come. Nothing has been changed.').count()).toBe(1)
  })
})
