import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { bonusGive } from '../../server/acts/bonus-give.ts'
import { fund } from '../../server/acts/fund.ts'
import { paymentMethodSet } from '../../server/acts/payment-method-set.ts'
import { staffTokenAdd } from '../../server/acts/staff-token-add.ts'
import { askGivebacks } from '../../server/payments/give-back.ts'
import { findPayment, type PaymentRow } from '../../server/payments/payments.ts'
import { openSecret } from '../../server/secret.ts'
import { houseOf, run } from '../support/acts.ts'
import { type DeskPages, hiddenIn, openDesk } from '../support/desk.ts'
import { testConfig } from '../support/docket.ts'
import { mercadopagoCase } from '../payments/cases/mercadopago.ts'
import { signedHookCase } from '../payments/cases/signed-hook.ts'
import { asAsked, beginPayment, bookNow, depositsOf, offer, openPaymentDocket, paymentsOf, sendHook, sendHooks } from '../payments/world.ts'

const docket = openPaymentDocket({ DOCKET_STAFF_DAILY_SUM: '1000' })
let money: DeskPages
let owner: DeskPages

beforeAll(async () => {
  owner = await openDesk(docket)
  money = await openDesk(docket, { role: 'money' })
})

const textOf = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const house = () => houseOf(docket.db, docket.clock.now)
const newestMethod = async () =>
  (await docket.db.query<{ id: number; name: string; is_on: boolean; worked_at: Date | null; fault: string | null; settings: object }>(
    'select id, name, is_on, worked_at, fault, settings from payment_methods order by id desc limit 1')).rows[0]! // prettier-ignore

async function reais(balance = '0') {
  return { id: (await docket.account({ balance, currency: 'BRL' })).account, currency: 'BRL', email: 'ada@example.com' }
}

/** A payment by a rail that collects exactly, whose other side the test plays. */
async function pixPayment(amount = '100') {
  const fake = await mercadopagoCase.openFake()
  onTestFinished(() => fake.close())
  const payments = await paymentsOf(docket)
  await docket.db.query(
    'delete from payment_methods where gateway = $1 and not exists (select from payments where method_id = payment_methods.id)',
    ['mercadopago'],
  )
  await docket.db.query(`update payment_methods set name = name || ' ' || id where gateway = 'mercadopago'`)
  const method = await offer(docket, mercadopagoCase, fake.settings)
  const account = await reais()
  const payment = await beginPayment(docket, payments, method, amount, { account })
  return { fake, payments, method, account, payment }
}

async function paid(amount = '100') {
  const world = await pixPayment(amount)
  const receipt = world.fake.pay(world.payment.reference, asAsked(world.payment))
  await sendHooks(docket, world.method, world.fake, world.payment.reference)
  return { ...world, theirs: receipt, receipt: await receiptOf(world.payment) }
}

async function shortBy(paidAmount: string) {
  const world = await pixPayment('100')
  world.fake.pay(world.payment.reference, { amount: paidAmount, currency: 'BRL' })
  await sendHooks(docket, world.method, world.fake, world.payment.reference)
  return { ...world, receipt: await receiptOf(world.payment) }
}

async function receiptOf({ id }: PaymentRow): Promise<string> {
  const { rows } = await docket.db.query<{ id: bigint }>('select id from payment_receipts where payment_id = $1 order by id desc', [id])
  return String(rows[0]!.id)
}

const stateOf = async ({ id }: PaymentRow) => (await findPayment(docket.db, id))!.state

async function transferPayment(amount = '50') {
  const parts = { settings: { bank: 'Bank of Tests', account: 'DE89370400440532013000' } }
  const { rows } = await docket.db.query<{ id: number }>(
    `insert into payment_methods (gateway, name, is_on, settings, hook_token) values ('manual', 'By hand ' || random(), true, $1, 'token ' || random())
     returning id`,
    [JSON.stringify(parts.settings)],
  )
  return beginPayment(docket, await paymentsOf(docket), { id: rows[0]!.id, token: '' }, amount)
}

/** Confirms the preview of a form. */
function confirm(path: string, fields: Record<string, string>, preview: string, once = hiddenIn(preview, 'form:once')) {
  const saw = hiddenIn(preview, 'form:saw').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&')
  return owner.post(path, { ...fields, 'form:once': once, ...(saw !== '' && { 'form:saw': saw }) })
}

