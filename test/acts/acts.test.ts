import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acts } from '../../server/acts/acts.ts'
import { openPriceSources, type PriceSources } from '../../server/suppliers/open.ts'
import type { House } from '../../server/acts/house.ts'
import { machineUser, type StaffActor } from '../../server/staff/actor.ts'
import { readLog, verifyLog, WHOLE_LOG } from '../../server/staff/log.ts'
import { everyPermission, everyRole, permissions, permissionsOf, roles } from '../../server/staff/roles.ts'
import { languages } from '../../server/texts/languages.ts'
import { textsIn } from '../../server/texts/texts.ts'
import { saidText } from '../../server/web/desk/said.ts'
import { answerOf, houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { type FakeSupplier, openFakeSupplier } from '../support/fake-supplier.ts'
import { insideParts } from '../support/inside.ts'
import { tablesOfChanges } from '../support/tables.ts'
import { openReceiver, type Receiver } from '../webhooks/receiver.ts'
import type { OpenPayments } from '../../server/payments/open.ts'
import { stripeCase } from '../payments/cases/stripe.ts'
import type { GatewayFake } from '../payments/gateway-case.ts'
import { openPaymentsOf } from '../payments/world.ts'
import { samples, type World } from './samples.ts'

const docket = openDocket()
const outgoing = insideParts.openWebhookOutgoing()
let fake: FakeSupplier
let receiver: Receiver
let prices: PriceSources
let stripe: GatewayFake
let payments: OpenPayments
let house: House
let world: World

beforeAll(async () => {
  fake = await openFakeSupplier()
  receiver = await openReceiver()
  fake.answer('balance', { balance: '100.00', currency: 'USD' })
  fake.answer('services', [
    { service: 5, name: 'Theirs', type: 'Default', category: 'Ads', rate: '1.00', min: '1', max: '100', refill: false, cancel: false },
  ])
  stripe = await stripeCase.openFake()
  payments = await openPaymentsOf(docket)
  prices = openPriceSources(payments.secret)
  house = houseOf(docket.db, docket.clock.now, {
    // Its secrets are those of the payments of the test.
    secret: () => Promise.resolve(payments.secret),
    payments: () => Promise.resolve(payments),
    priceSource: (row) => Promise.resolve(prices.open(row)),
    webhookOutgoing: () => Promise.resolve(outgoing),
  })
  const careful = { ...house, dailySum: 100_000_000n }
  world = {
    docket,
    fake,
    payments,
    stripe,
    hooksUrl: receiver.url,
    done: (name, input) => run(house, named(name), input),
    byStaff: async (name, input) =>
      (await answerOf(careful, named(name), input, {}, { ...staffNumbered(1), who: 'owner@example.com' })).result,
  }
  await world.done('staff add', { email: 'owner@example.com', name: 'Owner', role: 'owner' })
})
afterAll(async () => {
  await prices.close()
  await outgoing.close()
  await receiver.close()
  await fake.close()
  await payments.close()
  await stripe.close()
})

function staffNumbered(staffId: number): StaffActor {
  return { ...machineUser(`staff ${staffId}`), staffId, via: 'api' }
}

function named(name: string) {
  return acts.find((act) => act.name === name)!
}

const english = textsIn(languages[0]!)

const newestLine = async () => (await readLog(docket.db, WHOLE_LOG, { before: null, most: 1 }))[0]

/** A digest of each table but those of counted calls. */
async function everything(): Promise<Record<string, string>> {
  const digests: Record<string, string> = {}
  for (const name of await tablesOfChanges(docket.db)) {
    const { rows: all } = await docket.db.query(`select t::text as row from ${name} t order by 1`)
    digests[name] = createHash('sha256').update(JSON.stringify(all)).digest('hex')
  }
  return digests
}

describe('every act', () => {
  test('has a sample here, a known permission and a name of its own', () => {
    expect(Object.keys(samples).toSorted()).toEqual(acts.map(({ name }) => name).toSorted())
    for (const act of acts) expect(everyPermission).toContain(act.permission)
  })

  test.each(acts.map((act) => [act.name, act] as const))(
    '%s: a dry run tells the change and changes nothing; done, it is one line in the log',
    async (name, act) => {
      const input = await samples[name]!(world)
      const before = await everything()
      const dry = await answerOf(house, act, input, { dryRun: true })
      expect(dry).toMatchObject({ line: null, repeated: false })
      for (const secret of act.secrets ?? []) expect(dry.result).not.toHaveProperty(secret)
      expect(await everything()).toEqual(before)

      const line = (await newestLine())!.line
      const done = await answerOf(house, act, input)
      expect(done.line).toBe(line + 1n)
      expect(done.says).not.toBe('')
      expect(saidText(english, { act: name, input, result: done.result })).not.toBe('')
      expect(done.before !== null || done.after !== null).toBe(true)
      const logged = (await newestLine())!
      expect(logged).toMatchObject({ line: line + 1n, act: name, who: 'tester', via: 'command' })
      for (const secret of act.secrets ?? []) {
        const value = (done.result as Record<string, string | undefined>)[secret]
        // An approval has one where what it did has one.
        if (value === undefined && name === 'approval accept') continue
        if (value === undefined) throw new Error(`${name} answers no ${secret}`)
        expect(value.length).toBeGreaterThan(10)
        expect(JSON.stringify(logged, plain)).not.toContain(value)
      }
      expect(await verifyLog(docket.db)).toMatchObject({ lines: line + 1n, fault: null })
    },
  )

  test.each(acts.map((act) => [act.name, act] as const))(
    '%s: whoever lacks its permission is refused, and nothing is changed',
    async (_, act) => {
      const before = await newestLine()
      const others = everyPermission.filter((permission) => permission !== act.permission)
      const actor: StaffActor = { ...machineUser('nobody'), may: new Set(others) }
      await expect(answerOf(house, act, {}, {}, actor)).rejects.toMatchObject({ code: 'act_not_allowed' })
      expect(await newestLine()).toEqual(before)
    },
  )

  test('refuses a field that it does not have, and one that is wrong, by its name', async () => {
    const { account } = await docket.account()
    await expect(run(house, named('account set'), { account, discuont: '5' })).rejects.toThrow('There is no field "discuont" here')
    await expect(run(house, named('account set'), { account, discount: '5,5' })).rejects.toThrow(/^discount: It must be a percentage/)
    await expect(run(house, named('fund'), { account, amount: '0.123456', note: 'a test' })).rejects.toThrow(/^amount: /)
    await expect(run(house, named('account set'), { account })).rejects.toMatchObject({ code: 'nothing_to_change' })
  })

  test('takes no number of an account in a dry run', async () => {
    const { account } = await run<{ account: number }>(house, named('account add') as never, { email: 'one@example.com' })
    const tried = await answerOf<{ account: number }>(house, named('account add') as never, { email: 'two@example.com' }, { dryRun: true })
    expect(tried.result.account).toBe(account + 1)
    expect(await run(house, named('account add'), { email: 'three@example.com' })).toMatchObject({ account: account + 1 })
  })

  test('sends nothing to a webhook in a dry run', async () => {
    const { webhook } = (await samples['webhook test']!(world)) as { webhook: number }
    const received = receiver.received.length
    await answerOf(house, named('webhook test'), { webhook }, { dryRun: true })
    expect(receiver.received).toHaveLength(received)
  })

  test('never logs a secret that it was given', async () => {
    const input = await samples['supplier add']!(world)
    await run(house, named('supplier add'), { ...input, key: 'a key that nobody may read' })
    const hook = await samples['webhook add']!(world)
    const { webhook } = (await run(house, named('webhook add'), { ...hook, url: `${receiver.url}?password=of-a-customer` })) as {
      webhook: number
    }
    await run(house, named('webhook remove'), { webhook })
    const { rows } = await docket.db.query(`select * from staff_log`)
    expect(JSON.stringify(rows, plain)).not.toMatch(/a key that nobody may read|of-a-customer/)
  })
})

describe('a request with a name', () => {
  test('is done once, and answers the same again without its secrets', async () => {
    const input = await samples['key add']!(world)
    const first = await answerOf(house, named('key add'), input, { requestKey: 'once' })
    const again = await answerOf(house, named('key add'), input, { requestKey: 'once' })
    expect(again).toMatchObject({ repeated: true, line: first.line, result: { id: (first.result as { id: number }).id } })
    expect(again.result).not.toHaveProperty('key')
  })

  test('is done once also when twenty come at the same time', async () => {
    const { account, key } = await docket.account()
    const ask = () => answerOf(house, named('fund'), { account, amount: '1', note: 'a test' }, { requestKey: 'twenty' })
    const answers = await Promise.all(Array.from({ length: 20 }, ask))
    expect(new Set(answers.map(({ line }) => line)).size).toBe(1)
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1)
    expect(await docket.balance(key)).toBe('101.00000')
  })

  test('is refused when the same name comes with something else, and is free again after a refusal', async () => {
    const { account } = await docket.account()
    await answerOf(house, named('fund'), { account, amount: '1', note: 'a test' }, { requestKey: 'mine' })
    await expect(answerOf(house, named('fund'), { account, amount: '2', note: 'a test' }, { requestKey: 'mine' })).rejects.toMatchObject({
      code: 'request_key_used',
    })
    await expect(
      answerOf(house, named('fund'), { account, amount: '-5000', note: 'a test' }, { requestKey: 'free' }),
    ).rejects.toMatchObject({
      kind: 'request',
    })
    expect(await answerOf(house, named('fund'), { account, amount: '5', note: 'a test' }, { requestKey: 'free' })).toMatchObject({
      repeated: false,
    })
  })
})

