import pino from 'pino'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listKeys } from '../../server/customers/keys.ts'
import { openSecret } from '../../server/secret.ts'
import { openWebhookWorker } from '../../server/webhooks/worker.ts'
import { signedHeaders } from '../../server/webhooks/signature.ts'
import { openDocket } from '../support/docket.ts'
import { insideParts } from '../support/inside.ts'
import { onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { openReceiver, type Receiver } from '../webhooks/receiver.ts'
import { move } from '../webhooks/shop.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks } from './browser.ts'

const SECRET = 'a secret of at least thirty-two characters'

describeInBrowser('keys, webhooks and usage in a browser', (browser) => {
  const docket = openDocket({ DOCKET_SECRET: SECRET }, insideParts)
  const outgoing = insideParts.openWebhookOutgoing()
  let service: number
  let other: number
  let receiver: Receiver

  beforeAll(async () => {
    service = await onSale(docket, { name: 'Instagram followers, real people, thirty days of refill', rate: '0.90', min: 10 })
    other = await onSale(docket)
    receiver = await openReceiver()
  })
  afterAll(async () => {
    await receiver.close()
    await outgoing.close()
  })

  async function opened(me: OwnPages, looks: Looks = {}): Promise<Page> {
    return browser.visit('about:blank', {
      baseURL: docket.node.url!,
      ...browserOf(me, docket.node.url!, looks),
      permissions: ['clipboard-read', 'clipboard-write'],
      // What the server refuses is told in the page; the browser counts it as an error all the same.
      mayComplainOf: /status of 4(04|22)/,
    })
  }

  async function deliver() {
    const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
    const worker = openWebhookWorker({
      db: docket.db,
      now: docket.clock.now,
      log: pino({ level: 'silent' }),
      secret,
      outgoing,
      site: { name: 'Docket', url: 'https://docket.example' },
    })
    await worker.turn()
    await worker.idle()
    await worker.stop()
  }

  for (const script of [true, false]) {
    const how = script ? '' : ', without script'

    test(`makes a key with limits, uses it, sees it used, revokes it${how}`, async () => {
      const page = await opened(await ownPages(docket), { script })
      await page.goto('/keys')
      await page.getByRole('link', { name: 'New key' }).click()
      await page.getByLabel('Name').fill('Shop plug-in')
      await page.getByLabel('Selected permissions').check()
      await page.getByLabel('Read the balance').check()
      await page.getByLabel('Order, cancel, request refills and get prices').check()
      await page.getByLabel('Daily limit').fill('1')
      await page.getByRole('textbox', { name: 'Services' }).fill(String(service))
      await page.getByRole('button', { name: 'Show their names' }).click()
      await page.getByText('Instagram followers, real people').waitFor()
      await page.getByRole('button', { name: /^Add my IP address/ }).click()
      expect(await page.getByLabel('Networks').inputValue()).toBe('127.0.0.1')
      expect(await page.getByLabel('Order, cancel, request refills and get prices').isChecked()).toBe(true)
      await page.getByLabel('Last day').fill('2026-03-20')
      await page.getByLabel('Last day').press('Enter')
      await page.getByRole('heading', { name: 'Your new key' }).waitFor()
      const key = await page.locator('.shown-once pre').innerText()
      expect(page.url()).not.toContain(key)
      if (script) {
        await page.getByRole('button', { name: 'Copy' }).click()
        await page.getByRole('button', { name: 'Copied' }).waitFor()
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key)
      } else expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0)

      const order = { key, action: 'add', link: 'https://example.com/p', quantity: 1000 }
      expect(await docket.call({ ...order, service: other })).toHaveProperty('error', 'This API key may not order this service')
      expect(await docket.call({ key, action: 'ledger' })).toHaveProperty('error', 'This API key may not use this action')
      expect(await docket.call({ ...order, service })).toHaveProperty('order')
      expect(await docket.call({ ...order, service })).toHaveProperty('error', 'The daily spend limit of this API key is reached')

      await page.getByRole('link', { name: 'I’ve saved it' }).click()
      expect(await page.locator('main').innerText()).not.toContain(key)
      await page.getByRole('link', { name: /^Order \d+$/ }).waitFor()
      await page.getByRole('navigation', { name: 'Orders and funds' }).getByRole('link', { name: 'API keys' }).click()
      const row = page.getByRole('listitem').filter({ hasText: 'Shop plug-in' })
      expect(await row.innerText()).toMatch(/Spent today\s+\$0\.90 \/ \$1\.00[\s\S]*Last used\s+Mar \d+, 2026/)
      await row.getByRole('link', { name: 'Shop plug-in' }).click()
      await page.getByRole('link', { name: 'Revoke the key' }).click()
      await page.getByRole('button', { name: 'Revoke the key' }).click()
      await page.getByText('The key is revoked.').waitFor()
      expect(await docket.call({ key, action: 'balance' })).toEqual({ error: 'Invalid API key' })
    })

    test(`adds a webhook, tests it, sees it fail and come back, changes its secret${how}`, async () => {
      const me = await ownPages(docket)
      const page = await opened(me, { script })
      const before = receiver.received.length
      await page.goto('/webhooks')
      await page.getByRole('link', { name: 'New webhook' }).click()
      await page.getByLabel('Address').fill(receiver.url)
      await page.getByRole('button', { name: 'Add webhook' }).click()
      const secret = await page.locator('.shown-once pre').innerText()
      await page.getByRole('link', { name: 'I’ve saved it' }).click()
      await page.getByRole('button', { name: 'Send a test message' }).click()
      await page.getByText(/The test message arrived: HTTP 204/).waitFor()
      const { headers, body } = receiver.received[before]!
      const signed = signedHeaders([secret], String(headers['webhook-id']), docket.clock.now(), body)
      expect(headers).toMatchObject(signed)
      await page.getByText('Message sent').click()
      expect(await page.locator('.delivery pre').innerText()).toContain(signed['webhook-signature'])

      receiver.answer = { status: 500 }
      const { order } = await docket.call({ key: me.key, action: 'add', service, link: 'https://example.com/p', quantity: 100 })
      await move(docket, BigInt(order), 'Completed')
      await deliver()
      await page.reload()
      const failing = page.getByRole('listitem').filter({ hasText: 'order.completed' })
      expect(await failing.innerText()).toMatch(/Queued[\s\S]*1 attempt · HTTP 500[\s\S]*next try/)
      receiver.answer = { status: 204 }
      await failing.getByRole('button', { name: 'Send now' }).click()
      await page.getByText('It is being sent again.').waitFor()
      await deliver()
      await page.reload()
      await failing.getByText('Delivered').waitFor()

      await page.getByRole('link', { name: 'Change signing secret' }).click()
      await page.getByRole('button', { name: 'Change signing secret' }).click()
      const fresh = await page.locator('.shown-once pre').innerText()
      expect(fresh).not.toBe(secret)
      await page.getByRole('link', { name: 'I’ve saved it' }).click()
      await page.getByRole('button', { name: 'Send a test message' }).click()
      await page.getByText(/The test message arrived/).waitFor()
      expect(String(receiver.received.at(-1)!.headers['webhook-signature']).split(' ')).toHaveLength(2)
      await page.getByRole('button', { name: 'Pause' }).click()
      await page.getByText('The webhook is paused.').waitFor()
      await page.getByRole('button', { name: 'Resume without missed messages' }).click()
      await page.getByRole('link', { name: 'Remove' }).click()
      await page.getByRole('button', { name: 'Remove' }).click()
      await page.getByText('The webhook is removed.').waitFor()
    })

    test(`reads what was used${script ? ' with a pointer and with keys' : how}`, async () => {
      const me = await ownPages(docket)
      for (const quantity of [100, 1000, 100_000_000])
        await docket.call({ key: me.key, action: 'add', service, link: 'https://example.com/p', quantity })
      const page = await opened(me, { script })
      await page.goto('/usage')
      await page.getByLabel('Period').selectOption({ label: '7 days' })
      await page.getByRole('button', { name: 'Show' }).click()
      await page.locator('summary', { hasText: 'The figures as a table' }).click()
      const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(docket.clock.now())
      expect(await page.locator('.fold .figures-table').innerText()).toContain(`${day}\t2\t$0.99\t$0.00\t2\t1`)
      if (!script) return
      const chart = page.getByRole('slider', { name: 'Charged per day' })
      await chart.focus()
      const told = page.locator('.chart-text').first()
      expect(await told.innerText()).toBe(`${day}: $0.99`)
      await page.keyboard.press('ArrowLeft')
      expect(await chart.getAttribute('aria-valuetext')).toMatch(/: \$0\.00$/)
      await page.keyboard.press('Home')
      expect(await chart.getAttribute('aria-valuenow')).toBe('1')
      await page.locator('.chart').first().locator('.bar').last().hover()
      expect(await told.innerText()).toBe(`${day}: $0.99`)
    })
  }

  async function webhookOf(me: OwnPages): Promise<string> {
    const { html } = await me.get('/webhooks/new')
    const url = `${receiver.url}/${'a-long-path/'.repeat(12)}`
    const added = await me.post('/webhooks/new', { url, money: 'live', form: me.hidden(html, 'form'), 'event-order-all': 'on' })
    const hook = /href="(\/webhooks\/\d+)"/.exec(added.html)![1]!
    await me.post(`${hook}/test`, {})
    return hook
  }

  async function keyOf(me: OwnPages): Promise<string> {
    await docket.call({ key: me.key, action: 'add', service, link: 'https://example.com/p', quantity: 100 })
    return `/keys/${(await listKeys(docket.db, me.account, docket.clock.now()))[0]!.id}`
  }

  for (const locale of LOCALES) {
    test(`every page of keys and usage can be used by everybody: ${locale}`, async () => {
      const me = await ownPages(docket)
      const key = await keyOf(me)
      const page = await opened(me, { locale })
      for (const path of ['/keys', '/keys/new', key, `${key}/edit`, `${key}/revoke`, '/usage?days=30', '/usage?days=7&key=pages'])
        await isUsable(page, path)
      await page.goto('/keys/new')
      await page.locator('#label').fill('x'.repeat(80))
      await page.locator('#access-chosen').check()
      await page.locator('#networks').fill('nowhere')
      await page.locator('button[value=save].main').click()
      await page.locator('#networks-fault').waitFor()
      expect(await page.locator('#networks-fault').isVisible()).toBe(true)
      await isUsable(page)
    })

    test(`every page of webhooks can be used by everybody: ${locale}`, async () => {
      const me = await ownPages(docket)
      const hook = await webhookOf(me)
      const page = await opened(me, { locale })
      for (const path of ['/webhooks', '/webhooks/new', '/webhooks/verify', hook, `${hook}/rotate`, `${hook}/remove`])
        await isUsable(page, path)
      expect(await page.locator('.button.bad').count()).toBe(1)
    })
  }

  async function isUsable(page: Page, path?: string): Promise<void> {
    if (path !== undefined) await page.goto(path)
    await page.evaluate("for (const folded of document.querySelectorAll('main details')) folded.open = true")
    await isForEverybody(page)
  }
})