async function save(path: string, fields: Record<string, string>) {
  return confirm(path, fields, (await owner.post(path, fields)).html)
}

describe('a way to pay', () => {
  const SECRET = 'a very secret access token 1234567890'

  test('is set up by the fields of its gateway, and its secret is told nowhere', async () => {
    const form = (await owner.get('/desk/payments/methods/new?gateway=mercadopago')).html
    expect(form).toMatch(/<input[^>]*type="password"[^>]*name="secrets\.accessToken"/)
    const fields = { gateway: 'mercadopago', name: 'Pix & more', 'secrets.accessToken': SECRET }
    const wrong = await owner.post('/desk/payments/methods/new', fields)
    expect([wrong.status, wrong.html.includes('value="Pix &amp; more"'), wrong.html.includes(SECRET)]).toEqual([422, true, false])
    expect(textOf(wrong.html)).toContain('It is required.')
    const all = { ...fields, 'secrets.webhookSecret': `${SECRET}!` }
    const count = async () => (await docket.db.query('select from payment_methods')).rowCount
    const lastNumber = async () => (await docket.db.query(`select pg_sequence_last_value('payment_methods_id_seq') as last`)).rows
    const [before, number] = [await count(), await lastNumber()]
    const preview = await owner.post('/desk/payments/methods/new', all)
    expect([preview.status, textOf(preview.html).includes('Pix &amp; more'), await count()]).toEqual([200, true, before])
    expect(await lastNumber()).toEqual(number)
    const edited = await owner.post('/desk/payments/methods/new', { ...all, 'form:edit': '1' })
    expect(edited.html).toMatch(/<input[^>]*value="a very secret[^>]*type="password"|<input[^>]*type="password"[^>]*value="a very secret/)
    const done = await confirm('/desk/payments/methods/new', all, preview.html)
    const again = await confirm('/desk/payments/methods/new', all, preview.html)
    expect([await count(), again.status]).toEqual([before! + 1, 303])
    expect(done.location).toMatch(/^\/desk\/payments\/methods\?told=\d+$/)
    const method = await newestMethod()
    expect(method).toMatchObject({ is_on: false, worked_at: null, settings: { apiUrl: 'https://api.mercadopago.com' } })
    const line = done.location!.split('=')[1]
    const { token } = await run(house(), staffTokenAdd, { staff: owner.staffId })
    const headers = { authorization: `Bearer ${token}` }
    const pages = [`/desk/payments/methods`, `/desk/payments/methods/${method.id}`, `/desk/log/${line}`]
    for (const page of pages) expect([page, (await owner.get(page)).html.includes(SECRET)]).toEqual([page, false])
    for (const list of ['payment-methods', 'log']) {
      const answer = await (await fetch(`${docket.node.url}/operator/v1/${list}`, { headers })).text()
      expect([list, answer.includes(SECRET), answer.includes('Pix & more')]).toEqual([list, false, true])
    }
    const { rows } = await docket.db.query(
      `select 1 from staff_log where (input::text || after::text || result::text) like '%' || $1 || '%'`,
      [SECRET],
    )
    expect(rows).toEqual([])
    expect(
      (await docket.db.query('select sealed_secrets from payment_methods where id = $1', [method.id])).rows[0].sealed_secrets.toString(),
    ).not.toContain(SECRET)
  })

  test('keeps its secrets when other fields change, and takes no secret among the open settings', async () => {
    const { id } = await newestMethod()
    const before = (await docket.db.query<{ sealed: Buffer }>('select sealed_secrets as sealed from payment_methods where id = $1', [id]))
      .rows[0]!
    const change = {
      name: 'Pix',
      words: 'Pay at once',
      least: '5',
      most: '500',
      fee_percent: '1.5',
      bonuses: '100 BRL 5',
      'settings.apiUrl': 'https://api.mercadopago.com',
    }
    const preview = await owner.post(`/desk/payments/methods/${id}`, change)
    expect(textOf(preview.html)).toContain('Name Pix &amp; more Pix ')
    expect((await newestMethod()).name).toBe('Pix & more')
    expect((await confirm(`/desk/payments/methods/${id}`, change, preview.html)).status).toBe(303)
    // Somebody else was quicker: what they did is shown, and nothing is changed before that was seen.
    await run(house(), paymentMethodSet, { method: id, words: 'Pay by phone' })
    const late = await confirm(`/desk/payments/methods/${id}`, change, preview.html, `${hiddenIn(preview.html, 'form:once')} late`)
    expect([late.status, textOf(late.html).includes('Pay by phone')]).toEqual([409, true])
    expect((await confirm(`/desk/payments/methods/${id}`, change, late.html)).status).toBe(303)
    const { rows } = await docket.db.query(
      'select name, words, least::text, fee_basis_points, bonuses from payment_methods where id = $1',
      [id],
    )
    expect(rows[0]).toMatchObject({
      name: 'Pix',
      words: 'Pay at once',
      least: '5',
      fee_basis_points: 150,
      bonuses: [{ currency: 'BRL', from: '100', basis_points: 500 }],
    })
    const secret = await openSecret(testConfig(docket.databaseUrl, { DOCKET_SECRET: 'the secret of this test, long enough' }))
    expect(JSON.parse(secret.open(before.sealed))).toMatchObject({ accessToken: SECRET })
    const refused = await owner.post('/desk/do/payment-method-set', { method: String(id), settings: 'accessToken=abcdefghijklmnop' })
    expect([refused.status, textOf(refused.html).includes('give it among the secrets')]).toEqual([422, true])
    expect((await owner.post(`/desk/payments/methods/${id}`, { ...change, most: '1' })).status).toBe(422)
    expect((await owner.post(`/desk/payments/methods/${id}`, { ...change, bonuses: 'much' })).status).toBe(422)
  })

  test('is switched on only after a test that worked, and new settings of one that is on are tried first', async () => {
    const fake = await mercadopagoCase.openFake()
    onTestFinished(() => fake.close())
    const given = Object.entries(fake.settings as Record<string, string>)
    const secrets = given.filter(([name]) => name !== 'apiUrl').map(([name, value]) => [`secrets.${name}`, value])
    const fields = {
      gateway: 'mercadopago',
      name: 'Pix tested',
      'settings.apiUrl': String((fake.settings as { apiUrl?: string }).apiUrl),
      private_network: 'yes',
      ...Object.fromEntries(secrets),
    }
    expect((await save('/desk/payments/methods/new', fields)).status).toBe(303)
    const { id } = await newestMethod()
    const press = (act: string) => owner.post('/desk/payments/methods', { 'form:act': `payment-method ${act}`, method: String(id) })
    expect([(await press('on')).status, (await newestMethod()).is_on]).toEqual([409, false])
    fake.isAway = true
    await press('test')
    expect(await newestMethod()).toMatchObject({ worked_at: null, fault: expect.any(String) })
    expect((await press('on')).status).toBe(409)
    fake.isAway = false
    await press('test')
    expect([(await press('on')).status, (await newestMethod()).is_on]).toEqual([303, true])
    fake.isAway = true
    const change = {
      name: 'Pix tested',
      private_network: 'yes',
      'settings.apiUrl': fields['settings.apiUrl'],
      'secrets.accessToken': 'another token of the account',
    }
    expect(textOf((await owner.post(`/desk/payments/methods/${id}`, change)).html)).toContain('Nothing was changed. It is on')
    expect((await newestMethod()).is_on).toBe(true)
    expect([(await press('off')).status, (await newestMethod()).is_on]).toEqual([303, false])
  })

  test('is set up by whoever may, and its page shows the address of its hook to nobody else', async () => {
    const { html } = await money.get('/desk/payments/methods')
    expect([html.includes('/hooks/payments/'), html.includes('payment-method test')]).toEqual([false, false])
    expect((await owner.get('/desk/payments/methods')).html).toContain('/hooks/payments/')
    expect((await money.post('/desk/payments/methods', { 'form:act': 'payment-method off', method: '2' })).status).toBe(403)
  })
})

