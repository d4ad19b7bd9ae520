import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { depositAnswer, depositExample, depositParameters } from '../../contract/deposits.ts'
import { addKey, revokeKey } from '../../server/customers/keys.ts'
import { NO_LIMITS } from '../../server/customers/key-rights.ts'
import { stripeCase } from '../payments/cases/stripe.ts'
import { signedHookCase } from '../payments/cases/signed-hook.ts'
import { offer, openPaymentDocket, sendHooks } from '../payments/world.ts'

const docket = openPaymentDocket()

async function way(played: typeof signedHookCase | typeof stripeCase = signedHookCase, terms: Parameters<typeof offer>[3] = {}) {
  const fake = await played.openFake()
  const method = await offer(docket, played as typeof stripeCase, fake.settings as never, terms)
  onTestFinished(async () => {
    await docket.db.query('update payment_methods set is_on = false where id = $1', [method.id])
    await fake.close()
  })
  return { fake, method }
}

async function customer(scopes: string[] | null = ['deposits'], test = false) {
  const { account, key: whole } = await docket.account({ balance: '0' })
  const { key, id } = await addKey(docket.db, account, { test, label: 'robot', limits: { ...NO_LIMITS, scopes } }, docket.clock.now())
  return { account, whole, key, id }
}

interface Answered {
  readonly status: number
  readonly body: any
}

async function post(key: string, fields: Record<string, string>, path = '/api/v2/deposits'): Promise<Answered> {
  const headers = { authorization: `Bearer ${key}` }
  const response = await fetch(docket.node.url + path, { method: 'POST', headers, body: new URLSearchParams(fields) })
  return { status: response.status, body: await response.json() }
}

async function get(key: string, path: string): Promise<Answered> {
  const response = await fetch(docket.node.url + path, { headers: { authorization: `Bearer ${key}` } })
  return { status: response.status, body: await response.json() }
}

const KEYS = depositAnswer.map(({ name }) => name)

