import pino from 'pino'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { fund } from '../../server/acts/fund.ts'
import { paymentDecline } from '../../server/acts/payment-decline.ts'
import { setMailsDeposits } from '../../server/customers/deposit-mails.ts'
import { openOutgoing } from '../../server/outgoing/fetch.ts'
import { expirePayments } from '../../server/payments/look.ts'
import type { PaymentRow } from '../../server/payments/payments.ts'
import { openWebhookWorker, type WebhookWorker } from '../../server/webhooks/worker.ts'
import { addWebhook, setBalanceLow } from '../../server/webhooks/registry.ts'
import { signedHookCase } from '../payments/cases/signed-hook.ts'
import { stripeCase } from '../payments/cases/stripe.ts'
import { asAsked, beginPayment, offer, openPaymentDocket, paymentsOf, sendHooks } from '../payments/world.ts'
import { houseOf, run } from '../support/acts.ts'
import { accountContext, mailsTo, testSecret } from '../support/people.ts'
import { openReceiver, type Receiver } from './receiver.ts'

const docket = openPaymentDocket()
const secret = await testSecret()
const log = pino({ level: 'silent' })
const inside = openOutgoing({ allowPrivate: true, timeLimitMs: 2000 })

let receiver: Receiver
let worker: WebhookWorker

beforeEach(async () => {
  await docket.db.query('delete from webhooks')
  receiver = await openReceiver()
  worker = openWorker()
})

function openWorker(): WebhookWorker {
  const site = { name: 'Docket', url: 'https://docket.example' }
  const opened = openWebhookWorker({ db: docket.db, now: docket.clock.now, log, secret, outgoing: inside, site })
  onTestFinished(async () => {
    await opened.stop()
    await receiver.close()
  })
  return opened
}

async function deliver() {
  await worker.turn()
  await worker.idle()
}

async function customer({ balance = '0', currency = 'USD', events = ['deposit.*'] } = {}) {
  const { account, key } = await docket.account({ balance, currency })
  const webhook = { accountId: account, url: receiver.url, events, test: false }
  await addWebhook(docket.db, { secret, outgoing: inside }, webhook, docket.clock.now())
  const { rows } = await docket.db.query<{ email: string }>('select email from accounts where id = $1', [account])
  return { account, key, email: rows[0]!.email, currency }
}

async function paying(played: typeof stripeCase | typeof signedHookCase, amount = '100', terms: Parameters<typeof offer>[3] = {}) {
  const fake = await played.openFake()
  onTestFinished(() => fake.close())
  const payments = await paymentsOf(docket)
  const method = await offer(docket, played as typeof stripeCase, fake.settings as never, terms)
  const me = await customer()
  const account = { id: me.account, currency: me.currency, email: me.email }
  const payment = await beginPayment(docket, payments, method, amount, { account })
  return { fake, payments, method, me, payment }
}

const told = () => receiver.received.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> })
const mailed = async (email: string) => mailsTo(await accountContext(docket), email)
const dataOf = (payment: PaymentRow) => ({ deposit: Number(payment.id), reference: payment.reference, currency: 'USD' })