describe('money that needs a decision', () => {
  test('is credited with what it is worth, once, and leaves the queue by itself', async () => {
    const { payment, receipt, fake, method, account } = await shortBy('60.00')
    expect(await stateOf(payment)).toBe('review')
    const queue = (await money.get('/desk/attention?kind=receipt')).html
    expect(queue).toContain(`receipt=${receipt}&amp;decision=credit`)
    expect(textOf(queue)).toContain('100 BRL was asked for')
    const page = (await money.get(`/desk/payments/${payment.id}`)).html
    expect(page).toContain(`receipt=${receipt}&amp;decision=refuse`)
    const done = await money.do('payment-decide', { receipt, decision: 'credit', reason: 'They say so', 'form:back': '/desk/attention' })
    expect(textOf(done.preview)).toContain('60.00000')
    expect(await depositsOf(docket, payment.bookId)).toEqual([6_000_000n])
    expect(await stateOf(payment)).toBe('paid')
    expect((await money.get('/desk/attention?kind=receipt')).html).not.toContain(`receipt=${receipt}&amp;`)
    expect((await money.post('/desk/do/payment-decide', { receipt, decision: 'credit', reason: 'again' })).status).toBe(422)
    await sendHooks(docket, method, fake, payment.reference)
    expect([await depositsOf(docket, payment.bookId), await stateOf(payment)]).toEqual([[6_000_000n], 'paid'])
    const after = textOf((await owner.get(`/desk/payments/${payment.id}`)).html)
    expect(after).toContain('They say so')
    expect(after).toContain(`Decided by ${money.email}`)
    expect(textOf((await owner.get(`/desk/customers/${account.id}`)).html)).toContain(payment.reference)
  })

  test('is left uncredited with a reason, and what the gateway sends again changes nothing', async () => {
    const { payment, receipt, fake, method } = await shortBy('1.00')
    expect((await money.post('/desk/do/payment-decide', { receipt, decision: 'refuse' })).status).toBe(422)
    await money.do('payment-decide', { receipt, decision: 'refuse', reason: 'Paid back at the bank' })
    expect([await depositsOf(docket, payment.bookId), await stateOf(payment)]).toEqual([[], 'failed'])
    docket.clock.forward({ minutes: 1 })
    await sendHooks(docket, method, fake, payment.reference)
    expect([await depositsOf(docket, payment.bookId), await stateOf(payment)]).toEqual([[], 'failed'])
  })

  test('is matched with the deposit that staff booked for it, and only with one of the same account', async () => {
    const { payment, fake, method, account } = await pixPayment('40')
    await run(house(), fund, { account: account.id, amount: '40', note: 'seen at the bank' })
    await run(house(), fund, { account: (await reais()).id, amount: '40', note: 'another customer' })
    fake.pay(payment.reference, asAsked(payment))
    await sendHooks(docket, method, fake, payment.reference)
    const receipt = await receiptOf(payment)
    const { html } = await money.get(`/desk/payments/${payment.id}`)
    const hand = /decision=match&amp;same_as=(\d+)/.exec(html)![1]!
    const other = { receipt, decision: 'match', same_as: String(BigInt(hand) + 1n), reason: 'The same transfer' }
    expect((await money.post('/desk/do/payment-decide', other)).status).toBe(422)
    await money.do('payment-decide', { ...other, same_as: hand })
    expect([await depositsOf(docket, payment.bookId), await stateOf(payment)]).toEqual([[4_000_000n], 'paid'])
    const { rows } = await docket.db.query('select state, same_as::text from payment_receipts where id = $1', [receipt])
    expect(rows).toEqual([{ state: 'matched', same_as: hand }])
  })

  test('and has no payer is credited to the account that staff name', async () => {
    const fake = await signedHookCase.openFake()
    onTestFinished(() => fake.close())
    const method = await offer(docket, signedHookCase, fake.settings)
    fake.pay('K7MP3XQ9RT4W', { amount: '12.50', currency: 'USD' })
    for (const call of fake.hooks('K7MP3XQ9RT4W', { at: docket.clock.now() })) expect(await sendHook(docket, method, call)).toBe(200)
    const { html } = await money.get('/desk/payments/without-payer')
    const receipt = /receipt=(\d+)&amp;decision=credit/.exec(html)![1]!
    const credit = { receipt, decision: 'credit', reason: 'The name on the transfer' }
    expect(textOf((await money.post('/desk/do/payment-decide', credit)).html)).toContain('which account gets it')
    const { account, key } = await docket.account({ balance: '0' })
    await money.do('payment-decide', { ...credit, account: String(account) })
    expect(await docket.balance(key)).toBe('12.50000')
    expect((await money.get('/desk/payments/without-payer')).html).not.toContain(`receipt=${receipt}&amp;`)
  })

  test('waits for a second person above the day’s sum', async () => {
    const { payment, receipt } = await shortBy('99.00')
    const asked = await money.do('payment-decide', {
      receipt,
      decision: 'credit',
      amount: '5000',
      reason: 'as agreed',
      'form:back': '/desk/approvals',
    })
    expect(asked.preview).toContain('A second person must agree')
    expect(await depositsOf(docket, payment.bookId)).toEqual([])
    const approval = /\/desk\/do\/approval-accept\?approval=(\d+)/.exec((await owner.get('/desk/approvals')).html)![1]!
    await owner.do('approval-accept', { approval, reason: 'seen' })
    expect(await depositsOf(docket, payment.bookId)).toEqual([500_000_000n])
  })
})

