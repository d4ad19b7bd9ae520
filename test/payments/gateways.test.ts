import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { formatAmount, isSameAmount } from '../../server/payments/amounts.ts'
import type { Ask, Started } from '../../server/payments/gateway.ts'
import { allCases } from './cases/all.ts'
import { answered, answering, type GatewayWorld, hear, losing, newAsk, openWorld, payInFull } from './open-gateway.ts'
import { callOf } from './opened.ts'
import { sealedFieldsOf, secretsOf, standingOf, startsAtOtherSide, textOf, theirIdOf } from './open-gateway.ts'

const toClose: GatewayWorld[] = []
afterEach(async () => {
  for (const world of toClose.splice(0)) await world.close()
})

const shown = (value: unknown) => JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner))

describe.each(allCases.map((each) => [each.gateway.name, each] as const))('%s', (_name, gatewayCase) => {
  const usual = gatewayCase.currencies[0]
  const world = async () => {
    const opened = await openWorld(gatewayCase)
    toClose.push(opened)
    return opened
  }
  const begun = async (currency: string = usual, more: Partial<Ask> = {}) => {
    const opened = await world()
    const ask = newAsk(currency, more)
    const started = await opened.gateway.start(ask)
    return { ...opened, world: opened, ask, started }
  }
  const paid = async (currency: string = usual) => {
    const all = await begun(currency)
    const receiptId = payInFull(all.fake, all.ask, all.started, formatAmount(all.ask.amount, currency))
    return { ...all, receiptId, standing: await standingOf(all.world, all.ask, all.started) }
  }
  const expectNoSecrets = (value: unknown, settings: unknown) => {
    for (const secret of secretsOf(gatewayCase.gateway, settings)) expect(shown(value)).not.toContain(secret)
  }

  test.each(gatewayCase.currencies)('what was paid in %s is found once, to the last digit', async (currency) => {
    const { ask, started, world: opened, fake, gateway } = await begun(currency)
    expect(['redirect', 'transfer']).toContain(started.kind)
    if (gateway.look) expect((await standingOf(opened, ask, started)).receipts).toEqual([])
    const receiptId = payInFull(fake, ask, started, formatAmount(ask.amount, currency))
    const heard = await Promise.all(fake.hooks(ask.reference).map((hook) => hear(gateway, callOf(hook))))
    expect(heard.map(({ kind }) => kind)).toEqual(heard.map(() => 'heard'))
    const hints = heard.flatMap((each) => (each.kind === 'heard' ? each.hints : []))
    expect(hints.some((hint) => hint.reference === ask.reference || (hint.theirId !== null && hint.theirId === theirIdOf(started)))).toBe(
      true,
    )
    const [first, second] = [await standingOf(opened, ask, started), await standingOf(opened, ask, started)]
    expect(second).toEqual(first)
    expect(first.reference).toBe(ask.reference)
    expect(first.state).toBe('paid')
    expect(first.receipts.map(({ id }) => id)).toEqual([receiptId])
    const [receipt] = first.receipts
    expect(textOf(receipt!.worth ?? receipt!)).toBe(textOf(ask))
    expect(receipt!.late).toBe(false)
  })

  test('the same key starts one payment', async () => {
    const { ask, started, gateway, fake } = await begun()
    const again = await gateway.start(ask)
    if (gatewayCase.keepsNoKey) return expect(again.kind).toBe(started.kind)
    expect(again).toEqual(started)
    return expect(fake.started()).toBe(startsAtOtherSide(started) ? 1 : 0)
  })

  test('an ask whose answer was lost is asked again, and starts one payment', async () => {
    const { fake, gateway, world: opened } = await begun()
    const [before, made] = [fake.started(), newAsk(usual)]
    fake.loseNextAnswer()
    await gateway.start(made)
    const again = await gateway.start(made)
    expect(fake.started() - before).toBe(startsAtOtherSide(again) ? 1 : 0)
    payInFull(fake, made, again, formatAmount(made.amount, usual))
    expect((await standingOf(opened, made, again)).receipts).toHaveLength(1)
  })

  test('whichever call of a start loses its answer, one payment is started', async () => {
    const opened = await world()
    for (let nth = 1; nth <= 4; nth += 1) {
      const [ask, before] = [newAsk(usual), opened.fake.started()]
      await opened.reopened({ outgoing: losing(opened.outgoing, nth) }).start(ask)
      const started = await opened.gateway.start(ask)
      expect(['redirect', 'transfer']).toContain(started.kind)
      expect(opened.fake.started() - before).toBe(startsAtOtherSide(started) ? 1 : 0)
    }
  })

  test('a payment that ends without money says so, and money is never made up', async () => {
    const { gateway, fake } = await world()
    expect(fake.started()).toBe(0)
    for (const state of gateway.look ? (['seen', 'expired', 'failed'] as const) : []) {
      const { fake, ask, started, world: opened } = await begun()
      fake.become(ask.reference, state)
      const standing = await standingOf(opened, ask, started)
      expect([standing.state, standing.receipts]).toEqual([state, []])
    }
  })

  describe('a call', () => {
    test('that was altered by one byte is forged', async () => {
      const { fake, ask, gateway } = await paid()
      const call = callOf(fake.hooks(ask.reference).at(-1)!)
      expect((await hear(gateway, call)).kind).toBe('heard')
      const positions = gatewayCase.leavesBodyUnsigned ? [] : Array.from({ length: call.body.length }, (__, index) => index)
      for (const position of positions) {
        const body = Buffer.from(call.body)
        body[position]! ^= 1
        expect((await hear(gateway, { ...call, body })).kind, `byte ${position}`).toBe('forged')
      }
      expect((await hear(gateway, { ...call, headers: {} })).kind).toBe('forged')
    })

    test('without, with an empty or with a damaged signature is forged', async () => {
      const { fake, ask, gateway } = await paid()
      const call = callOf(fake.hooks(ask.reference).at(-1)!)
      const unneeded = new Set(['content-type', 'user-agent'])
      const kinds = new Set<string>()
      for (const name of Object.keys(call.headers).filter((each) => !unneeded.has(each))) {
        for (const value of [undefined, '', '\u0000', 'x'.repeat(100_000), 'ä', `${call.headers[name]}=`.slice(1)])
          kinds.add((await hear(gateway, { ...call, headers: { ...call.headers, [name]: value } })).kind)
      }
      expect(kinds.has('forged')).toBe(true)
      const nothing = Object.fromEntries(Object.keys(call.headers).map((name) => [name, '']))
      expect((await hear(gateway, { ...call, headers: nothing })).kind).toBe('forged')
    })

    test('signed with the secret of somebody else is forged', async () => {
      const [{ fake, ask }, other] = [await paid(), await world()]
      const kinds = await Promise.all(fake.hooks(ask.reference).map(async (hook) => (await hear(other.gateway, callOf(hook))).kind))
      expect(new Set(kinds)).toEqual(new Set(['forged']))
    })

    test('of an old time is forged, unless it carries no time', async () => {
      const { fake, ask, gateway } = await paid()
      const minutes = gatewayCase.signatureMinutes
      const at = new Date(Date.now() - ((minutes ?? 60) + 1) * 60_000)
      const kinds = await Promise.all(fake.hooks(ask.reference, { at }).map(async (hook) => (await hear(gateway, callOf(hook))).kind))
      expect(new Set(kinds)).toEqual(new Set([minutes === undefined ? 'heard' : 'forged']))
    })

    test('is heard while its secret is replaced', async () => {
      const { fake, ask, reopened } = await paid()
      const gateway = reopened({ settings: fake.rotate() })
      const kinds = await Promise.all(fake.hooks(ask.reference).map(async (hook) => (await hear(gateway, callOf(hook))).kind))
      expect(new Set(kinds)).toEqual(new Set(['heard']))
    })

    test.each([
      ['letters of all alphabets', '{"id":"évt_ü漢字🙂","name":"\\u00e9"}'],
      ['names in another order', '{"z":1,"a":{"y":[3,1,2],"b":null},"id":"x"}'],
      ['numbers as nobody writes them', '{"amount":1e-7,"big":123456789012345678901234567890,"zero":-0.0}'],
      ['a newline at its end', '{"id":"x"}\n'],
      ['white space', ' {\r\n\t"id" : "x" }'],
      ['no sense', '{}'],
      ['deep nesting', `${'['.repeat(40)}${']'.repeat(40)}`],
    ])('with %s is authentic, and says nothing', async (__, body) => {
      const { fake, gateway } = await world()
      const heard = await hear(gateway, callOf(fake.sign(body)))
      expect(heard).toMatchObject({ kind: 'heard' })
    })

    test('with any JSON is heard as it was signed, and never with another byte', async () => {
      const { fake, gateway } = await world()
      await fc.assert(
        fc.asyncProperty(fc.json(), fc.nat(), async (body, where) => {
          const call = callOf(fake.sign(body))
          expect((await hear(gateway, call)).kind).toBe('heard')
          if (gatewayCase.leavesBodyUnsigned) return
          const other = Buffer.concat([
            call.body.subarray(0, where % call.body.length),
            Buffer.from('7'),
            call.body.subarray(where % call.body.length),
          ])
          expect((await hear(gateway, { ...call, body: other })).kind).toBe('forged')
        }),
        { numRuns: 50 },
      )
    })

    test('about a payment of somebody else, or of an unknown kind, is heard and has no consequences', async () => {
      const { fake, gateway, ask } = await paid()
      for (const hook of fake.foreign()) {
        const heard = await hear(gateway, callOf(hook))
        if (heard.kind !== 'heard') throw new Error(shown(heard))
        expect(heard.told?.reference).not.toBe(ask.reference)
        for (const hint of heard.hints) {
          expect(hint.reference).not.toBe(ask.reference)
          const looked = await gateway.look?.({ ...hint, wants: null })
          expect(looked?.kind === 'standing' ? looked.standing.reference : null).not.toBe(ask.reference)
        }
      }
    })
  })

  describe('while the other side', () => {
    const askEverything = async (opened: Pick<GatewayWorld, 'gateway'>, theirId: string | null, receiptId: string, ask: Ask) => ({
      start: await opened.gateway.start(newAsk(usual)),
      look: await opened.gateway.look?.({ theirId, reference: ask.reference, wants: ask }),
      giveBack: await opened.gateway.giveBack?.({ id: receiptId, theirId, amount: ask.amount, currency: ask.currency }, 'a-key'),
      test: await opened.gateway.test(),
      reported: await opened.gateway.reported?.({ from: new Date(Date.now() - 86_400_000), until: new Date() }),
    })

    test('is away, everything is unknown and nothing is thrown', async () => {
      const { fake, ask, started, receiptId, world: opened } = await paid()
      fake.isAway = true
      const found = await askEverything(opened, theirIdOf(started), receiptId, ask)
      const calls = startsAtOtherSide(started)
      if (calls) expect(found).toMatchObject({ start: { kind: 'unknown' }, test: { ok: false } })
      expect(found.look?.kind ?? 'unknown').toBe('unknown')
      expect(found.giveBack?.kind ?? 'unknown').toBe('unknown')
      expect(found.reported ?? null).toBeNull()
      expectNoSecrets(found, fake.settings)
    })

    test.each([
      ['HTML', answered(200, '<!doctype html><title>Maintenance</title>')],
      ['nothing', answered(200, '')],
      ['null', answered(200, 'null')],
      ['a list', answered(200, '[]')],
      ['a list of nothing', answered(200, '[null,1,"x",{}]')],
      ['an empty object', answered(200, '{}')],
      ['a text', answered(200, '"x"')],
      ['a number', answered(200, '1e400')],
      ['half of a JSON', answered(200, '{"id":"x","url":')],
      ['wrong types everywhere', answered(200, '{"id":1,"url":[],"data":{},"status":{},"links":7,"result":"x","access_token":{}}')],
      ['500 in HTML', answered(500, '<h1>Internal error</h1>')],
      ['503 in JSON', answered(503, '{"error":{"message":"later"}}')],
      ['401 in HTML', answered(401, '<h1>Login</h1>')],
      ['a redirect', answered(302, '')],
      ['more than we read', { kind: 'unknown', reason: 'size', words: 'answered more than 5242880 bytes' } as const],
    ])('answers %s, nothing is believed and nothing is thrown', async (__, outcome) => {
      const { fake, ask, started, receiptId, reopened } = await paid()
      const found = await askEverything({ gateway: reopened({ outgoing: answering(outcome) }) }, theirIdOf(started), receiptId, ask)
      if (startsAtOtherSide(started)) expect(['refused', 'unknown']).toContain(found.start.kind)
      expect(found.look?.kind === 'standing' ? found.look.standing.receipts : []).toEqual([])
      expect(['refused', 'unknown']).toContain(found.giveBack?.kind ?? 'unknown')
      expect(found.reported ?? []).toEqual([])
      if (outcome.kind !== 'answered' || outcome.status >= 400) expect(found.test.ok).toBe(!startsAtOtherSide(started))
      expectNoSecrets(found, fake.settings)
    })
  })

  describe('money that goes back', () => {
    test('is seen as reversals, each once', async () => {
      const { fake, ask, started, receiptId, world: opened, gateway } = await paid()
      const part = fake.refund?.(receiptId, '1')
      if (part === undefined) return expect((await standingOf(opened, ask, started)).reversals).toEqual([])
      const first = await standingOf(opened, ask, started)
      expect(first.receipts).toHaveLength(1)
      expect(first.reversals).toMatchObject([
        { id: part, receiptId, kind: 'refund', state: 'taken', key: null, currency: first.receipts[0]!.currency },
      ])
      expect(formatAmount(first.reversals[0]!.amount, 'JPY')).toBe('1')
      const other = fake.refund!(receiptId, '2')
      const second = await standingOf(opened, ask, started)
      expect(second.reversals.map(({ id }) => id).toSorted()).toEqual([part, other].toSorted())
      const kinds = await Promise.all(fake.hooks(ask.reference).map(async (hook) => (await hear(gateway, callOf(hook))).kind))
      expect(new Set(kinds)).toEqual(new Set(['heard']))
    })

    test('by a dispute is a chargeback, until it is won back', async () => {
      const { fake, ask, started, receiptId, world: opened } = await paid()
      const id = fake.chargeback?.(receiptId)
      if (id === undefined) return expect((await standingOf(opened, ask, started)).reversals).toEqual([])
      const taken = await standingOf(opened, ask, started)
      expect(taken.reversals).toMatchObject([{ id, receiptId, kind: 'chargeback', state: 'taken' }])
      expect(isSameAmount(taken.reversals[0]!, taken.receipts[0]!)).toBe(true)
      if (!fake.winBack) return expect(taken.receipts).toHaveLength(1)
      fake.winBack(id)
      expect((await standingOf(opened, ask, started)).reversals).toMatchObject([{ id, kind: 'chargeback', state: 'won back' }])
    })

    test('at our wish goes back once for each key, also when the answer is lost', async () => {
      const { ask, started, standing, world: opened, gateway } = await paid()
      const [receipt] = standing.receipts
      const part = { id: receipt!.id, theirId: theirIdOf(started), amount: { digits: 3n, places: 0 }, currency: receipt!.currency }
      if (!gateway.giveBack) return expect(standing.reversals).toEqual([])
      const keyOf = (key: string) => (gatewayCase.refundsKeepNoKey ? null : key)
      const given = [await gateway.giveBack(part, 'key-1'), await gateway.giveBack(part, 'key-1')]
      expect(given.map(({ kind }) => ['given back', 'under way'].includes(kind))).toEqual([true, true])
      expect((await standingOf(opened, ask, started)).reversals).toMatchObject([{ key: keyOf('key-1'), kind: 'refund', state: 'taken' }])
      for (let nth = 1; nth <= 3; nth += 1) {
        const shaky = opened.reopened({ outgoing: losing(opened.outgoing, nth) })
        await shaky.giveBack!(part, `key-lost-${nth}`)
        await gateway.giveBack(part, `key-lost-${nth}`)
      }
      const keys = (await standingOf(opened, ask, started)).reversals.map(({ key }) => key)
      expect(keys.map(String).toSorted()).toEqual(['key-1', 'key-lost-1', 'key-lost-2', 'key-lost-3'].map((key) => String(keyOf(key))))
    })

    test('is not more than there is', async () => {
      const { gateway, ask, started, receiptId, world: opened } = await paid()
      if (!gateway.giveBack) return expect((await standingOf(opened, ask, started)).reversals).toEqual([])
      const all = { id: receiptId, theirId: theirIdOf(started), amount: ask.amount, currency: ask.currency }
      await gateway.giveBack(all, 'first')
      expect((await gateway.giveBack(all, 'second')).kind).toBe('refused')
      expect((await standingOf(opened, ask, started)).reversals).toHaveLength(1)
    })
  })

  test('what came on a day is reported with our references', async () => {
    const { gateway, ask, receiptId } = await paid()
    const day = { from: new Date(Date.now() - 3_600_000), until: new Date(Date.now() + 3_600_000) }
    const reported = await gateway.reported?.(day)
    if (gateway.reported) expect(reported).toMatchObject([{ id: receiptId, reference: ask.reference }])
    expect((await gateway.reported?.({ from: day.until, until: new Date(Date.now() + 7_200_000) })) ?? []).toEqual([])
  })

  test('the test of the connection likes a right key, and says in plain words that a wrong one is refused', async () => {
    const { gateway, fake, reopened } = await world()
    const right = await gateway.test()
    expect(right).toMatchObject({ ok: true })
    const settings = { ...fake.settings }
    for (const name of sealedFieldsOf(gatewayCase.gateway)) {
      const value = settings[name]
      if (typeof value === 'string') settings[name] = value.slice(0, -8) + (value.endsWith('0') ? '11111111' : '00000000')
    }
    const wrong = await reopened({ settings }).test()
    if (fake.calls.length > 0) expect(wrong.ok).toBe(false)
    expect(wrong.words.length).toBeGreaterThan(10)
    expectNoSecrets([right, wrong], settings)
    expectNoSecrets([right, wrong], fake.settings)
  })
})

/** How a started payment is shown to people: it never leads elsewhere than to the web. */
test.each(allCases.map((each) => [each.gateway.name, each] as const))(
  '%s leads payers to a page by https, or tells what to copy',
  async (_name, each) => {
    const opened = await openWorld(each)
    toClose.push(opened)
    const started: Started = await opened.gateway.start(newAsk(each.currencies[0]))
    if (started.kind === 'redirect') expect(new URL(started.url).protocol).toMatch(/^https?:$/)
    else expect(started).toMatchObject({ kind: 'transfer', lines: expect.any(Array) as unknown[] })
  },
)