describe('a sum that one person may not move alone', () => {
  const careful = () => ({ ...house, dailySum: 10_000_000n })
  const fundAs = (staffId: number, account: number, amount: string) =>
    answerOf(careful(), named('fund'), { account, amount, note: 'a test' }, {}, staffNumbered(staffId))
  const person = async () =>
    ((await run(house, named('staff add'), { email: `p${Math.random()}@example.com`, name: 'P', role: 'money' })) as { staff: number })
      .staff
  const accept = (approval: number, staffId: number) => answerOf(house, named('approval accept'), { approval }, {}, staffNumbered(staffId))

  test('waits for a second person, who does it once; what is split is added up, in and out', async () => {
    const { account, key } = await docket.account()
    const [first, second] = [await person(), await person()]
    expect((await fundAs(first, account, '60')).result).toMatchObject({ balance: '160.00000' })
    expect((await fundAs(first, account, '-30')).result).toMatchObject({ balance: '130.00000' })
    const waits = (await fundAs(first, account, '20')).result as unknown as { approval: number }
    expect(waits).toEqual({ approval: expect.any(Number), why: expect.stringContaining('would move 110.00000 USD today') })
    expect(await docket.balance(key)).toBe('130.00000')
    expect((await fundAs(first, account, '25')).says).toMatch(/^It waits for a second person: /)
    // What waits does not count: a smaller sum still fits.
    expect((await fundAs(first, account, '10')).result).toMatchObject({ balance: '140.00000' })

    await expect(accept(waits.approval, first)).rejects.toMatchObject({ code: 'own_approval' })
    const accepted = await Promise.allSettled([accept(waits.approval, second), accept(waits.approval, second)])
    expect(accepted.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await docket.balance(key)).toBe('160.00000')
    expect(await newestLine()).toMatchObject({ act: 'approval accept', account, after: { balance: '160.00000' } })
    docket.clock.forward({ hours: 24 })
    expect((await fundAs(first, account, '100')).result).toMatchObject({ balance: '260.00000' })
  })

  test('is left undone when it is declined, and two requests at once do not both fit', async () => {
    const { account, key } = await docket.account()
    const [first, second] = [await person(), await person()]
    const both = await Promise.all([fundAs(first, account, '70'), fundAs(first, account, '70')])
    const waits = both.map(({ result }) => result as { approval?: number }).find((result) => result.approval !== undefined)
    expect(await docket.balance(key)).toBe('170.00000')
    await answerOf(house, named('approval decline'), { approval: waits!.approval, reason: 'not agreed' }, {}, staffNumbered(second))
    await expect(accept(waits!.approval!, second)).rejects.toMatchObject({ code: 'approval_decided' })
    expect(await docket.balance(key)).toBe('170.00000')
  })

  test('holds for each currency by itself: euros and dollars are not added up', async () => {
    const [dollars, euros] = [await docket.account(), await docket.account({ currency: 'EUR' })]
    const first = await person()
    expect((await fundAs(first, dollars.account, '90')).result).toMatchObject({ balance: '190.00000', currency: 'USD' })
    expect((await fundAs(first, euros.account, '90')).result).toMatchObject({ balance: '190.00000', currency: 'EUR' })
    const waits = (await fundAs(first, euros.account, '-20')).result as unknown as { why: string }
    expect(waits.why).toMatch(/would move 110.00000 EUR today, and may move 100.00000 EUR alone$/)
  })

  test('is not asked of the machine, which may do everything', async () => {
    const { account } = await docket.account()
    expect((await answerOf(careful(), named('fund'), { account, amount: '5000', note: 'a test' })).result).toMatchObject({
      balance: '5100.00000',
    })
  })
})