describe('a deposit by API', () => {
  test('is started once per idempotency key, and answers exactly the documented fields', async () => {
    const { method } = await way(signedHookCase, { feeBasisPoints: 300, bonuses: [{ currency: 'USD', from: '100', basis_points: 500 }] })
    const { key, account } = await customer()
    const asked = { amount: '100', method: String(method.id), idempotency_key: 'mine' }
    const [one, again] = await Promise.all([post(key, asked), post(key, asked)])
    expect(again).toEqual(one)
    expect(one.status).toBe(200)
    expect(Object.keys(one.body)).toEqual(KEYS)
    const { deposit, reference } = one.body
    expect(one.body).toEqual({
      deposit: expect.any(Number),
      reference: expect.stringMatching(/^[2-9A-HJ-NP-Z]{12}$/),
      state: 'open',
      method: method.id,
      amount: '100.00000',
      bonus: '5.00000',
      currency: 'USD',
      pay: { amount: '103.00', currency: 'USD', rate: null },
      next: {
        kind: 'transfer',
        qr: null,
        lines: [
          { name: 'bank', text: 'Bank of Tests' },
          { name: 'account', text: 'DE89370400440532013000' },
          { name: 'holder', text: 'Docket Tests' },
          { name: 'amount', text: '103.00' },
          { name: 'reference', text: reference },
        ],
      },
      page: `${docket.node.url}/funds/payments/${deposit}`,
      created: docket.clock.now().toISOString(),
      until: expect.any(String),
      credited: [],
    })
    const { rowCount } = await docket.db.query('select from payments where account_id = $1', [account])
    expect(rowCount).toBe(1)
    expect(await get(key, `/api/v2/deposits/${deposit}`)).toEqual(one)
  })

  test('shows what was credited, with its receipt', async () => {
    const { fake, method } = await way()
    const { key } = await customer()
    const { body } = await post(key, { amount: '40', idempotency_key: 'mine' })
    fake.pay(body.reference, { amount: '40.00', currency: 'USD' })
    await sendHooks(docket, method, fake, body.reference)
    const paid = await get(key, `/deposits/${body.deposit}`)
    expect(paid.body).toMatchObject({ state: 'paid' })
    expect(paid.body.credited).toEqual([
      {
        amount: '40.00000',
        bonus: '0.00000',
        paid: '40.00',
        paid_currency: 'USD',
        at: expect.any(String),
        receipt: expect.stringMatching(/^2026-\d+$/),
        taken_back: '0.00000',
      },
    ])
  })

  test('tells where to go for a gateway with a page of its own; when it is away, the same key asks again', async () => {
    const { fake, method } = await way(stripeCase)
    const { key } = await customer()
    const asked = { amount: '25', method: String(method.id), idempotency_key: 'mine' }
    fake.isAway = true
    expect(await post(key, asked)).toMatchObject({ status: 503, body: { code: 'payment_gateway_away' } })
    fake.isAway = false
    expect((await post(key, asked)).body.next).toEqual({ kind: 'redirect', url: expect.stringMatching(/^http/) })
    expect(fake.started()).toBe(1)
    expect(await post(key, { ...asked, amount: '26' })).toMatchObject({ status: 409, body: { code: 'payment_key_used' } })
  })

  test('lists the ways to pay and the newest deposits', async () => {
    const { method } = await way()
    const { key } = await customer()
    const one = (await post(key, { amount: '1', idempotency_key: 'a' })).body
    const two = (await post(key, { amount: '2', idempotency_key: 'b' })).body
    const { body } = await get(key, '/api/v2/deposits')
    expect(Object.keys(body)).toEqual(['methods', 'deposits'])
    expect(body.methods).toEqual([{ method: method.id, name: expect.any(String), currency: 'USD', least: null, most: null }])
    expect(body.deposits).toEqual([two, one])
  })

  test('is answered as the OpenAPI document says', async () => {
    const ajv = new Ajv2020({ strict: false })
    ajv.addSchema((await (await fetch(`${docket.node.url}/openapi.json`)).json()) as object, 'openapi')
    const faults = (schema: string, value: unknown) => {
      const validate = ajv.getSchema(`openapi#/components/schemas/${schema}`)!
      return validate(value) ? [] : validate.errors
    }
    await way()
    const { key } = await customer()
    const { body } = await post(key, { amount: '1', idempotency_key: 'a' })
    expect(faults('Deposit', body)).toEqual([])
    expect(faults('Deposit', depositExample.answer)).toEqual([])
    expect(Object.keys(depositExample.answer)).toEqual(KEYS)
    expect(faults('Deposits', (await get(key, '/api/v2/deposits')).body)).toEqual([])
    expect(faults('NewDeposit', depositExample.parameters)).toEqual([])
    expect(faults('DepositRefusal', (await post(key, {})).body)).toEqual([])
    expect(faults('Deposit', {})).not.toEqual([])
  })

  test('is documented: every field on the page and in llms.txt', async () => {
    for (const path of ['/en/api', '/llms.txt']) {
      const text = await (await fetch(docket.node.url + path)).text()
      expect(text).toContain('/api/v2/deposits')
      for (const { name } of [...depositParameters, ...depositAnswer]) expect([path, text.includes(name)]).toEqual([path, true])
    }
  })
})

