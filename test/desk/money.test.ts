import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fund } from '../../server/acts/fund.ts'
import { staffTokenAdd } from '../../server/acts/staff-token-add.ts'
import { machineUser, type StaffActor } from '../../server/staff/actor.ts'
import { permissionsOf } from '../../server/staff/roles.ts'
import { answerOf, houseOf, run } from '../support/acts.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { placed } from '../support/order-life.ts'
import { onSale } from '../support/on-sale.ts'

const docket = openDocket({ DOCKET_STAFF_DAILY_SUM: '100' })
let first: DeskPages
let second: DeskPages
let customer: { account: number; key: string }
let order: number

beforeAll(async () => {
  first = await openDesk(docket, { role: 'money' })
  second = await openDesk(docket, { role: 'money' })
  customer = await docket.account({ balance: '500' })
  order = await placed(docket, customer.key, { service: await onSale(docket), quantity: 100 })
})
afterAll(() => docket.clock.forward({ seconds: 1 }))

const asStaff = (desk: DeskPages): StaffActor => ({
  ...machineUser(desk.email),
  staffId: desk.staffId,
  via: 'page',
  may: permissionsOf('money'),
})
const newestLine = async () =>
  (await docket.db.query<{ id: number; line: bigint }>(
    'select b.id, b.lines as line from books b where account_id = $1 and not play', [customer.account])).rows[0]! // prettier-ignore

