import type { QueryConfig } from 'pg'
import { describe, expect, test } from 'vitest'
import { changeCatalogue, openCatalogue } from '../../server/catalog/catalogue.ts'
import { importServices, readServiceList, setCustomRate, setService } from '../../server/catalog/import.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import type { Database } from '../../server/db/pool.ts'
import { type Docket, openDocket } from '../support/docket.ts'
import { catalogueIsHeard, change, MARK, onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'
import { inShape } from '../support/wire.ts'

/** The caller's list without the mark that the tests themselves put into it. */
async function listed(docket: Docket, parameters: Record<string, string | number>): Promise<any[]> {
  const list = await inShape(await docket.request({ action: 'services', ...parameters }))
  return list.filter((entry: { service: number }) => entry.service !== MARK)
}

describe('services', () => {
  const docket = openDocket()

  test('W6 a service is shown as the operator typed it', async () => {
    const { key } = await docket.account()
    const [typed, whole] = [await onSale(docket, { rate: '0.90', min: 50, max: 10_000, refill: true }), await onSale(docket, { rate: '8' })]
    const list = await listed(docket, { key })
    expect(list.find((entry) => entry.service === typed)).toEqual({
      service: typed,
      name: `Service ${typed}`,
      type: 'Default',
      rate: '0.90',
      min: '50',
      max: '10000',
      dripfeed: false,
      refill: true,
      cancel: false,
      category: 'Test',
    })
    expect(list.find((entry) => entry.service === whole)).toMatchObject({ rate: '8' })
  })

  test('W6 the rate is the caller’s own, and charged', async () => {
    const plain = await docket.account()
    const discounted = await docket.account()
    const agreed = await docket.account()
    const services = [await onSale(docket, { rate: '0.90' }), await onSale(docket, { rate: '0.12345' })] as const
    await changeCatalogue(docket.db, async (tx) => {
      await setAccount(tx, discounted.account, { discountBasisPoints: 333 })
      await setAccount(tx, agreed.account, { discountBasisPoints: 5000 })
      await setCustomRate(tx, agreed.account, services[0], '0.7')
    })
    await catalogueIsHeard(docket)
    const rates = async (key: string) => {
      const list = await listed(docket, { key })
      return services.map((id) => list.find((entry) => entry.service === id).rate)
    }
    expect(await rates(plain.key)).toEqual(['0.90', '0.12345'])
    // Exact, whatever number of places it takes: 0.90 × 0.9667 and 0.12345 × 0.9667.
    expect(await rates(discounted.key)).toEqual(['0.87003', '0.119339115'])
    // An agreed rate is final; the discount is for all others.
    expect(await rates(agreed.key)).toEqual(['0.7', '0.061725'])
    for (const { key } of [plain, discounted, agreed]) {
      const [rate] = await rates(key)
      await placed(docket, key, { service: services[0], quantity: 10_000, max_charge: String(Number(rate) * 10) })
    }
    expect(await docket.balance(plain.key)).toBe('91.00000')
    expect(await docket.balance(discounted.key)).toBe('91.29970')
    expect(await docket.balance(agreed.key)).toBe('93.00000')
    const { rows } = await docket.db.query('select rate, rate_source from orders order by id desc limit 3')
    expect(rows).toEqual([
      { rate: '0.7', rate_source: 'custom' },
      { rate: '0.87003', rate_source: '0.90 - 3.33%' },
      { rate: '0.90', rate_source: null },
    ])
  })

  test('W6 an agreement that ends, ends for list and charge', async () => {
    const { key, account } = await docket.account()
    const service = await onSale(docket, { rate: '2' })
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, account, service, '1'))
    expect(await placed(docket, key, { service, quantity: 1000 })).toBeGreaterThan(0)
    expect(await docket.balance(key)).toBe('99.00000')
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, account, service, null))
    await placed(docket, key, { service, quantity: 1000 })
    expect(await docket.balance(key)).toBe('97.00000')
    await catalogueIsHeard(docket)
    expect((await listed(docket, { key })).find((entry) => entry.service === service)).toMatchObject({ rate: '2' })
  })

  test('W6 flags shown are flags honoured', async () => {
    const { key } = await docket.account()
    const list = async () => listed(docket, { key })
    for (const yes of [true, false]) {
      const service = await onSale(docket, { refill: yes, cancel: yes, dripfeed: yes })
      expect((await list()).find((entry) => entry.service === service)).toMatchObject({ refill: yes, cancel: yes, dripfeed: yes })
      const drip = await docket.call({ key, action: 'add', service, link: 'p', quantity: 1, runs: 2, interval: 5 })
      expect(drip).toEqual(yes ? { order: expect.any(Number) } : { error: 'Drip-feed is not available for this service' })
      const done = await placed(docket, key, { service, quantity: 10 })
      await tell(docket, done, 'Completed')
      const refill = await docket.call({ key, action: 'refill', order: done })
      expect(refill).toEqual(yes ? { refill: expect.stringMatching(/^\d+$/) } : { error: 'Refill is not available for this order' })
      const open = await placed(docket, key, { service, quantity: 10 })
      expect(await docket.call({ key, action: 'cancel', order: open })).toEqual([
        { order: open, cancel: yes ? 1 : { error: 'Order cannot be canceled' } },
      ])
    }
  })

  test('a disabled or hidden service is not listed', async () => {
    const { key } = await docket.account()
    const [disabled, hidden] = [await onSale(docket), await onSale(docket)]
    await change(docket, disabled, { state: 'disabled' })
    await change(docket, hidden, { state: 'hidden' })
    const ids = (await listed(docket, { key })).map((entry) => entry.service)
    expect(ids).not.toContain(disabled)
    expect(ids).not.toContain(hidden)
    const add = { key, action: 'add', link: 'p', quantity: 1 }
    expect(await docket.call({ ...add, service: disabled })).toEqual({ error: 'Service is disabled' })
    expect(await docket.call({ ...add, service: hidden })).toEqual({ error: 'Incorrect service ID' })
    await change(docket, disabled, { state: 'on sale' })
    expect((await listed(docket, { key })).map((entry) => entry.service)).toContain(disabled)
    expect(await docket.call({ ...add, service: disabled })).toEqual({ order: expect.any(Number) })
  })

  test('lang picks names, extended adds what a robot needs', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, {
      name: 'Followers',
      description: 'Starts in an hour',
      refill: true,
      refill_days: 60,
      translations: { sl: { name: 'Sledilci', category: 'Omrežje' }, 'zh-Hant': { name: '追蹤者', description: '一小時內開始' } },
    })
    const inLanguage = async (lang: string) => (await listed(docket, { key, lang, extended: 1 })).find((entry) => entry.service === service)
    expect(await inLanguage('sl')).toMatchObject({
      name: 'Sledilci',
      category: 'Omrežje',
      description: 'Starts in an hour',
      refill_days: 60,
    })
    expect(await inLanguage('SL-si')).toMatchObject({ name: 'Sledilci' })
    expect(await inLanguage('zh-Hant')).toMatchObject({ name: '追蹤者', category: 'Test', description: '一小時內開始' })
    for (const lang of ['de', 'xx', '__proto__', "'; --", 'x'.repeat(1000)])
      expect(await inLanguage(lang)).toMatchObject({ name: 'Followers', category: 'Test' })
    expect((await listed(docket, { key })).find((entry) => entry.service === service)).not.toHaveProperty('description')
  })

  test('what a service promises is data', async () => {
    const { key } = await docket.account()
    const terms = { start_within: 60, finish_within: 1440, when_missed: 'compensate', compensation_basis_points: 250, refill_count: 3 }
    const [promises, plain, cancels] = [
      await onSale(docket, { refill: true, ...terms }),
      await onSale(docket, { refill_count: 3 }),
      await onSale(docket, { finish_within: 5 }),
    ]
    const list = await listed(docket, { key, extended: 1 })
    const entry = (service: number) => list.find((each) => each.service === service)
    const nothing = { start_within: null, finish_within: null, when_missed: null, compensation_basis_points: null, refill_count: null }
    expect(entry(promises)).toMatchObject({ ...terms, start_time: null, finish_time: null })
    expect(entry(plain)).toMatchObject(nothing)
    expect(entry(cancels)).toMatchObject({ ...nothing, finish_within: 5, when_missed: 'cancel' })
    expect((await listed(docket, { key })).find((each) => each.service === promises)).not.toHaveProperty('start_within')

    // As it is shown it is imported; what is not named stays; null takes it back.
    await importServices(docket.db, readServiceList(JSON.stringify([entry(promises), entry(cancels)])))
    await importServices(docket.db, readServiceList(JSON.stringify([{ service: promises, name: 'Renamed', rate: '1', refill: true }])))
    await catalogueIsHeard(docket)
    const again = await listed(docket, { key, extended: 1 })
    expect(again.find((each) => each.service === promises)).toMatchObject({ name: 'Renamed', ...terms })
    expect(again.find((each) => each.service === cancels)).toEqual(entry(cancels))
    const taken = {
      service: promises,
      name: 'Renamed',
      rate: '1',
      start_within: null,
      finish_within: null,
      when_missed: 'cancel',
      refill_count: null,
    }
    await importServices(docket.db, readServiceList(JSON.stringify([taken])))
    await catalogueIsHeard(docket)
    expect((await listed(docket, { key, extended: 1 })).find((each) => each.service === promises)).toMatchObject(nothing)
  })

  test('a short import row changes what it names, and everything else of the service stays', async () => {
    const all = { type: 'Custom Comments', category: 'Kept', min: 5, max: 50, dripfeed: true, refill: true, cancel: true, refill_days: 7, description: 'Kept too', one_active_link: true } // prettier-ignore
    const service = await onSale(docket, all)
    const stored = async (id: number) => (await docket.db.query(`select name, rate, type, category, min::int, max::int, dripfeed, refill, cancel, refill_days, description, one_active_link from services where id = $1`, [id])).rows[0] // prettier-ignore
    await importServices(docket.db, readServiceList(JSON.stringify([{ service, name: 'Renamed', rate: '0.60' }])))
    expect(await stored(service)).toEqual({ ...all, name: 'Renamed', rate: '0.60' })
    await importServices(
      docket.db,
      readServiceList(JSON.stringify([{ service, name: 'Renamed', rate: '0.60', category: null, max: '60' }])),
    )
    expect(await stored(service)).toEqual({ ...all, name: 'Renamed', rate: '0.60', category: '', max: 60 })
  })

  test('lists of the scripts in the field are taken, and each entry that cannot be is named', () => {
    const list = [
      { service: '1', name: 'a', rate: 1.5, type: 'default', category: null, min: '10', max: '100', dripfeed: 0, refill: '1' },
      { service: 2, name: 'b', rate: '2', type: 'custom_comments' },
      { service: 3, name: 'c', rate: '2', type: 'CUSTOM COMMENTS PACKAGE' },
    ]
    expect(readServiceList(`\uFEFF${JSON.stringify(list)}`).map(({ type, category }) => ({ type, category }))).toEqual([
      { type: 'Default', category: '' },
      { type: 'Custom Comments', category: undefined },
      { type: 'Custom Comments Package', category: undefined },
    ])
    const wrong = [{ service: 7, name: 'x', rate: '1,250.00' }, { service: 8, name: 'y', rate: '1' }, { service: 9, name: 'z', rate: '1', type: 'unheard of' }] // prettier-ignore
    expect(() => readServiceList(JSON.stringify(wrong))).toThrow(
      /^Nothing was imported\.\nentry 1, service 7: rate "1,250\.00" must be digits and one dot, like 0\.90\nentry 3, service 9: type "unheard of" is not a known service type$/,
    )
  })

  test('promises that contradict themselves are refused whole', async () => {
    const service = await onSale(docket, { start_within: 60 })
    const one = { service: 5001, name: 'x', rate: '1' }
    for (const [entry, words] of [
      [{ ...one, start_within: 10, finish_within: 9 }, 'finish_within is below start_within'],
      [{ ...one, when_missed: 'compensate' }, 'compensation_basis_points says how much'],
      [{ ...one, when_missed: 'cancel', compensation_basis_points: 5 }, 'there is no compensation_basis_points'],
      [{ ...one, start_within: 0 }, 'start_within'],
      [{ ...one, finish_within: 525_601 }, 'finish_within'],
      [{ ...one, compensation_basis_points: 10_001 }, 'compensation_basis_points'],
      [{ ...one, refill_count: 1.5 }, 'refill_count'],
    ] as const) {
      expect(() => readServiceList(JSON.stringify([entry]))).toThrow(words)
    }
    // Against what is there already, the database refuses.
    const earlier = readServiceList(JSON.stringify([one, { service, name: 'x', rate: '1', finish_within: 30 }]))
    await expect(importServices(docket.db, earlier)).rejects.toThrow('An order cannot finish before it starts')
    await expect(changeCatalogue(docket.db, (tx) => setService(tx, service, { finishWithin: 30 }))).rejects.toThrow(
      'An order cannot finish',
    )
    await expect(changeCatalogue(docket.db, (tx) => setService(tx, service, { min: 9, max: 8 }))).rejects.toThrow('least quantity')
    expect((await docket.db.query('select from services where id = 5001')).rowCount).toBe(0)
  })

  test('an ETag answers 304 until something changes', async () => {
    const { key, account } = await docket.account()
    const other = await docket.account()
    const service = await onSale(docket, { rate: '3' })
    const ask = (etag?: string, asker = key, more = {}) =>
      docket.request({ key: asker, action: 'services', ...more }, 'form', etag === undefined ? {} : { 'If-None-Match': etag })
    const etag = (await ask()).headers.get('etag')!
    for (const sent of [etag, etag.replace('W/', ''), `"other", ${etag}`]) {
      const response = await ask(sent)
      expect(response.status).toBe(304)
      expect(await response.text()).toBe('')
      expect(response.headers.get('etag')).toBe(etag)
    }
    expect((await ask('"other"')).status).toBe(200)
    expect((await ask(etag, other.key)).status).toBe(304)
    expect((await ask(etag, key, { extended: 1 })).status).toBe(200)
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, account, service, '2'))
    await catalogueIsHeard(docket)
    const changed = await ask(etag)
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(etag)
    expect((await ask(changed.headers.get('etag')!, other.key)).status).toBe(200)
  })

  test('gzip and brotli carry the same list', async () => {
    const { key } = await docket.account()
    await onSale(docket, { name: '名稱 with ünïcode' })
    const encoded = async (accepted: string) => {
      const response = await docket.request({ key, action: 'services' }, 'form', { 'Accept-Encoding': accepted })
      return { encoding: response.headers.get('content-encoding'), vary: response.headers.get('vary'), list: await inShape(response) }
    }
    const { list, encoding } = await encoded('identity')
    expect(encoding).toBeNull()
    expect(await encoded('gzip')).toEqual({ encoding: 'gzip', vary: 'accept-encoding', list })
    expect(await encoded('gzip, deflate, br')).toEqual({ encoding: 'br', vary: 'accept-encoding', list })
    expect(await encoded('br;q=0, gzip;q=0.5')).toEqual({ encoding: 'gzip', vary: 'accept-encoding', list })
    expect((await encoded('gzip;q=0')).encoding).toBeNull()
  })
})

