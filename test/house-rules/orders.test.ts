import pino from 'pino'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openCatalogue } from '../../server/catalog/catalogue.ts'
import { workSubscriptions } from '../../server/fulfilment/subscriptions.ts'
import { houseRuleAdd } from '../../server/acts/house-rule-add.ts'
import { houseRuleRemove } from '../../server/acts/house-rule-remove.ts'
import { listRules } from '../../server/house-rules/registry.ts'
import type { HouseRule } from '../../server/house-rules/rules.ts'
import { type Node, startNode } from '../../server/main.ts'
import { openPlacing } from '../../server/orders/place.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { openDocket, send, testConfig } from '../support/docket.ts'
import { serviceOnSale } from '../webhooks/shop.ts'
import { houseOf, run } from '../support/acts.ts'

const docket = openDocket()
const NOT_TAKEN = { error: 'Orders for this link are not taken' }
let service: number
let subscription: number

beforeAll(async () => {
  service = await serviceOnSale(docket)
  subscription = await serviceOnSale(docket, { type: 'Subscriptions' })
})
beforeEach(async () => {
  for (const { id } of await listRules(docket.db, false)) await remove(id)
})
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const house = () => houseOf(docket.db, docket.clock.now)

function rule(kind: HouseRule['kind'], pattern: string) {
  return run(house(), houseRuleAdd, { kind, pattern, reason: 'the owner asked', by: 'anna' })
}

function remove(id: number) {
  return run(house(), houseRuleRemove, { rule: id, by: 'bert' })
}

describe('an order that a house rule forbids', () => {
  test('is refused from the moment the rule stands, in one sentence, and nothing is charged', async () => {
    const { key } = await docket.account()
    const order = { key, action: 'add', service, link: 'https://evil.com/x', quantity: 100 }
    expect(await docket.call(order)).toEqual({ order: expect.any(Number) })
    const { rule: id } = await rule('host', 'evil.com')
    expect(await docket.call(order)).toEqual(NOT_TAKEN)
    expect(await docket.call({ ...order, action: 'quote' })).toEqual(NOT_TAKEN)
    expect(await docket.balance(key)).toBe('99.90000')
    await remove(id)
  })
})