describe('the log', () => {
  test('is never changed, and a change by the owner of the database is found', async () => {
    await expect(docket.db.query(`update staff_log set who = 'somebody else'`)).rejects.toThrow('append-only')
    await expect(docket.db.query('delete from staff_log')).rejects.toThrow('append-only')
    const { line } = (await newestLine())!
    const tampered = async (change: string) => {
      const client = await docket.db.connect()
      try {
        await client.query(`begin; alter table staff_log disable trigger user; ${change}`)
        return (await verifyLog(client)).fault
      } finally {
        await client.query('rollback')
        client.release()
      }
    }
    expect(await tampered(`update staff_log set after = '{"balance":"1"}' where line = 2`)).toMatchObject({ line: 2n })
    expect(await tampered(`update staff_log set who = 'x' where line = ${line}`)).toMatchObject({ line })
    expect(await tampered(`delete from staff_log where line = 3`)).toEqual({ line: 3n, words: 'it is missing' })
    expect(await tampered('')).toBeNull()
  })

  test('is written by acts that run at once one after another, without a gap', async () => {
    const accounts = await Promise.all(Array.from({ length: 8 }, () => docket.account()))
    await Promise.all(accounts.map(({ account }) => run(house, named('account suspend'), { account })))
    expect(await verifyLog(docket.db)).toMatchObject({ fault: null, lines: (await newestLine())!.line })
  })

  test('is found by what it is about', async () => {
    const { account } = await docket.account()
    await run(house, named('account suspend'), { account })
    await run(house, named('account resume'), { account })
    const lines = await readLog(docket.db, { ...WHOLE_LOG, account }, { before: null, most: 10 })
    expect(lines.map(({ act, before, after }) => [act, before, after])).toEqual([
      ['account resume', { suspended: true }, { suspended: false }],
      ['account suspend', { suspended: false }, { suspended: true }],
    ])
  })

  test('cannot be passed by where only acts change something: the database refuses a change without a line', async () => {
    const changes = [
      `insert into staff (email, name, role, created_at) values ('x@example.com', 'x', 'owner', now())`,
      `update staff set role = 'owner'`,
      `delete from staff_tokens`,
      `update staff_keys set revoked_at = null`,
      `insert into house_rules (kind, pattern, reason, added_by, added_at) values ('word', 'x', 'x', 'x', now())`,
    ]
    await run(house, named('staff-token add'), { staff: 1 })
    await run(house, named('staff-key add'), { label: 'x' })
    for (const change of changes) await expect(docket.db.query(change)).rejects.toThrow('changes only by an act')
  })
})