test('why money waits is told in the language of staff, on its payment and among what needs attention', async () => {
  const { payment } = await shortBy('40.00')
  const german = await openDesk(docket, { language: 'de' })
  for (const page of [`/desk/payments/${payment.id}`, '/desk/attention']) {
    const { html } = await german.get(page)
    expect([page, textOf(html).includes('40.00 BRL kam an, verlangt waren 100 BRL'), html.includes(' was asked for')]).toEqual([
      page,
      true,
      false,
    ])
  }
  expect(textOf((await german.get(`/desk/payments/${payment.id}`)).html)).toContain('Angekommen: 40.00 BRL')
})

describe('a manual payment', () => {
  test('is approved once with what arrived, also when its time is over', async () => {
    const payment = await transferPayment('50')
    await docket.db.query(`update payments set until = until - interval '30 days', state = 'expired' where id = $1`, [payment.id])
    const { html } = await money.get(`/desk/payments/${payment.id}`)
    expect(html).toContain(`/desk/do/payment-approve?payment=${payment.id}`)
    expect((await money.post('/desk/do/payment-approve', { payment: String(payment.id) })).status).toBe(422)
    await money.do('payment-approve', { payment: String(payment.id), amount: '25', reason: 'statement of today' })
    expect([await depositsOf(docket, payment.bookId), await stateOf(payment)]).toEqual([[2_500_000n], 'paid'])
    expect((await money.post('/desk/do/payment-approve', { payment: String(payment.id), reason: 'again' })).status).toBe(422)
    const { rows } = await docket.db.query('select their_id, decided_by from payment_receipts where payment_id = $1', [payment.id])
    expect(rows).toEqual([{ their_id: `payment ${payment.id}`, decided_by: money.email }])
  })

  test('is declined with a reason, and can be approved all the same when its money comes later', async () => {
    const payment = await transferPayment('50')
    await money.do('payment-decline', { payment: String(payment.id), reason: 'nothing came' })
    expect(await stateOf(payment)).toBe('failed')
    expect((await money.post('/desk/do/payment-decline', { payment: String(payment.id), reason: 'again' })).status).toBe(422)
    await money.do('payment-approve', { payment: String(payment.id), reason: 'it came' })
    expect([await depositsOf(docket, payment.bookId), await stateOf(payment)]).toEqual([[5_000_000n], 'paid'])
  })

  test('above the day’s sum waits for a second person, and is approved once by both', async () => {
    const payment = await transferPayment('4000')
    await money.do('payment-approve', { payment: String(payment.id), reason: 'statement', 'form:back': '/desk/approvals' })
    expect(await depositsOf(docket, payment.bookId)).toEqual([])
    const approval = /\/desk\/do\/approval-accept\?approval=(\d+)/.exec((await owner.get('/desk/approvals')).html)![1]!
    await owner.do('approval-accept', { approval })
    expect(await depositsOf(docket, payment.bookId)).toEqual([400_000_000n])
  })

  test('needs a person once its proof was sent, until it is approved', async () => {
    const payment = await transferPayment('20')
    const queue = async () => (await money.get('/desk/attention?kind=payment')).html
    expect(await queue()).not.toContain(`/desk/payments/${payment.id}"`)
    await docket.db.query(`update payments set state = 'seen' where id = $1`, [payment.id])
    await docket.db.query(`insert into payment_proofs (payment_id, picture, media_type, at) values ($1, $2, 'image/jpeg', now())`, [
      payment.id,
      Buffer.from('a picture'),
    ])
    expect(await queue()).toContain(`/desk/do/payment-approve?payment=${payment.id}`)
    expect((await money.get(`/desk/payments/${payment.id}`)).html).toContain(`src="/desk/payments/${payment.id}/proof"`)
    expect((await money.get(`/desk/payments/${payment.id}/proof`)).html).toBe('a picture')
    await money.do('payment-approve', { payment: String(payment.id), reason: 'statement' })
    expect(await queue()).not.toContain(`/desk/payments/${payment.id}"`)
  })

  test('is the only one that staff approve', async () => {
    const { payment } = await pixPayment()
    const refused = await money.post('/desk/do/payment-approve', { payment: String(payment.id), reason: 'I saw it' })
    expect([refused.status, await depositsOf(docket, payment.bookId)]).toEqual([422, []])
  })
})