describe('the ledger on the desk', () => {
  test('shows all books, newest first, and finds lines by account, cause, order and payment', async () => {
    const { html } = await first.get('/desk/money')
    expect(html).toContain(`href="/desk/orders/${order}"`)
    expect(html).toContain(`href="/desk/customers/${customer.account}"`)
    await run(houseOf(docket.db, docket.clock.now), fund, { account: customer.account, amount: '3', note: 'bank', reference: 'invoice 77' })
    for (const query of [`account=${customer.account}&cause=deposit`, 'reference=invoice+77', 'cause=deposit&until=2026-03-01'])
      expect((await first.get(`/desk/money?${query}`)).html).toContain('bank')
    expect((await first.get('/desk/money?reference=invoice+78')).html).toContain('Nothing found')
    const ofOrder = (await first.get(`/desk/money?order=${order}`)).html
    expect([...ofOrder.matchAll(/data-row/g)]).toHaveLength(1)
    expect((await first.get('/desk/money?test=1')).status).toBe(200)
  })

  test('explains a line: its order, or who booked it', async () => {
    const charge = (await docket.db.query<{ b: number; l: bigint }>('select book_id as b, line as l from orders where id = $1', [order]))
      .rows[0]!
    const explained = (await first.get(`/desk/money/line/${charge.b}/${charge.l}`)).html
    expect(explained).toContain(`Order ${order}`)
    const paid = { account: customer.account, amount: '4', note: 'card' }
    await answerOf(houseOf(docket.db, docket.clock.now), fund, paid, {}, asStaff(first))
    const { id, line } = await newestLine()
    expect((await first.get(`/desk/money/line/${id}/${line}`)).html).toContain(`Booked by ${first.email}.`)
    expect((await first.get(`/desk/money/line/${id}/999999`)).status).toBe(404)
  })

  test('walks page by page, each line once', async () => {
    const house = houseOf(docket.db, docket.clock.now)
    for (let n = 0; n < 60; n += 1) await run(house, fund, { account: customer.account, amount: '0.01', note: `step ${n}` })
    const seen: string[] = []
    for (let path: string | undefined = '/desk/money?cause=deposit'; path !== undefined;) {
      const { html } = await first.get(path)
      seen.push(...[...html.matchAll(/href="(\/desk\/money\/line\/\d+\/\d+)"/g)].map(([, line]) => line!))
      path = /href="(\/desk\/money\?[^"]*before=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    }
    const { rows } = await docket.db.query<{ n: number }>(
      `select count(*)::int as n from transfers t join books b on b.id = t.book_id where not b.play and t.cause = 'deposit'`,
    )
    expect(seen).toHaveLength(rows[0]!.n)
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('tells what is owed now and at the end of a day, and a month of an account', async () => {
    const { rows } = await docket.db.query<{ owed: bigint }>(`select sum(wallet)::bigint as owed from books where not play`)
    const whole = new Intl.NumberFormat('en').format(rows[0]!.owed / 100_000n)
    const { html } = await first.get('/desk/money/owed?day=2026-03-01')
    expect([...html.matchAll(new RegExp(`\\$${whole}\\.`, 'g'))]).toHaveLength(2)
    expect((await first.get('/desk/money/owed?day=2020-01-01')).html).toContain('Nothing is owed.')
    const statement = (await first.get(`/desk/money/statement?account=${customer.account}&month=2026-03`)).html
    expect(statement).toContain(`$${whole}.`)
    expect((await first.get('/desk/money/statement?account=99999')).status).not.toBe(500)
    expect((await first.get('/desk/money/statement')).status).toBe(200)
  })

  test('is for whoever may see money', async () => {
    const fulfilment = await openDesk(docket, { role: 'fulfilment' })
    for (const path of ['/desk/money', '/desk/money/owed', '/desk/money/by-hand', '/desk/money/statement', '/desk/approvals'])
      expect([path, (await fulfilment.get(path)).status]).toEqual([path, 403])
  })
})

describe('money above a day’s sum', () => {
  test('waits on the desk; whoever asked cannot agree; the second person does it once, and both are told', async () => {
    const before = await docket.balance(customer.key)
    const correction = { account: String(customer.account), amount: '-150', note: 'paid back by bank' }
    const asked = await first.do('fund', { ...correction, 'form:back': '/desk/approvals' })
    expect(asked.preview).toContain('A second person must agree')
    expect(await docket.balance(customer.key)).toBe(before)

    const own = (await first.get('/desk/approvals')).html
    expect(own).toContain('somebody else decides')
    expect(own).not.toContain('/desk/do/approval-accept')
    const approval = /\/desk\/do\/approval-accept\?approval=(\d+)/.exec((await second.get('/desk/approvals')).html)![1]!
    expect((await first.post('/desk/do/approval-accept', { approval })).status).not.toBe(200)
    await second.do('approval-accept', { approval, reason: 'seen on the bank statement' })
    expect(Number(await docket.balance(customer.key))).toBe(Number(before) - 150)
    expect((await second.post('/desk/do/approval-accept', { approval })).status).not.toBe(200)

    expect((await second.get('/desk/approvals')).html).toContain('Nothing waits')
    expect((await second.get('/desk/approvals?decided=1')).html).toContain('Accepted')
    const byHand = (await first.get('/desk/money/by-hand?from=2026-03-01&until=2026-03-31')).html
    expect(byHand).toContain(`agreed by ${second.email}`)
    const { id, line } = await newestLine()
    expect((await first.get(`/desk/money/line/${id}/${line}`)).html).toContain(`Asked for by ${first.email}, agreed by ${second.email}.`)
  })

  test('is left undone with a reason, or taken back by whoever asked', async () => {
    const before = await docket.balance(customer.key)
    await first.do('fund', { account: String(customer.account), amount: '300', note: 'a card', 'form:back': '/desk/approvals' })
    const approval = /\/desk\/do\/approval-decline\?approval=(\d+)/.exec((await first.get('/desk/approvals')).html)![1]!
    expect((await second.post('/desk/do/approval-decline', { approval })).status).toBe(422)
    await first.do('approval-decline', { approval, reason: 'typed wrongly' })
    expect(await docket.balance(customer.key)).toBe(before)
    expect((await first.get('/desk/approvals?decided=1')).html).toContain('Declined')
  })
})

describe('the lists of the operator API', () => {
  test('have the filters of the pages', async () => {
    const { token } = await run(houseOf(docket.db), staffTokenAdd, { staff: first.staffId })
    const rows = async (path: string) => {
      const response = await fetch(`${docket.node.url}/operator/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
      return ((await response.json()) as { rows: Record<string, unknown>[] }).rows
    }
    expect(await rows(`/accounts?text=${customer.account}&order=balance`)).toMatchObject([
      { account: customer.account, spent: expect.any(String) },
    ])
    expect(await rows(`/transfers?order=${order}`)).toMatchObject([{ cause: 'charge', order, account: customer.account }])
    expect((await rows('/transfers?cause=correction&most=1'))[0]).toMatchObject({ cause: 'correction', note: 'paid back by bank' })
    expect(await rows(`/transfers?account=${customer.account}&reference=none`)).toEqual([])
    expect(await rows('/owed')).toMatchObject([{ currency: 'USD', owed: expect.stringMatching(/^\d+\.\d{5}$/) }])
    expect(await rows('/owed?day=2020-01-01')).toEqual([])
    expect((await rows('/moved-by-hand'))[0]).toMatchObject({ who: first.email, agreed_by: second.email, amount: '-150' })
    expect(await rows('/approvals?waiting=yes')).toEqual([])
    expect((await rows('/approvals')).length).toBe(2)
    expect(await rows(`/account-notes?account=${customer.account}`)).toEqual([])
  })
})
