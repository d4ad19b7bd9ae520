import { describe, expect, test } from 'vitest'
import type { Fields } from '../support/client-encodings.ts'
import { type ClientShape, clientShapes } from '../support/client-shapes.ts'
import { freshFixture } from '../support/contract-fixture.ts'
import { openDocket } from '../support/docket.ts'
import { exchangeBytes } from '../support/raw-http.ts'

const LINK = 'https://example.com/p/語?a=1&b=c d+~*é🎉'.replace(' ', '%20')
const COMMENTS = ['Nice one, really', 'ü & ö', '50 % + 1', '“quoted”', 'a=b', '{"json":1}', 'seven', '語', '🎉', 'ten'].join('\r\n')

/** One, one of another account, one more, and one that does not exist: the fixture of the contract. */
const MANY = [1, 10, 100, 9]
const STATUS_OF_MANY =
  '{"1":{"charge":"0.27819","start_count":"3572","status":"Partial","remains":"157","currency":"USD"},' +
  '"10":{"error":"Incorrect order ID"},' +
  '"100":{"charge":"1.44219","start_count":"234","status":"In progress","remains":"10","currency":"USD"},' +
  '"9":{"error":"Incorrect order ID"}}'

describe('a reseller is served the same, character by character, whichever library speaks for it', () => {
  const docket = openDocket()

  /** The answer's text, after its head was found to be what clients in the field need. */
  async function ask({ write }: ClientShape, fields: Fields): Promise<string> {
    const { status, headers, text } = await exchangeBytes(docket.node.url!, write(new URL(docket.node.url!).host, fields))
    expect({ status, type: headers.get('content-type'), cache: headers.get('cache-control'), text }).toMatchObject({
      status: 200,
      type: 'application/json',
      cache: 'no-store',
    })
    return text
  }

  test('no two of these clients send the same bytes', () => {
    const written = clientShapes.map(({ write }) => write('example.com', { key: 'k', action: 'status', orders: MANY }).toString())
    expect(new Set(written).size).toBe(clientShapes.length)
    expect(new Set(clientShapes.map(({ client }) => client)).size).toBe(clientShapes.length)
  })

  for (const shape of clientShapes) {
    test(`reads: ${shape.client}`, async () => {
      const key = await freshFixture(docket.db, docket.clock.now())
      expect(await ask(shape, { key, action: 'balance' })).toBe('{"balance":"100.84292","currency":"USD"}')
      expect((JSON.parse(await ask(shape, { key, action: 'services' })) as object[]).map((service) => Object.keys(service).join())).toEqual(
        [
          'service,name,type,rate,min,max,dripfeed,refill,cancel,category',
          'service,name,type,rate,min,max,dripfeed,refill,cancel,category',
        ],
      )
      const one = '{"charge":"0.27819","start_count":"3572","status":"Partial","remains":"157","currency":"USD"}'
      expect(await ask(shape, { key, action: 'status', order: 1 })).toBe(one)
      expect(await ask(shape, { key, action: 'status', orders: MANY })).toBe(STATUS_OF_MANY)
      expect(await ask(shape, { key, action: 'status', orders: [1] })).toBe(`{"1":${one}}`)
      expect(await ask(shape, { key, action: 'orders', orders: MANY })).toBe(STATUS_OF_MANY)
      for (const name of ['id', 'order_id']) expect(await ask(shape, { key, action: 'status', [name]: 1 })).toBe(one)
      expect(await ask(shape, { key, action: 'refill_status', refill: 1 })).toBe('{"status":"Completed"}')
      expect(await ask(shape, { key, action: 'refill_status', refills: [1, 'Array', 2] })).toBe(
        '[{"refill":1,"status":"Completed"},{"refill":"Array","status":{"error":"Refill not found"}},{"refill":2,"status":"Rejected"}]',
      )
      expect(await ask(shape, { key, action: 'refill_status', orders: [1, 100] })).toBe(
        '[{"refill":1,"status":"Completed"},{"refill":2,"status":"Rejected"}]',
      )
    })

    test(`writes: ${shape.client}`, async () => {
      const key = await freshFixture(docket.db, docket.clock.now())
      const add = { key, action: 'add', service: 1448, link: LINK, quantity: 100 }
      expect(await ask(shape, { ...add, action: 'quote' })).toBe('{"charge":"0.09000","currency":"USD"}')
      const placed = JSON.parse(await ask(shape, { ...add, runs: 'undefined', interval: '', order_reference: 'ü-1' })) as { order: number }
      expect(placed).toStrictEqual({ order: expect.any(Number) })
      expect(await ask(shape, { ...add, idempotency_key: 'ü-1' })).toBe(JSON.stringify(placed))
      expect(await ask(shape, { key, action: 'status', order: placed.order })).toBe(
        '{"charge":"0.09000","start_count":"0","status":"Pending","remains":"100","currency":"USD"}',
      )
      const commented = JSON.parse(await ask(shape, { ...add, service: 1452, comments: COMMENTS })) as { order: number }
      const { rows } = await docket.db.query('select link, quantity, parameters from orders where id = any($1) order by id', [
        [placed.order, commented.order],
      ])
      expect(rows).toEqual([
        { link: LINK, quantity: 100n, parameters: null },
        { link: LINK, quantity: 10n, parameters: { comments: COMMENTS } },
      ])
      expect(await ask(shape, { ...add, quantity: 49 })).toBe('{"error":"Quantity less than minimal 50"}')
      expect(await ask(shape, { ...add, quantity: 10_000, runs: 99, interval: 1 })).toBe('{"error":"Not enough funds on balance"}')
      expect(await ask(shape, { key, action: 'refill', orders: [1, 3] })).toMatch(
        /^\[\{"order":1,"refill":[1-9]\d*\},\{"order":3,"refill":\{"error":"Incorrect order ID"\}\}\]$/,
      )
      expect(await ask(shape, { key, action: 'refill', order: 1 })).toBe('{"error":"Refill already requested"}')
      expect(await ask(shape, { key, action: 'cancel', orders: [9, 2] })).toBe(
        '[{"order":9,"cancel":{"error":"Incorrect order ID"}},{"order":2,"cancel":1}]',
      )
    })
  }
})