describe('giving back', () => {
  test('asks the gateway, and takes from the wallet what went back: a part, and the rest', async () => {
    const { payment, receipt } = await paid('100')
    await money.do('payment-give-back', { receipt, amount: '30', reason: 'as asked' })
    expect(await bookNow(docket, payment.bookId)).toMatchObject({ wallet: 7_000_000n, paid_in: -7_000_000n, owed: 0n })
    expect((await money.post('/desk/do/payment-give-back', { receipt, amount: '80', reason: 'too much' })).status).toBe(422)
    await money.do('payment-give-back', { receipt, reason: 'the rest' })
    expect(await bookNow(docket, payment.bookId)).toMatchObject({ wallet: 0n, paid_in: 0n })
    const page = textOf((await money.get(`/desk/payments/${payment.id}`)).html)
    expect(page).toContain('Given back')
    expect(page).toContain('as asked')
    expect((await money.post('/desk/do/payment-give-back', { receipt, reason: 'again' })).status).toBe(422)
  })

  test('whose answer was lost is asked for again under the same key, and done once', async () => {
    const { payment, receipt, fake, payments } = await paid('100')
    fake.loseNextAnswer()
    await money.do('payment-give-back', { receipt, reason: 'a test' })
    expect(await bookNow(docket, payment.bookId)).toMatchObject({ wallet: 10_000_000n })
    expect((await money.post('/desk/do/payment-give-back', { receipt, reason: 'twice' })).status).toBe(422)
    docket.clock.forward({ minutes: 5 })
    expect(await askGivebacks(payments)).toBe(1)
    expect(await bookNow(docket, payment.bookId)).toMatchObject({ wallet: 0n, paid_in: 0n })
    expect((await docket.db.query('select from payment_reversals where receipt_id = $1', [receipt])).rowCount).toBe(1)
    docket.clock.forward({ minutes: 5 })
    expect(await askGivebacks(payments)).toBe(0)
  })

  test('is refused when the balance does not cover it, unless staff say so: then the rest is owed', async () => {
    const { payment, receipt, account } = await paid('100')
    await run(house(), fund, { account: account.id, amount: '-80', note: 'spent' })
    const back = { receipt, reason: 'the bank demands it' }
    const refused = await money.post('/desk/do/payment-give-back', back)
    expect([refused.status, textOf(refused.html).includes('The balance is only 20.00000 BRL')]).toEqual([422, true])
    await money.do('payment-give-back', { ...back, even_if_short: 'yes' })
    expect(await bookNow(docket, payment.bookId)).toMatchObject({ wallet: 0n, owed: -8_000_000n })
    expect(textOf((await money.get('/desk/attention?kind=owing')).html)).toContain(`Account ${account.id}`)
    expect((await money.get('/desk/payments/owing')).html).toContain(`/desk/customers/${account.id}`)
    expect(textOf((await money.get(`/desk/customers/${account.id}`)).html)).toContain('Owed')
    expect((await money.post('/desk/do/account-excuse', { account: String(account.id), amount: '81', reason: 'no' })).status).toBe(422)
    await money.do('account-excuse', { account: String(account.id), reason: 'our mistake' })
    expect(await bookNow(docket, payment.bookId)).toMatchObject({ owed: 0n, given: -8_000_000n })
    expect((await money.get('/desk/payments/owing')).html).not.toContain(`/desk/customers/${account.id}"`)
    expect(textOf((await money.get('/desk/attention?kind=owing')).html)).not.toContain(`Account ${account.id} `)
  })

  test('is not offered where the gateway cannot', async () => {
    const payment = await transferPayment('50')
    await money.do('payment-approve', { payment: String(payment.id), reason: 'statement' })
    const receipt = await receiptOf(payment)
    expect((await money.get(`/desk/payments/${payment.id}`)).html).not.toContain('payment-give-back')
    const refused = await money.post('/desk/do/payment-give-back', { receipt, reason: 'please' })
    expect([refused.status, textOf(refused.html).includes('cannot give money back')]).toEqual([422, true])
  })
})

