import type { Page } from 'playwright-core'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { transaction } from '../../server/db/pool.ts'
import { approvePayment } from '../../server/payments/decide-manual.ts'
import { manual } from '../../server/payments/gateways/manual.ts'
import { findPayment } from '../../server/payments/payments.ts'
import { addRate } from '../../server/payments/rates.ts'
import type { GatewayCase } from '../payments/gateway-case.ts'
import { mercadopagoCase } from '../payments/cases/mercadopago.ts'
import { signedHookCase } from '../payments/cases/signed-hook.ts'
import { stripeCase } from '../payments/cases/stripe.ts'
import { type MethodTerms, offer, openPaymentDocket, sendHooks } from '../payments/world.ts'
import { onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, picture } from './browser.ts'

/** Staff approve these: nobody's other side is played. */
const manualCase = { gateway: manual } as unknown as GatewayCase<typeof manual.settings>
const HERE = { account: 'DE89370400440532013000', bank: 'Bank of Tests', holder: 'Docket Tests' }

describeInBrowser('adding funds in a browser', (browser) => {
  const docket = openPaymentDocket({ DOCKET_NAME: 'Example Panel', DOCKET_FUNDS_NOTE: 'Write to pay@panel.example' })
  let service: number
  beforeAll(async () => {
    service = await onSale(docket, { name: 'Followers', rate: '1', min: 10, max: 100_000 })
  })

  async function visit(me: OwnPages, path: string, looks: Looks = {}): Promise<Page> {
    // What the server refuses is told in the page; the browser counts it as an error all the same.
    const page = await browser.visit('about:blank', { ...browserOf(me, docket.node.url!, looks), mayComplainOf: /status of 422/ })
    await page.goto(docket.node.url + path)
    return page
  }

  async function way(played: GatewayCase, settings: object, terms: MethodTerms & { name?: string; words?: string } = {}) {
    const method = await offer(docket, played, settings as never, terms)
    const { name = played.gateway.title, words = null } = terms
    await docket.db.query('update payment_methods set name = $2, words = $3 where id = $1', [method.id, name, words])
    onTestFinished(
      async () => void (await docket.db.query('update payment_methods set is_on = false, name = name || id where id = $1', [method.id])),
    )
    return method
  }

  async function played(gatewayCase: GatewayCase, terms: Parameters<typeof way>[2] = {}) {
    const fake = await gatewayCase.openFake()
    onTestFinished(() => fake.close())
    return { fake, method: await way(gatewayCase, fake.settings, terms) }
  }

  const referenceOf = async (page: Page) => (await page.getByRole('heading', { level: 1 }).innerText()).replace('Payment ', '')
  const isPaid = (page: Page, balance: string) => page.getByText(`Your payment has arrived. Your balance is now ${balance}.`).waitFor()

  /** What the balance is for. */
  async function order(page: Page) {
    await page.goto(`${docket.node.url}/order?service=${service}`)
    await page.getByLabel('Link to the post').fill('https://example.com/p/1')
    await page.getByLabel('Quantity needed').fill('1000')
    await page.getByRole('button', { name: 'Place the order for $1.00' }).click()
    await page.waitForURL(/\/orders\/\d+/)
  }

  test('a way with a page of its own: the figures while typing, there and back, paid, and an order placed', async () => {
    const { fake, method } = await played(stripeCase, {
      feeBasisPoints: 300,
      bonuses: [{ currency: 'USD', from: '100', basis_points: 500 }],
      name: 'Card',
    })
    const me = await ownPages(docket, { balance: '0' })
    const page = await visit(me, '/funds')
    await page.getByText('You pay $51.50, $50.00 arrive.').waitFor()
    await page.getByLabel('Amount in USD').fill('5o')
    await page.getByText('Enter an amount like 50 or 49.99.').waitFor()
    await page.getByRole('button', { name: '$100' }).click()
    await page.getByText('You pay $103.00, $105.00 arrive, of it $5.00 bonus.').waitFor()
    await page.route('https://checkout.stripe.com/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>Their page</title>' }),
    )
    await page.getByRole('button', { name: 'Pay $103.00' }).click()
    await page.waitForURL('https://checkout.stripe.com/**')
    await page.goBack()
    await page.getByRole('link', { name: 'Continue to Card' }).waitFor()
    const reference = await referenceOf(page)
    fake.pay(reference)
    await sendHooks(docket, method, fake, reference)
    await isPaid(page, '$105.00')
    expect(await page.locator('.app-header .balance').innerText()).toContain('$105.00')
    await page.getByRole('link', { name: /^Receipt 2026-\d+$/ }).click()
    await page.getByRole('heading', { name: /^Receipt 2026-\d+$/ }).waitFor()
    await order(page)
  })

  test('a code to scan, in another currency: told live when the gateway is asked, and an order placed', async () => {
    const { fake } = await played(mercadopagoCase, { currency: 'BRL', name: 'Pix' })
    const now = docket.clock.now()
    await addRate(docket.db, { base: 'USD', currency: 'BRL', rate: '5.4321', source: 'operator', at: now }, now)
    const me = await ownPages(docket, { balance: '0' })
    const page = await visit(me, '/funds')
    await page.getByText('You pay R$271.61, $50.00 arrive.').waitFor()
    await page.getByText(/\$1 = R\$5\.4321/).waitFor()
    await page.getByRole('button', { name: 'Pay R$271.61' }).click()
    await page.getByRole('img', { name: 'QR code for this payment' }).waitFor()
    fake.pay(await referenceOf(page))
    docket.clock.forward({ minutes: 1 })
    await isPaid(page, '$50.00')
    await order(page)
    expect(await docket.balance(me.key)).toBe('49.00000')
  })

  test('a transfer, without script: copied by hand, looked at again, and paid', async () => {
    const { fake, method } = await played(signedHookCase, { name: 'Bank transfer' })
    const me = await ownPages(docket, { balance: '0' })
    const page = await visit(me, '/funds', { script: false })
    await page.getByLabel('Amount in USD').fill('25')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Confirm your payment' }).waitFor()
    await page.getByRole('button', { name: 'Pay $25.00' }).click()
    await page.getByText('DE89370400440532013000').waitFor()
    const reference = await referenceOf(page)
    expect(await page.locator('.transfer').innerText()).toContain(reference)
    fake.pay(reference, { amount: '25.00', currency: 'USD' })
    await sendHooks(docket, method, fake, reference)
    await page.getByRole('link', { name: 'Check again' }).click()
    await isPaid(page, '$25.00')
    expect(await page.locator('.app-header .balance').innerText()).toContain('$25.00')
  })

  test('a transfer that staff approve: its lines are copied, and the page tells when it is approved', async () => {
    await way(manualCase, HERE, { name: 'By hand', words: 'We look every hour.' })
    const me = await ownPages(docket, { balance: '0' })
    const page = await visit(me, '/funds')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByText('We look every hour.').waitFor()
    await page.getByRole('button', { name: 'Pay $50.00' }).click()
    await page.getByRole('button', { name: 'Copy: Reference' }).click()
    await page.getByText('Copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await referenceOf(page))
    const id = BigInt(/\d+$/.exec(new URL(page.url()).pathname)![0])
    const decider = { who: 'staff 1', reason: 'seen in the account', seller: { name: 'Example Panel', address: null, taxId: null } }
    await transaction(docket.db, async (tx) => {
      await approvePayment(tx, (await findPayment(tx, id))!, null, decider, docket.clock.now())
    })
    await isPaid(page, '$50.00')
    await order(page)
  })

  test('a gateway that is away leaves the form as it was filled in, and the next try starts the payment', async () => {
    const { fake } = await played(stripeCase, { name: 'Card' })
    const me = await ownPages(docket)
    const page = await visit(me, '/funds')
    await page.getByLabel('Amount in USD').fill('33')
    fake.isAway = true
    await page.getByRole('button', { name: 'Pay $33.00' }).click()
    await page.getByText('Card is not responding. Nothing was paid.').waitFor()
    expect(await page.getByLabel('Amount in USD').inputValue()).toBe('33')
    fake.isAway = false
    await page.route('https://checkout.stripe.com/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>Their page</title>' }),
    )
    await page.getByRole('button', { name: 'Pay $33.00' }).click()
    await page.waitForURL('https://checkout.stripe.com/**')
    expect(fake.started()).toBe(1)
  })

  test('everybody can use every page: in light and in dark, from the right, on a phone', async () => {
    const card = await played(stripeCase, {
      feeBasisPoints: 300,
      bonuses: [{ currency: 'USD', from: '50', basis_points: 500 }],
      name: 'Card',
    })
    const now = docket.clock.now()
    await addRate(docket.db, { base: 'USD', currency: 'BRL', rate: '5.4321', source: 'operator', at: now }, now)
    const pix = await played(mercadopagoCase, { currency: 'BRL', name: 'Pix', words: 'From any Brazilian bank, at any time.' })
    const bank = await played(signedHookCase, { currency: 'GBP', name: 'Bank transfer' })
    const me = await ownPages(docket, { balance: '0' })
    const { html } = await me.get('/funds')
    const begin = async (method: number, amount: string) => {
      const typed = { form: me.hidden(html, 'form'), amount, method: String(method), coupon: '' }
      const figures = me.hidden((await me.post('/funds/add', typed)).html, 'figures')
      return (await me.post('/funds/add', { ...typed, figures })).location!.replace('?begin=1', '')
    }
    const paid = await begin(card.method.id, '50')
    const scanned = await begin(pix.method.id, '60')
    const { rows } = await docket.db.query<{ reference: string }>('select reference from payments where account_id = $1 order by id', [
      me.account,
    ])
    const receipt = card.fake.pay(rows[0]!.reference)
    await sendHooks(docket, card.method, card.fake, rows[0]!.reference)
    await docket.db.query(
      `select post_transfer(book_id, 'payout', 3000000, null, null, 'paid out', now()) from payments where reference = $1`,
      [rows[0]!.reference],
    )
    card.fake.refund!(receipt, '20.00')
    await sendHooks(docket, card.method, card.fake, rows[0]!.reference)
    const documents = [...(await me.get(paid)).html.matchAll(/\/funds\/receipts\/\d+-\d+/g)].map(([path]) => path)
    expect(bank.method.id).toBeGreaterThan(0)
    const paths = ['/funds', scanned, paid, '/funds/payments', documents[0]!, documents.at(-1)!]
    for (const locale of LOCALES) {
      const page = await visit(me, '/funds', { locale })
      for (const path of paths) {
        await page.goto(docket.node.url + path)
        if (path === '/funds') await page.locator('.pay-cost > p').first().waitFor()
        await isForEverybody(page)
        await lookAt(page, `${locale}${path.replaceAll('/', '-')}`)
      }
    }
    const plain = await visit(me, '/funds', { script: false })
    await plain.getByRole('button', { name: 'Continue' }).click()
    await plain.getByRole('heading', { name: 'Confirm your payment' }).waitFor()
    await picture(plain, 'confirm')
  })

  /** Pictures for people, in light, in dark and on a phone. */
  async function lookAt(page: Page, name: string) {
    if (process.env['SCREENSHOTS'] === undefined) return
    const size = page.viewportSize()!
    await picture(page, `${name}-light`)
    await page.emulateMedia({ colorScheme: 'dark' })
    await picture(page, `${name}-dark`)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 360, height: 740 })
    await picture(page, `${name}-phone`)
    await page.setViewportSize(size)
  }
})
