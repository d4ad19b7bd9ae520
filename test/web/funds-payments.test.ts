import { describe, expect, onTestFinished, test } from 'vitest'
import { paymentDecline } from '../../server/acts/payment-decline.ts'
import { addRate } from '../../server/payments/rates.ts'
import { houseOf, run } from '../support/acts.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { stripeCase } from '../payments/cases/stripe.ts'
import { signedHookCase } from '../payments/cases/signed-hook.ts'
import { offer, openPaymentDocket, sendHook, sendHooks } from '../payments/world.ts'

const docket = openPaymentDocket({ DOCKET_NAME: 'Example Panel', DOCKET_FUNDS_NOTE: 'Write to <pay@panel.example>' })

/** Text as people read it. */
function wordsOf(html: string): string {
  const plain = html.replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '').replaceAll(/<[^>]+>/g, ' ')
  return plain
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([,.)])/g, '$1')
}

async function transfers(terms: Parameters<typeof offer>[3] = {}) {
  const fake = await signedHookCase.openFake()
  onTestFinished(() => fake.close())
  const method = await offer(docket, signedHookCase, fake.settings, terms)
  onTestFinished(async () => void (await docket.db.query('update payment_methods set is_on = false where id = $1', [method.id])))
  return { fake, method }
}

async function invoices() {
  const fake = await stripeCase.openFake()
  onTestFinished(() => fake.close())
  const method = await offer(docket, stripeCase, fake.settings)
  onTestFinished(async () => void (await docket.db.query('update payment_methods set is_on = false where id = $1', [method.id])))
  return { fake, method }
}

/** Sends the form of the page as a browser without script does: first to see the figures, then to agree to them. */
async function begin(me: OwnPages, method: { id: number }, amount: string, coupon = '') {
  const { html } = await me.get('/funds')
  const typed = { form: me.hidden(html, 'form'), amount, method: String(method.id), coupon }
  const confirm = await me.post('/funds/add', { ...typed, figures: '' })
  const agreed = { ...typed, figures: me.hidden(confirm.html, 'figures') }
  return { confirm, agreed, send: () => me.post('/funds/add', agreed) }
}

async function referenceOf(location: string | null) {
  const id = /\/funds\/payments\/(\d+)/.exec(location ?? '')![1]!
  const { rows } = await docket.db.query<{ reference: string; asked: string; currency: string }>(
    'select reference, trim_scale(asked)::text as asked, currency from payments where id = $1',
    [id],
  )
  return { id, ...rows[0]! }
}

async function countOfPayments(account: number): Promise<number> {
  return (await docket.db.query('select from payments where account_id = $1', [account])).rowCount!
}