describe('the rules of the house', () => {
  test('hold on every node with the commit that adds them, heard of or not', async () => {
    const { key } = await docket.account()
    const node: Node = await startNode(testConfig(docket.databaseUrl), pino({ level: 'silent' }), docket.clock.now)
    closing.push(() => node.stop())
    for (let count = 0; count < 20; count += 1) {
      const host = `evil${count}.example`
      const order = { key, action: 'add', service, link: `https://${host}/x`, quantity: 10 }
      expect(await (await send(node.url!, order)).json()).toEqual({ order: expect.any(Number) })
      await rule('host', host)
      const answers = await Promise.all([docket.node.url!, node.url!].map(async (url) => (await send(url, order)).json()))
      expect(answers).toEqual([NOT_TAKEN, NOT_TAKEN])
    }
  })

  test('turn the version of the catalogue, when added and when lifted', async () => {
    const version = async () => (await docket.db.query<{ version: bigint }>('select version from catalogue')).rows[0]!.version
    const before = await version()
    const { rule: id } = await rule('word', 'casino')
    const between = await version()
    await remove(id)
    expect(between).toBeGreaterThan(before)
    expect(await version()).toBeGreaterThan(between)
  })

  test('do not undo what was placed: the same add again answers the first order', async () => {
    const { key } = await docket.account()
    const order = { key, action: 'add', service, link: 'https://evil.com/x', quantity: 100, idempotency_key: 'once' }
    const first = await docket.call(order)
    await rule('host', 'evil.com')
    expect(await docket.call(order)).toEqual(first)
    expect(await docket.call({ ...order, idempotency_key: 'twice' })).toEqual(NOT_TAKEN)
  })

  test('forbid the posts of a subscription that was ordered before', async () => {
    const { key, account } = await docket.account()
    const { order } = await docket.call({
      key,
      action: 'add',
      service: subscription,
      username: 'anna',
      min: 10,
      max: 10,
      posts: 2,
      delay: 0,
    })
    await feedPosts(docket.db, BigInt(order), ['https://evil.com/1', 'https://good.com/2'], docket.clock.now())
    await rule('host', 'evil.com')
    const catalogue = await openCatalogue(docket.db)
    const placing = openPlacing({ db: docket.db, catalogue, now: docket.clock.now, queueLimit: 10 })
    const works = { db: docket.db, catalogue, placing, now: docket.clock.now }
    await workSubscriptions(works)
    await workSubscriptions(works)
    const { rows } = await docket.db.query<{ post: string; refused: string | null; placed: boolean }>(
      'select post, refused, order_id is not null as placed from subscription_posts where subscription_id = $1 order by number',
      [order],
    )
    expect(rows).toEqual([
      { post: 'https://evil.com/1', refused: NOT_TAKEN.error, placed: false },
      { post: 'https://good.com/2', refused: null, placed: true },
    ])
    expect(await docket.balance(key)).toBe('99.99000')
    expect(account).toBeGreaterThan(0)
  })

  test('a post whose order was placed before a crash keeps it, whatever rule came after', async () => {
    const { key } = await docket.account()
    const { order } = await docket.call({
      key,
      action: 'add',
      service: subscription,
      username: 'anna',
      min: 10,
      max: 10,
      posts: 1,
      delay: 0,
    })
    await feedPosts(docket.db, BigInt(order), ['https://evil.com/1'], docket.clock.now())
    const catalogue = await openCatalogue(docket.db)
    const placing = openPlacing({ db: docket.db, catalogue, now: docket.clock.now, queueLimit: 10 })
    const works = { db: docket.db, catalogue, placing, now: docket.clock.now }
    await workSubscriptions(works)
    // As a crash between the order's commit and the note of it would leave it.
    await docket.db.query('update subscription_posts set order_id = null where subscription_id = $1', [order])
    await docket.db.query('delete from child_orders where parent_id = $1', [order])
    await docket.db.query(`update orders set status = 'Active', ended = false, ended_at = null where id = $1`, [order])
    await rule('host', 'evil.com')
    await catalogue.refresh()
    await workSubscriptions(works)
    const { rows } = await docket.db.query(
      'select refused, order_id is not null as placed from subscription_posts where subscription_id = $1',
      [order],
    )
    expect(rows).toEqual([{ refused: null, placed: true }])
    expect(await docket.balance(key)).toBe('99.99000')
  })

  test('are counted by account and day, with the reason for staff only', async () => {
    const [{ key }, other] = [await docket.account(), await docket.account()]
    const { rule: id } = await rule('word', 'casino')
    for (const whose of [key, key, other.key]) {
      expect(await docket.call({ key: whose, action: 'add', service, link: 'https://x.com/casino', quantity: 10 })).toEqual(NOT_TAKEN)
    }
    // Counts are written a moment later, behind the answers.
    await vi.waitFor(
      async () =>
        expect((await listRules(docket.db, false)).find((one) => one.id === id)).toMatchObject({
          kind: 'word',
          pattern: 'casino',
          reason: 'the owner asked',
          addedBy: 'anna',
          addedAt: docket.clock.now(),
          refused: 3n,
          accounts: 2,
          lastLink: 'https://x.com/casino',
        }),
      { timeout: 300_000, interval: 20 },
    )
  })

  test('stand once each, say why, and stay in the history when lifted', async () => {
    const { rule: id } = await rule('host', 'Twice.example')
    await expect(rule('host', 'https://twice.example')).rejects.toThrow('There is a rule for the host twice.example already')
    await expect(run(house(), houseRuleAdd, { kind: 'word', pattern: 'why', reason: ' ', by: 'anna' })).rejects.toMatchObject({
      code: 'no_reason',
    })
    await remove(id)
    await expect(remove(id)).rejects.toMatchObject({ code: 'unknown_rule' })
    expect((await listRules(docket.db, true)).find((one) => one.id === id)).toMatchObject({
      removedBy: 'bert',
      removedAt: docket.clock.now(),
    })
    await rule('host', 'twice.example')
  })
})