test('a bonus is given once per reference, apart from deposits', async () => {
  const { account, key } = await docket.account({ balance: '0' })
  const given = { account, amount: '5', reason: 'for waiting', reference: 'sorry 1' }
  await run(house(), bonusGive, given)
  await run(house(), bonusGive, given)
  expect(await docket.balance(key)).toBe('5.00000')
  const { rows } = await docket.db.query('select paid_in, given from books where account_id = $1 and not play', [account])
  expect(rows).toEqual([{ paid_in: 0n, given: -500_000n }])
  expect((await money.post('/desk/do/bonus-give', { account: String(account), amount: '-5', reason: 'no' })).status).toBe(422)
})

describe('the lists', () => {
  test('find payments by state, method, account, currency, day, reference and ids', async () => {
    const { payment, account, theirs } = await paid('33')
    const { token } = await run(house(), staffTokenAdd, { staff: money.staffId })
    const rows = async (path: string) => {
      const response = await fetch(`${docket.node.url}/operator/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
      return ((await response.json()) as { rows: Record<string, unknown>[] }).rows
    }
    const today = docket.clock.now().toISOString().slice(0, 10)
    const filters = [
      `account=${account.id}`,
      `state=paid&method=${payment.methodId}`,
      `currency=BRL&account=${account.id}`,
      `from=${today}&until=${today}&account=${account.id}`,
    ]
    for (const query of [...filters, `find=${payment.reference.toLowerCase()}`, `find=${encodeURIComponent(theirs)}`]) {
      expect([query, (await money.get(`/desk/payments?${query}`)).html.includes(payment.reference)]).toEqual([query, true])
      expect([query, (await rows(`/payments?${query}`)).map(({ reference }) => reference)]).toEqual([
        query,
        expect.arrayContaining([payment.reference]),
      ])
    }
    for (const query of ['account=1&state=seen', 'from=2020-01-01&until=2020-01-02', 'currency=XXX', 'find=NOBODYHASIT'])
      expect([query, (await rows(`/payments?${query}`)).length]).toEqual([query, 0])
    expect(await rows(`/payment-receipts?account=${account.id}`)).toMatchObject([
      { their_id: theirs, credited: '33.00000', state: 'credited' },
    ])
    expect(await rows('/payment-receipts?without_payer=yes')).toEqual([])
    expect((await rows('/payment-methods')).some(({ gateway }) => gateway === 'mercadopago')).toBe(true)
    expect(await rows('/owing-accounts')).toEqual([])
  })

  test('walk page by page, each payment once', async () => {
    const account = { id: (await docket.account({ balance: '0' })).account, currency: 'USD', email: null }
    const first = await transferPayment('1')
    const payments = await paymentsOf(docket)
    for (let n = 0; n < 55; n += 1) {
      const { id } = await beginPayment(docket, payments, { id: first.methodId, token: '' }, '1', { account })
      await docket.db.query(`update payments set state = 'expired' where id = $1`, [id])
    }
    const seen: string[] = []
    for (let path: string | undefined = `/desk/payments?account=${account.id}`; path !== undefined;) {
      const { html } = await money.get(path)
      seen.push(...[...html.matchAll(/href="\/desk\/payments\/(\d+)"/g)].map(([, id]) => id!))
      path = /href="(\/desk\/payments\?[^"]*before=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    }
    expect([seen.length, new Set(seen).size]).toEqual([55, 55])
  })
})