describe('who may', () => {
  let method: { id: number }
  beforeAll(async () => {
    const fake = await signedHookCase.openFake()
    method = await offer(docket, signedHookCase, fake.settings)
  })
  const asked = () => ({ amount: '10', method: String(method.id), idempotency_key: 'mine' })

  test('a key starts a deposit only by the scope of that name: a key without scopes, or with everything, only reads', async () => {
    const notAllowed = { status: 403, body: { error: 'This API key may not use this action', code: 'action_not_allowed' } }
    for (const scopes of [null, ['read'], ['order'], ['everything', 'deposits']]) {
      const { key } = await customer(scopes)
      expect({ scopes, answer: await post(key, asked()) }).toEqual({ scopes, answer: notAllowed })
      const reads = (await get(key, '/api/v2/deposits')).status
      expect({ scopes, reads }).toEqual({ scopes, reads: scopes?.[0] === 'order' ? 403 : 200 })
    }
    expect((await post((await customer(['read', 'order', 'deposits'])).key, asked())).status).toBe(200)
  })

  test('the key is taken from the header or the body, never from the address', async () => {
    const { key } = await customer()
    const { body } = await post('wrong', { ...asked(), key })
    expect(body).toEqual({ error: 'Invalid API key', code: 'invalid_key' })
    const form = await fetch(`${docket.node.url}/deposits`, { method: 'POST', body: new URLSearchParams({ ...asked(), key }) })
    expect(form.status).toBe(200)
    const json = await fetch(`${docket.node.url}/api/v2/deposits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'idempotency-key': 'other' },
      body: JSON.stringify({ amount: 12.5, method: method.id }),
    })
    expect(await json.json()).toMatchObject({ amount: '12.50000' })
    expect((await fetch(`${docket.node.url}/api/v2/deposits?key=${key}`)).status).toBe(401)
    expect((await fetch(`${docket.node.url}/api/v2/deposits`)).status).toBe(401)
  })

  test('somebody else’s deposit is not there; a revoked key and a test key are refused', async () => {
    const { key, id } = await customer()
    const { body } = await post(key, asked())
    const other = await customer()
    for (const path of [String(body.deposit), '0', 'x', '99999999999999999999'])
      expect([path, await get(other.key, `/api/v2/deposits/${path}`)]).toMatchObject([
        path,
        { status: 404, body: { code: 'unknown_deposit' } },
      ])
    const played = await customer(['deposits'], true)
    expect(await post(played.key, asked())).toMatchObject({ status: 403, body: { code: 'deposit_of_test_key' } })
    expect((await get(played.key, '/api/v2/deposits')).body).toEqual({ methods: [], deposits: [] })
    await revokeKey(docket.db, id, docket.clock.now())
    expect((await get(key, `/api/v2/deposits/${body.deposit}`)).status).toBe(401)
  })

  test.each([
    [{ amount: '' }, 400, 'deposit_needs_amount'],
    [{ amount: '0' }, 400, 'deposit_needs_amount'],
    [{ amount: '-1' }, 400, 'deposit_needs_amount'],
    [{ amount: '1,000' }, 400, 'deposit_needs_amount'],
    [{ amount: '1e3' }, 400, 'deposit_needs_amount'],
    [{ idempotency_key: '' }, 400, 'deposit_needs_key'],
    [{ idempotency_key: 'x'.repeat(256) }, 400, 'deposit_needs_key'],
    [{ idempotency_key: 'a\u0000b' }, 400, 'deposit_needs_key'],
    [{ method: '999999' }, 400, 'payment_method_off'],
    [{ method: 'stripe' }, 400, 'deposit_needs_method'],
    [{ coupon: 'NOPE' }, 400, 'coupon_not_valid'],
    [{ coupon: 'a\u0000b' }, 400, 'coupon_not_valid'],
  ])('%j is refused as %i %s', async (fields, status, code) => {
    const { key, account } = await customer()
    const answer = await post(key, { ...asked(), ...fields })
    expect(answer).toEqual({ status, body: { error: expect.any(String), code } })
    expect((await docket.db.query('select from payments where account_id = $1', [account])).rowCount).toBe(0)
  })

  test('twenty open deposits are the most of an account', async () => {
    const { key } = await customer()
    for (let count = 0; count < 20; count += 1) expect((await post(key, { ...asked(), idempotency_key: `n${count}` })).status).toBe(200)
    expect(await post(key, asked())).toMatchObject({ status: 429, body: { code: 'too_many_open_payments' } })
  })
})