describe('adding funds', () => {
  test('without a way to pay that is on, the page says how to pay as the operator has written it', async () => {
    const me = await ownPages(docket, { balance: '0' })
    const { html } = await me.get('/funds')
    expect(html).not.toContain('Add funds')
    expect(html).toContain('Write to &lt;pay@panel.example>')
    expect((await me.post('/funds/add', { amount: '10' })).location).toBe('/funds')
  })

  test('each way says what it costs and what arrives, with its fee, its bonus, the rate, its source and its age', async () => {
    const { method } = await transfers({
      currency: 'EUR',
      feeBasisPoints: 300,
      bonuses: [{ currency: 'USD', from: '100', basis_points: 525 }],
    })
    const now = docket.clock.now()
    await addRate(docket.db, { base: 'USD', currency: 'EUR', rate: '0.9', source: 'our own', at: now }, now)
    docket.clock.forward({ minutes: 30 })
    const me = await ownPages(docket)
    const { confirm } = await begin(me, method, '100')
    const told = wordsOf(confirm.html)
    expect(told).toMatch(/You pay €92\.70 \(includes a fee of €2\.70\)/)
    expect(told).toMatch(/Added to your balance \$105\.25 \(includes a bonus of \$5\.25\)/)
    expect(told).toMatch(/\$1 = €0\.90* · Source: Example Panel, 30 minutes old/)
    const shown = wordsOf((await me.get('/funds?amount=100')).html)
    expect(shown).toContain('You pay €92.70, $105.25 arrive, of it $5.25 bonus.')
    expect(shown).toContain('5.25% bonus from $100.00')
  })

  test('a rate that is too old stops the way to pay, and says so', async () => {
    const { method } = await transfers({ currency: 'GBP' })
    const me = await ownPages(docket)
    const { html } = await me.get('/funds')
    expect(wordsOf(html)).toContain('No current exchange rate for GBP.')
    const { confirm } = await begin(me, method, '100')
    expect(confirm.status).toBe(422)
    expect(await countOfPayments(me.account)).toBe(0)
  })

  test('a form that is sent twice starts one payment', async () => {
    const { method } = await transfers()
    const me = await ownPages(docket)
    const { send } = await begin(me, method, '50')
    const answers = await Promise.all([send(), send(), send()])
    expect(new Set(answers.map(({ status, location }) => `${status} ${location}`)).size).toBe(1)
    expect(answers[0].location).toMatch(/^\/funds\/payments\/\d+$/)
    expect(await countOfPayments(me.account)).toBe(1)
  })

  test('figures that have changed since they were agreed to are shown again, and nothing is started', async () => {
    const { method } = await transfers({ feeBasisPoints: 100 })
    const me = await ownPages(docket)
    const { send } = await begin(me, method, '50')
    await docket.db.query('update payment_methods set fee_basis_points = 200 where id = $1', [method.id])
    const again = await send()
    expect(wordsOf(again.html)).toContain('The figures have changed')
    expect(wordsOf(again.html)).toContain('$51.00')
    expect(await countOfPayments(me.account)).toBe(0)
  })

  test('while the gateway is away the form keeps its input and says so; sent again, it starts that payment', async () => {
    const { fake, method } = await invoices()
    const me = await ownPages(docket)
    const { agreed, send } = await begin(me, method, '77')
    fake.isAway = true
    const failed = await send()
    expect(failed.status).toBe(422)
    expect(wordsOf(failed.html)).toContain('is not responding. Nothing was paid.')
    expect(failed.html).toMatch(/name="amount" value="77"|value="77"[^>]*name="amount"/)
    expect(me.hidden(failed.html, 'form')).toBe(agreed.form)
    fake.isAway = false
    const { location } = await me.post('/funds/add', agreed)
    expect(location).toMatch(/^\/funds\/payments\/\d+\?begin=1$/)
    expect(await countOfPayments(me.account)).toBe(1)
    expect((await me.get(location!)).html).toMatch(/class="button main" href="http[^"]+" rel="noreferrer" data-go/)
  })

  test('a payment whose gateway was away is begun again from its own page', async () => {
    const { fake, method } = await invoices()
    const me = await ownPages(docket)
    const { send } = await begin(me, method, '78')
    fake.isAway = true
    await send()
    const { rows } = await docket.db.query<{ id: bigint }>('select id from payments where account_id = $1', [me.account])
    const page = `/funds/payments/${rows[0]!.id}`
    expect(wordsOf((await me.get(page)).html)).toContain('The payment could not be started yet')
    expect((await me.post(`${page}/again`, {})).status).toBe(422)
    fake.isAway = false
    expect((await me.post(`${page}/again`, {})).location).toBe(page)
    expect(wordsOf((await me.get(page)).html)).toContain('Continue to')
  })

  test.each([
    ['', 'Required'],
    ['0', 'Enter an amount like'],
    ['1,000', 'Enter an amount like'],
    ['-5', 'Enter an amount like'],
    ['1e3', 'Enter an amount like'],
    ['99999999999', 'Enter an amount like'],
  ])('the amount "%s" is refused in words, and the rest of the form stays', async (amount) => {
    const { method } = await transfers()
    const me = await ownPages(docket)
    const { confirm } = await begin(me, method, amount)
    expect(confirm.status).toBe(422)
    expect(confirm.html).toContain('id="amount-fault"')
    expect(confirm.html).toMatch(new RegExp(`id="way-${method.id}"[^>]*checked`))
  })

  test('a coupon that cannot be used is told at its field; one that can is in the figures', async () => {
    const { method } = await transfers()
    const me = await ownPages(docket)
    const wrong = await begin(me, method, '100', 'NOPE')
    expect(wrong.confirm.status).toBe(422)
    expect(wordsOf(wrong.confirm.html)).toContain('This coupon can’t be used.')
    await docket.db.query(`insert into coupons (code, basis_points, created_at) values ('HELLO10', 1000, now())`)
    const { confirm } = await begin(me, method, '100', 'hello10')
    expect(wordsOf(confirm.html)).toContain('$110.00 (includes a bonus of $10.00)')
  })

  test('limits of a way to pay are told in its own currency', async () => {
    const { method } = await transfers()
    await docket.db.query('update payment_methods set least = 20, most = 500 where id = $1', [method.id])
    const me = await ownPages(docket)
    expect(wordsOf((await begin(me, method, '5')).confirm.html)).toContain('At least $20.00 can be paid this way.')
    expect(wordsOf((await begin(me, method, '501')).confirm.html)).toContain('At most $500.00 can be paid this way.')
  })

  test('a picked amount draws the form again with its figures, and keeps the rest', async () => {
    const { method } = await transfers()
    const me = await ownPages(docket)
    const { html } = await me.get('/funds')
    const typed = { form: me.hidden(html, 'form'), amount: '3', method: String(method.id), coupon: '', pick: '250' }
    const drawn = await me.post('/funds/add', typed)
    expect(drawn.status).toBe(200)
    expect(wordsOf(drawn.html)).toContain('You pay $250.00')
    expect(await countOfPayments(me.account)).toBe(0)
  })

  test('the page’s script gets the same figures as the page shows', async () => {
    const { method } = await transfers({ feeBasisPoints: 300, bonuses: [{ currency: 'USD', from: '100', basis_points: 500 }] })
    const me = await ownPages(docket)
    const { html } = await me.post('/funds/quote', { amount: '105', method: String(method.id), coupon: 'NOPE' })
    const answer = JSON.parse(html)
    expect(wordsOf(answer.ways[method.id].cost)).toContain('You pay $108.15, $110.25 arrive, of it $5.25 bonus.')
    expect(answer.ways[method.id].pay).toBe('Pay $108.15')
    expect(answer.faults.coupon).toContain('can’t be used')
  })
})