describe('a node’s catalogue', () => {
  const docket = openDocket()

  test('W6 a change made during a read is read again', async () => {
    const service = await onSale(docket, { rate: '1' })
    let holdBack: Promise<void> | undefined
    let letGo = () => {}
    let rowsCame = () => {}
    const rows = new Promise<void>((resolve) => (rowsCame = resolve))
    const slow = {
      async query(asked: QueryConfig) {
        const answer = await docket.db.query(asked)
        if (holdBack) rowsCame()
        await holdBack
        return answer
      },
    } as unknown as Database
    const cache = await openCatalogue(slow)
    holdBack = new Promise((resolve) => (letGo = resolve))
    const early = cache.refresh()
    await rows
    await changeCatalogue(docket.db, (tx) => setService(tx, service, { rate: '2' }))
    const late = cache.refresh()
    letGo()
    await early
    expect((await late).services.get(service)!.rate).toBe('2')
    expect(cache.current().services.get(service)!.rate).toBe('2')
  })
})

describe('a large catalogue', () => {
  const docket = openDocket()

  test('W6 five thousand services come whole and in order', async () => {
    const { key } = await docket.account()
    expect(await listed(docket, { key })).toEqual([])
    const ids = Array.from({ length: 5000 }, (_, index) => ((index * 7919) % 5000) + 1)
    const entries = ids.map((service) => ({
      service,
      name: `${service}`,
      category: `C${service % 50}`,
      rate: `${service}.10`,
      min: 1,
      max: 10,
    }))
    await importServices(docket.db, readServiceList(JSON.stringify(entries)))
    await catalogueIsHeard(docket)
    const first = await listed(docket, { key })
    expect(first.map((entry) => entry.service)).toEqual(ids)
    expect(first[4999].rate).toBe(`${ids[4999]}.10`)
    // A changed service keeps its place, a new one comes last.
    await change(docket, ids[10]!, { rate: '5' })
    await importServices(docket.db, readServiceList(JSON.stringify([{ service: 5001, name: 'new', rate: '1' }])))
    await catalogueIsHeard(docket)
    const second = await listed(docket, { key })
    expect(second.map((entry) => entry.service)).toEqual([...ids, 5001])
    expect(second[10].rate).toBe('5')
  })
})