describe('webhooks and mails of deposits', () => {
  test('what arrived is told once, with the number of its receipt, by webhook and by mail', async () => {
    const { fake, method, me, payment } = await paying(signedHookCase, '100', {
      bonuses: [{ currency: 'USD', from: '50', basis_points: 500 }],
    })
    fake.pay(payment.reference, asAsked(payment))
    await sendHooks(docket, method, fake, payment.reference)
    await sendHooks(docket, method, fake, payment.reference)
    await Promise.all([worker.turn(), openWorker().turn()])
    await deliver()
    await deliver()
    expect(told()).toMatchObject([
      {
        type: 'deposit.credited',
        data: { ...dataOf(payment), amount: '100.00000', bonus: '5.00000', document: expect.stringMatching(/^2026-\d+$/) },
      },
    ])
    const mails = await mailed(me.email)
    expect(mails.map(({ subject }) => subject)).toEqual(['$105.00 added to your balance at Docket'])
    expect(mails[0]!.text).toContain(`Your payment ${payment.reference} has arrived: $105.00 was added`)
    expect(mails[0]!.text).toContain(`https://docket.example/funds/receipts/${String(told()[0]!.data['document'])}\n`)
  })

  test('a rollback leaves news to be told', async () => {
    const { fake, method, payment } = await paying(signedHookCase)
    fake.pay(payment.reference, asAsked(payment))
    await sendHooks(docket, method, fake, payment.reference)
    await docket.db.query(`alter table webhook_messages add constraint none_for_now check (type <> 'deposit.credited') not valid`)
    await expect(worker.turn()).rejects.toThrow('none_for_now')
    await docket.db.query('alter table webhook_messages drop constraint none_for_now')
    await deliver()
    expect(told().map(({ type }) => type)).toEqual(['deposit.credited'])
  })

  test('money that was taken back is told with its credit note', async () => {
    const { fake, method, me, payment } = await paying(stripeCase)
    const receipt = fake.pay(payment.reference)
    await sendHooks(docket, method, fake, payment.reference)
    fake.refund!(receipt, '30.00')
    await sendHooks(docket, method, fake, payment.reference)
    await deliver()
    const [credited, reversed] = told()
    expect([credited!.type, reversed!.type]).toEqual(['deposit.credited', 'deposit.reversed'])
    expect(reversed!.data).toEqual({
      ...dataOf(payment),
      amount: '30.00000',
      bonus: '0.00000',
      document: expect.stringMatching(/^2026-\d+$/),
    })
    expect(reversed!.data['document']).not.toBe(credited!.data['document'])
    const [newest] = await mailed(me.email)
    expect(newest!.subject).toBe('A payment was taken back at Docket')
    expect(newest!.text).toContain('$30.00 of your payment')
  })

  test('a payment whose time is over, and one that needs a person, are told without a mail', async () => {
    const over = await paying(signedHookCase)
    const other = await paying(stripeCase)
    other.fake.pay(other.payment.reference, { amount: '99.00' })
    await sendHooks(docket, other.method, other.fake, other.payment.reference)
    docket.clock.forward({ days: 8 })
    await expirePayments(over.payments)
    await expirePayments(over.payments)
    await deliver()
    // Two endpoints: either may be called first.
    expect(told().toSorted((one, other) => (one.type < other.type ? 1 : -1))).toMatchObject([
      { type: 'deposit.review', data: { ...dataOf(other.payment), amount: '100.00000', document: null } },
      { type: 'deposit.expired', data: { ...dataOf(over.payment), amount: '100.00000', document: null } },
    ])
    expect([...(await mailed(over.me.email)), ...(await mailed(other.me.email))]).toEqual([])
  })

  test('without the mails, which the customer turned off, webhooks are told all the same', async () => {
    const { fake, method, me, payment } = await paying(signedHookCase)
    await setMailsDeposits(docket.db, me.account, false)
    fake.pay(payment.reference, asAsked(payment))
    await sendHooks(docket, method, fake, payment.reference)
    await deliver()
    expect(told().map(({ type }) => type)).toEqual(['deposit.credited'])
    expect(await mailed(me.email)).toEqual([])
  })

  test('what staff book by hand is told by webhook once, with the number of its receipt, and without a mail', async () => {
    const me = await customer({ balance: '5' })
    const book = (movement: object) => run(houseOf(docket.db, docket.clock.now), fund, { account: me.account, note: 'wire', ...movement })
    await book({ amount: '100', reference: 'wire "17"' })
    await book({ amount: '100', reference: 'wire "17"' })
    await book({ amount: '20' })
    await book({ amount: '-1' })
    await deliver()
    await deliver()
    const common = { deposit: null, bonus: '0.00000', currency: 'USD', document: expect.stringMatching(/^2026-\d+$/) }
    expect(told().map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'deposit.credited', data: { ...common, reference: 'wire "17"', amount: '100.00000' } },
      { type: 'deposit.credited', data: { ...common, reference: null, amount: '20.00000' } },
    ])
    expect(await mailed(me.email)).toEqual([])
  })

  test('a payment that staff decline is told as one that failed', async () => {
    const { me, payment } = await paying(signedHookCase)
    await run(houseOf(docket.db, docket.clock.now), paymentDecline, { payment: Number(payment.id), reason: 'Nothing came' })
    await deliver()
    expect(told()).toMatchObject([{ type: 'deposit.failed', data: { ...dataOf(payment), amount: '100.00000', document: null } }])
    expect(await mailed(me.email)).toEqual([])
  })

  test('a webhook that asks for other events is not told', async () => {
    const { fake, method, me, payment } = await paying(signedHookCase)
    await docket.db.query(`update webhooks set events = '{order.*,deposit.expired}' where account_id = $1`, [me.account])
    fake.pay(payment.reference, asAsked(payment))
    await sendHooks(docket, method, fake, payment.reference)
    await deliver()
    expect(told()).toEqual([])
    expect(await mailed(me.email)).toHaveLength(1)
  })
})

test('a balance below the alert is mailed once, with or without a webhook, and again only after it was higher', async () => {
  const { account, email } = await customer({ balance: '10', events: ['balance.low'] })
  await setBalanceLow(docket.db, account, false, 2_000_000n)
  await deliver()
  await deliver()
  expect(told().map(({ type }) => type)).toEqual(['balance.low'])
  const [mail, ...others] = await mailed(email)
  expect(others).toEqual([])
  expect(mail!.text).toContain('Your balance at Docket is $10.00, below your alert of $20.00.')

  const { account: alone } = await docket.account({ balance: '5' })
  const { rows } = await docket.db.query<{ email: string }>('select email from accounts where id = $1', [alone])
  await setBalanceLow(docket.db, alone, false, 1_000_000n)
  await deliver()
  expect(await mailed(rows[0]!.email)).toHaveLength(1)
})