describe('a payment', () => {
  async function transferOf(amount = '50') {
    const { fake, method } = await transfers()
    const me = await ownPages(docket)
    const { send } = await begin(me, method, amount)
    const { location } = await send()
    return { fake, method, me, page: location!, ...(await referenceOf(location)) }
  }

  test('shows the lines of its transfer, and until when it is open', async () => {
    const { me, page, reference } = await transferOf()
    const { html } = await me.get(page)
    expect(html).toContain(`data-copy="${reference}"`)
    expect(html).toContain('data-copy="50.00"')
    expect(html).toContain('data-copy="DE89370400440532013000"')
    expect(wordsOf(html)).toContain('Pay by')
    expect(html).toContain(`data-payment="${page}/state"`)
  })

  test('that is paid says so, with the balance and a receipt that prints, linked from its line on the statement', async () => {
    const { me, page, fake, method, reference, asked, currency } = await transferOf()
    const before = JSON.parse((await me.get(`${page}/state`)).html)
    fake.pay(reference, { amount: asked, currency })
    await sendHooks(docket, method, fake, reference)
    const after = JSON.parse((await me.get(`${page}/state`)).html)
    expect(after.version).not.toBe(before.version)
    expect(after.waits).toBe(false)
    const { html } = await me.get(page)
    expect(wordsOf(html)).toContain('Your payment has arrived. Your balance is now $150.00.')
    expect(wordsOf(html)).toContain('$50.00 added to your balance. Receipt')
    const [link] = /\/funds\/receipts\/\d{4}-\d+/.exec(html)!
    const receipt = wordsOf((await me.get(link)).html)
    expect(receipt).toContain(`Buyer ${await emailOf(me)}`)
    expect(receipt).toContain('Seller Example Panel')
    expect(receipt).toContain('Added to the balance $50.00')
    expect((await me.get('/funds')).html).toContain(`href="${link}"`)
    expect(wordsOf((await me.get('/funds/payments')).html)).toContain(`${reference} Paid`)
  })

  test('of another amount than was asked credits what came, and says so', async () => {
    const { me, page, fake, method, reference, currency } = await transferOf()
    fake.pay(reference, { amount: '20.00', currency })
    await sendHooks(docket, method, fake, reference)
    const told = wordsOf((await me.get(page)).html)
    expect(told).toContain('$20.00 added to your balance.')
    expect(told).toContain('You were asked for $50.00; what arrived was added.')
  })

  test('that failed, expired or is checked by a person is explained with the way out', async () => {
    const { me, page, id } = await transferOf()
    for (const [state, words] of [
      ['failed', 'This payment failed. Nothing was added to your balance.'],
      ['expired', 'The time for this payment is over'],
      ['review', 'Your payment needs a look by our team.'],
    ] as const) {
      await docket.db.query('update payments set state = $2 where id = $1', [id, state])
      const { html } = await me.get(page)
      expect(wordsOf(html)).toContain(words)
      expect(html).toContain('Write to &lt;pay@panel.example>')
      expect(html.includes('Start a new payment')).toBe(state !== 'review')
    }
  })

  test('that staff declined tells why, in their words; what a gateway said stays with staff', async () => {
    const { me, page, id } = await transferOf()
    await run(houseOf(docket.db, docket.clock.now), paymentDecline, { payment: Number(id), reason: 'The name <was> another' })
    const { html } = await me.get(page)
    expect(wordsOf(html)).toContain('This payment failed. Nothing was added to your balance.')
    expect(wordsOf(html)).toContain('We declined it, and say why: The name &lt;was> another')
    const other = await transferOf()
    await docket.db.query(`update payments set state = 'failed', why = 'insufficient_funds at acct_1' where id = $1`, [other.id])
    expect((await other.me.get(other.page)).html).not.toMatch(/We declined|insufficient_funds/)
  })

  test('of somebody else is not there, nor its state, its receipt or its second start', async () => {
    const { me, page, fake, method, reference, asked, currency } = await transferOf()
    fake.pay(reference, { amount: asked, currency })
    await sendHooks(docket, method, fake, reference)
    const [receipt] = /\/funds\/receipts\/\d{4}-\d+/.exec((await me.get(page)).html)!
    const other = await ownPages(docket)
    for (const path of [
      page,
      `${page}/state`,
      receipt,
      '/funds/payments/0',
      '/funds/payments/x',
      '/funds/receipts/2026-0',
      '/funds/receipts/x',
    ])
      expect([path, (await other.get(path)).status]).toEqual([path, 404])
    expect((await other.post(`${page}/again`, {})).status).toBe(404)
    expect((await me.get(receipt)).status).toBe(200)
  })

  test('that was taken back shows its credit note, and what is owed is told on the funds page and the overview', async () => {
    const { fake, method } = await invoices()
    const me = await ownPages(docket, { balance: '0' })
    const { send } = await begin(me, method, '100')
    const { location } = await send()
    const { id, reference } = await referenceOf(location)
    const receipt = fake.pay(reference)
    await sendHooks(docket, method, fake, reference)
    await docket.db.query(`select post_transfer(book_id, 'payout', 6000000, null, null, 'paid out', now()) from payments where id = $1`, [
      id,
    ])
    fake.refund!(receipt)
    for (const call of fake.hooks(reference, { at: docket.clock.now() })) await sendHook(docket, method, call)
    const { html } = await me.get(`/funds/payments/${id}`)
    expect(wordsOf(html)).toContain('$100.00 of this payment was taken back. Credit note')
    const note = /\/funds\/receipts\/\d{4}-\d+(?=">Credit note)/.exec(html)![0]
    const printed = wordsOf((await me.get(note)).html)
    expect(printed).toContain(`Buyer ${await emailOf(me)}`)
    expect(printed).toContain('Taken from the balance $100.00')
    for (const path of ['/funds', '/']) {
      const told = wordsOf((await me.get(path)).html)
      expect(told).toContain('You owe $60.00. A payment of yours was taken back after it was spent, so no new orders are taken. Add funds')
    }
  })

  test('the words of the operator are text, never markup', async () => {
    const { method } = await transfers()
    const evil = `<img src=x onerror="alert(1)">`
    await docket.db.query('update payment_methods set name = $2 || id, words = $2 where id = $1', [method.id, evil])
    const me = await ownPages(docket)
    const { confirm, send } = await begin(me, method, '50')
    const { location } = await send()
    const quote = (await me.post('/funds/quote', { amount: '50', method: String(method.id) })).html
    const pages = [
      (await me.get('/funds')).html,
      confirm.html,
      (await me.get(location!)).html,
      (await me.get('/funds/payments')).html,
      quote,
    ]
    for (const html of pages) expect(html).not.toContain('<img')
    expect(pages[0]).toContain('&lt;img')
  })
})

describe('mails of deposits', () => {
  test('are turned off and on by the customer', async () => {
    const me = await ownPages(docket)
    expect(wordsOf((await me.get('/funds/payments')).html)).toContain('You get an email when a payment arrives.')
    await me.post('/funds/payments/mails', { mails: 'off' })
    expect(wordsOf((await me.get('/funds/payments')).html)).toContain('You get no email when a payment arrives.')
  })
})

async function emailOf(me: OwnPages): Promise<string> {
  return (await docket.db.query<{ email: string }>('select email from accounts where id = $1', [me.account])).rows[0]!.email
}