describe('staff', () => {
  test('every role has only known permissions, an owner all, and nobody but an owner manages staff', () => {
    for (const role of everyRole) for (const permission of roles[role]) expect(Object.keys(permissions)).toContain(permission)
    expect([...permissionsOf('owner')]).toEqual(everyPermission)
    expect(everyRole.filter((role) => permissionsOf(role).has('staff.manage'))).toEqual(['owner'])
    expect([...permissionsOf('read-only')].filter((permission) => !permission.endsWith('.read'))).toEqual([])
  })

  test('the last owner cannot go, also when two end each other at once; the machine helps', async () => {
    const { rows } = await docket.db.query<{ id: number }>(`select id from staff where role = 'owner' and ended_at is null`)
    const [keep, ...others] = rows.map(({ id }) => id)
    for (const staff of others) await run(house, named('staff set'), { staff, role: 'support' })
    await expect(run(house, named('staff end'), { staff: keep })).rejects.toMatchObject({ code: 'last_owner' })
    await expect(run(house, named('staff set'), { staff: keep, role: 'manager' })).rejects.toMatchObject({ code: 'last_owner' })

    const { staff: second } = (await run(house, named('staff rescue'), { email: 'second@example.com' })) as { staff: number }
    const ended = await Promise.allSettled([keep, second].map((staff) => run(house, named('staff end'), { staff })))
    expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const api: StaffActor = { ...machineUser('x'), via: 'api', staffId: second }
    await expect(answerOf(house, named('staff rescue'), { email: 'x@example.com' }, {}, api)).rejects.toMatchObject({
      code: 'only_on_the_machine',
    })
    expect(await run(house, named('staff rescue'), { email: 'owner@example.com' })).toMatchObject({ role: 'owner', staff: keep })
  })
})

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
