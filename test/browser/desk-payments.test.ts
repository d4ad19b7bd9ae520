import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { manual } from '../../server/payments/gateways/manual.ts'
import { redrawn } from '../../server/payments/pictures.ts'
import type { OpenPayments } from '../../server/payments/open.ts'
import { findPayment, type PaymentRow } from '../../server/payments/payments.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { mercadopagoCase } from '../payments/cases/mercadopago.ts'
import type { GatewayCase } from '../payments/gateway-case.ts'
import { signedHookCase } from '../payments/cases/signed-hook.ts'
import { asAsked, beginPayment, bookNow, offer, openPaymentDocket, openPaymentsOf, sendHook, sendHooks } from '../payments/world.ts'
import { pngOf } from '../support/png.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, picture } from './browser.ts'

describeInBrowser('payments on the desk, in a browser', (browser) => {
  const docket = openPaymentDocket({ DOCKET_NAME: 'Example Panel' })
  const closing: (() => Promise<unknown>)[] = []
  let desk: DeskPages
  let account: { id: number; currency: string; email: string }
  const payments: Record<'paid' | 'short' | 'back' | 'proof', PaymentRow> = {} as never

  beforeAll(async () => {
    desk = await openDesk(docket)
    const context = await openPaymentsOf(docket)
    const [pix, hook] = [await mercadopagoCase.openFake(), await signedHookCase.openFake()]
    closing.push(
      () => context.close(),
      () => pix.close(),
      () => hook.close(),
    )
    const method = await offer(docket, mercadopagoCase, pix.settings, {
      feeBasisPoints: 150,
      bonuses: [{ currency: 'BRL', from: '100', basis_points: 500 }],
    })
    account = { id: (await docket.account({ balance: '0', currency: 'BRL' })).account, currency: 'BRL', email: 'ada@example.com' }
    const begin = (amount: string) => beginPayment(docket, context, method, amount, { account })
    for (const [name, amount] of [
      ['paid', '100'],
      ['short', '250.50'],
      ['back', '80'],
    ] as const)
      payments[name] = await begin(amount)
    pix.pay(payments.paid.reference, asAsked(payments.paid))
    pix.pay(payments.short.reference, { amount: '99.90', currency: 'BRL' })
    const receipt = pix.pay(payments.back.reference, asAsked(payments.back))
    for (const { reference } of Object.values(payments)) await sendHooks(docket, method, pix, reference)
    await docket.db.query(`select post_transfer($1, 'payout', 15000000, null, null, 'paid out', now())`, [payments.back.bookId])
    pix.chargeback!(receipt)
    await sendHooks(docket, method, pix, payments.back.reference)
    const bank = await offer(docket, signedHookCase, hook.settings)
    hook.pay('K7MP3XQ9RT4W', { amount: '12.50', currency: 'EUR' })
    for (const call of hook.hooks('K7MP3XQ9RT4W', { at: docket.clock.now() })) await sendHook(docket, bank, call)
    await aProof(context)
    await docket.db.query(`update payment_methods set fault = 'The token is refused: {"message":"invalid_token"}' where id = $1`, [bank.id])
  })
  afterAll(() => Promise.all(closing.map((close) => close())))

  /** A transfer whose customer has sent a picture as large as those of phones are. */
  async function aProof(context: OpenPayments) {
    const method = await offer(docket, { gateway: manual } as unknown as GatewayCase, { account: 'DE89370400440532013000' })
    payments.proof = await beginPayment(docket, context, method, '64.90', { account })
    const lines = Buffer.concat(
      Array.from({ length: 2400 }, (_, y) => Buffer.concat([Buffer.of(0), Buffer.alloc(1080, y % 240 < 8 ? 60 : 235)])),
    )
    const picture = await redrawn(pngOf(1080, 2400, lines))
    await docket.db.query(`update payments set state = 'seen' where id = $1`, [payments.proof.id])
    const proof = `insert into payment_proofs (payment_id, picture, media_type, at) values ($1, $2, 'image/jpeg', $3)`
    await docket.db.query(proof, [payments.proof.id, picture, docket.clock.now()])
  }

  async function visit(path: string, looks: Looks = {}): Promise<Page> {
    const page = await browser.visit('about:blank', {
      ...browserOf(undefined, docket.node.url!, looks),
      storageState: undefined!,
      mayComplainOf: /status of 422/,
    })
    await page.context().addCookies([{ name: 'docket-desk', value: desk.cookie.replace('docket-desk=', ''), url: docket.node.url! }])
    await page.goto(docket.node.url + path)
    return page
  }

  const pages = () => [
    '/desk/payments',
    '/desk/payments?state=failed',
    ...Object.values(payments).map(({ id }) => `/desk/payments/${id}`),
    '/desk/payments/without-payer',
    '/desk/payments/owing',
    '/desk/payments/methods',
    '/desk/payments/methods/new',
    '/desk/payments/methods/new?gateway=sepay',
    '/desk/payments/methods/2',
    '/desk/attention',
    `/desk/customers/${account.id}`,
  ]

  for (const locale of LOCALES) {
    test(`everybody can use the pages of payments: ${locale}`, async () => {
      const page = await visit('/desk', { locale })
      for (const path of pages()) {
        const answer = await page.goto(docket.node.url + path)
        expect([path, answer!.status()]).toEqual([path, 200])
        for (const summary of await page.locator('main details.fold > summary').all()) await summary.click()
        await isForEverybody(page)
        await picture(page, `payments-${locale}-${path}`)
      }
    })
  }

  test('is drawn in dark and on a phone', async () => {
    for (const looks of [{ dark: true }, { narrow: true }] as const) {
      const page = await visit('/desk', looks)
      for (const path of pages()) {
        await page.goto(docket.node.url + path)
        expect(await page.locator('h1').first().isVisible()).toBe(true)
        await picture(page, `payments-${Object.keys(looks).join('-')}-${path}`)
      }
    }
  })

  test('a way to pay is added, tested and switched on by three buttons', async () => {
    const page = await visit('/desk/payments/methods')
    await page.locator('.desk-actions a').click()
    await page.getByRole('link', { name: 'Transfer approved by staff' }).click()
    await page.getByLabel('Name that customers read').fill('Bank transfer')
    await page.getByLabel('Account number').fill('DE89370400440532013000')
    await page.locator('main form button[type=submit]').click()
    await page.locator('.preview button.main').click()
    const card = page.locator('.desk-methods > li').filter({ hasText: 'Bank transfer' }).last()
    await card.getByRole('button', { name: 'Test the connection' }).click()
    await card.getByText('Tested:').waitFor()
    await card.getByRole('button', { name: 'Switch it on' }).click()
    await card.getByRole('button', { name: 'Switch it off' }).waitFor()
    expect(await card.locator('.badge').innerText()).toBe('On')
  })

  test('money that needs a decision is credited from the queue, by keys alone', async () => {
    const page = await visit('/desk/attention?kind=receipt')
    await page.locator('.troubles [data-row]').first().waitFor()
    const row = page.locator('[data-row]').filter({ hasText: '99.9' })
    await row.locator('a').first().focus()
    await page.keyboard.press('c')
    const panel = page.locator('dialog.act-panel')
    await panel.locator('#reason').fill('They say so')
    await panel.locator('button.main').click()
    await panel.locator('.preview button.main').click()
    await row.waitFor({ state: 'detached' })
    expect(await findPayment(docket.db, payments.short.id)).toMatchObject({ state: 'paid' })
    expect((await bookNow(docket, payments.short.bookId)).owed).toBe(0n)
  })
})
