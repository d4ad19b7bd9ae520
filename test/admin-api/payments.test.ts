import { describe, expect, test } from 'vitest'
import { staffKeyAdd } from '../../server/acts/staff-key-add.ts'
import { paymentNamedBy } from '../../server/admin-api/payment-input.ts'
import { runAct } from '../../server/acts/run-act.ts'
import { permissionsOf } from '../../server/staff/roles.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { type Answer, ask } from './staff-client.ts'

describe('payments/add', () => {
  const docket = openDocket()

  async function script(funds: string | null = '1000') {
    const house = houseOf(docket.db, docket.clock.now)
    const { key } = await run(house, staffKeyAdd, { label: 'script', ...(funds !== null && { funds }) })
    const add = (body: object, headers: Record<string, string> = {}): Promise<Answer> =>
      ask(docket, '/payments/add', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'x-api-key': key, ...headers },
      })
    return { key, add }
  }

  async function customer(currency = 'USD') {
    const { account, key } = await docket.account({ balance: '0', currency })
    const { rows } = await docket.db.query<{ email: string }>('select email from accounts where id = $1', [account])
    const lines = async () =>
      (
        await docket.db.query<{ line: string }>(
          `select t.amount || ' ' || t.cause || ' ' || t.note as line from transfers t join books b on b.id = t.book_id where b.account_id = $1 order by t.line`,
          [account],
        )
      ).rows.map(({ line }) => line)
    return { account, key, email: rows[0]!.email, lines }
  }

  const alerts = async () =>
    (await docket.db.query<{ words: string }>(`select words from alerts where kind = 'payment reported again'`)).rows.map(
      (row) => row.words,
    )

  test('a script books a payment with the fields that it sends elsewhere, and reads the answer that it knows', async () => {
    const { add } = await script()
    const { email, lines, key, account } = await customer()
    const answer = await add({
      username: email,
      amount: 25.5,
      method: 'PayPal',
      memo: 'PayPal 5TY05013RG002845M',
      affiliate_commission: true,
    })
    expect(answer).toMatchObject({
      status: 200,
      error_code: 0,
      data: {
        payment_id: expect.any(Number),
        user: { username: email, balance: '25.50' },
        amount: { value: '25.50', currency_code: 'USD' },
        affiliate_commission: false,
        repeated: false,
      },
    })
    expect(await lines()).toEqual(['2550000 deposit PayPal: PayPal 5TY05013RG002845M'])
    expect(await docket.balance(key)).toBe('25.50000')
    const { rows } = await docket.db.query(
      `select who, account_id from staff_log where act = 'adminapi payments/add' order by line desc limit 1`,
    )
    expect(rows[0]).toMatchObject({ account_id: account, who: expect.stringContaining('script (staff key') })
  })

  test('the account is called by its number or address, and the body may be a form or have the shape of an answer', async () => {
    const { add, key } = await script()
    const { account, email, lines } = await customer()
    await add({ username: account, amount: '1', memo: 'a 100001' })
    await add({ username: email.toUpperCase(), amount: '2', memo: 'b 100002' })
    await add({ user: { username: String(account) }, amount: { value: '3.00', currency_code: 'USD' }, memo: 'c 100003' })
    const form = new URLSearchParams({ username: email, amount: '4', memo: 'd 100004' })
    expect((await ask(docket, '/payments/add', { method: 'POST', body: form, headers: { 'x-api-key': key } })).error_code).toBe(0)
    expect(await lines()).toHaveLength(4)
    expect(await add({ username: email, amount: { value: '3.00', currency_code: 'EUR' } })).toMatchObject({
      error_message: 'The account is in USD',
    })
  })

  test('twenty at once with the same name book once, and all get the first answer', async () => {
    const { add } = await script()
    const { email, lines } = await customer()
    const call = () => add({ username: email, amount: '10', method: 'Card', memo: 'card' }, { 'idempotency-key': 'order-1' })
    const answers = await Promise.all(Array.from({ length: 20 }, call))
    expect(new Set(answers.map(({ data }) => data.payment_id)).size).toBe(1)
    expect(answers.filter(({ data }) => !data.repeated)).toHaveLength(1)
    expect(await lines()).toHaveLength(1)
  })

  test('a call whose answer was lost is repeated weeks later by its header or by the payment in its memo, and gets the first answer again', async () => {
    const { add } = await script()
    const { email, lines } = await customer()
    const named = { username: email, amount: '10', method: 'USDT', memo: 'tx 4f1c0a9be27d6f83' }
    const keyed = { username: email, amount: '10', method: 'USDT', memo: 'Auto payment' }
    const first = [await add(named), await add(keyed, { 'idempotency-key': 'k1' })]
    docket.clock.forward({ days: 20 })
    const again = [await add(named), await add(keyed, { 'idempotency-key': 'k1' })]
    expect(again.map(({ data }) => data)).toEqual(first.map(({ data }) => ({ ...data, repeated: true })))
    expect(await add(keyed, { 'idempotency-key': 'k2' })).toMatchObject({ data: { repeated: false } })
    expect(await lines()).toHaveLength(3)
  })

  test('without a name, the same again within a day is booked once; later than a retry, a person is told of it; after the day it is a new payment', async () => {
    const { add } = await script()
    const { email, lines } = await customer()
    const call = { username: email, amount: '10', method: 'Perfect Money USD', memo: 'added via Admin API' }
    await Promise.all([add(call), add(call)])
    expect(await lines()).toHaveLength(1)
    expect(await alerts()).toEqual([])
    docket.clock.forward({ hours: 3 })
    expect(await add(call)).toMatchObject({ data: { repeated: true } })
    expect(await alerts()).toEqual([expect.stringContaining(`10.00 USD for ${email}`)])
    expect(await add({ ...call, amount: '11' })).toMatchObject({ data: { repeated: false } })
    docket.clock.forward({ hours: 22 })
    expect(await add(call)).toMatchObject({ data: { repeated: false } })
    expect(await lines()).toHaveLength(3)
  })

  test('a name is never used for another amount or another account', async () => {
    const { add } = await script()
    const [one, other] = [await customer(), await customer()]
    await add({ username: one.email, amount: '10', memo: 'invoice 483920' })
    await add({ username: one.email, amount: '10' }, { 'idempotency-key': 'n1' })
    expect(await add({ username: one.email, amount: '12', memo: 'invoice 483920' })).toMatchObject({ data: null, error_code: 409 })
    expect(await add({ username: other.email, amount: '10' }, { 'idempotency-key': 'n1' })).toMatchObject({ data: null, error_code: 409 })
    expect(await one.lines()).toHaveLength(2)
    expect(await other.lines()).toEqual([])
  })

  test('a key adds nothing without the right, and no more a day than it may, also by calls at once', async () => {
    const { email, lines } = await customer()
    const { add: mayNot } = await script(null)
    expect(await mayNot({ username: email, amount: '1' })).toMatchObject({ status: 403, data: null })
    const { add } = await script('100')
    const answers = await Promise.all([1, 2, 3, 4].map((each) => add({ username: email, amount: '30' }, { 'idempotency-key': `d${each}` })))
    expect(answers.filter(({ error_code: code }) => code === 0)).toHaveLength(3)
    expect(answers.find(({ error_code: code }) => code !== 0)).toMatchObject({ error_code: 409 })
    expect(await lines()).toHaveLength(3)
    docket.clock.forward({ days: 1 })
    expect(await add({ username: email, amount: '30' }, { 'idempotency-key': 'd5' })).toMatchObject({ error_code: 0 })
  })

  test('the right is given only by staff who may book money themselves', async () => {
    const actor = { staffId: null, who: 'ana', via: 'page', may: new Set([...permissionsOf('manager'), 'staff.manage' as const]) } as const
    const asked = { input: { label: 'bot', funds: '10' } }
    await expect(runAct(houseOf(docket.db), actor, staffKeyAdd, asked)).rejects.toMatchObject({ code: 'act_not_allowed' })
  })

  test.each([
    ['no user', { amount: '1' }, 'username is required'],
    ['an unknown user', { username: 'nobody@example.com', amount: '1' }, 'User not found'],
    ['no amount', { username: 'x' }, 'User not found'],
    ['an account that is none', { username: '999999', amount: '1' }, 'User not found'],
    ['a user that is no text', { username: ['a'], amount: '1' }, 'Incorrect username'],
  ])('%s is refused', async (_, body, words) => {
    const { add } = await script()
    expect(await add(body)).toMatchObject({ status: 200, data: null, error_message: words })
  })

  test.each([[0], ['0'], ['-5'], [-5], ['1,000'], ['1e99'], ['ten'], [''], [null], [true], ['0.000001'], [{ value: [] }], [1e300]])(
    'the amount %j is refused and books nothing',
    async (amount) => {
      const { add } = await script()
      const { email, lines } = await customer()
      expect((await add({ username: email, amount })).error_code).not.toBe(0)
      expect(await lines()).toEqual([])
    },
  )

  test('what is finer than our unit is dropped', async () => {
    const { add } = await script()
    const { email, lines } = await customer()
    await add({ username: email, amount: 0.1 + 0.2 })
    expect(await lines()).toEqual([expect.stringContaining('30000 deposit')])
  })

  test.each([
    ['PayPal 5TY05013RG002845M', '5TY05013RG002845M'],
    ['invoice #483920', '483920'],
    ['tx:0x4f1c0a9be27d6f83, thanks', '0x4f1c0a9be27d6f83'],
    ['added via Admin API', null],
    ['신용카드', null],
    ['Auto Payment via USDT Script', null],
    ['2026-11-29', null],
    ['', null],
  ])('the memo %j names %j', (memo, named) => {
    expect(paymentNamedBy(memo)).toBe(named)
  })
})
