import { createConnection } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type Encoding, openDocket, type Parameters } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { FORM, inShape, JSON_BODY, post, refusalOf } from '../support/wire.ts'

const encodings: readonly Encoding[] = ['form', 'json', 'multipart', 'query']

describe('how requests arrive and answers leave', () => {
  const docket = openDocket()

  test('every kind of answer carries exactly the two headers', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const calls: Parameters[] = [
      { key, action: 'balance' },
      { key, action: 'services' },
      { key, action: 'add', service, link: 'a', quantity: 1 },
      { key, action: 'quote', service, link: 'a', quantity: 1 },
      { key, action: 'status', orders: '1,2' },
      { key, action: 'refill', orders: '1' },
      { key, action: 'refill_status', refills: '1' },
      { key, action: 'cancel', order: '1' },
      { key, action: 'changes' },
      { key, action: 'ledger' },
      { key, action: 'status', order: '1' },
      { key: 'nobody', action: 'balance' },
      {},
    ]
    for (const call of calls) {
      const byForm = await inShape(await docket.request(call))
      const byQuery = await inShape(await docket.request(call, 'query'))
      expect(Object.keys(byQuery)).toEqual(Object.keys(byForm))
    }
  })

  test('limits and failures carry the same two headers', async () => {
    expect(await inShape(await post(docket.node.url!, 'key=1', { 'content-type': 'text/plain' }), 415)).toHaveProperty('error')
    expect(await inShape(await post(docket.node.url!, 'x', FORM, '/nothing/here'), 404)).toHaveProperty('error')
  })

  test('all four paths reach one handler', async () => {
    const { key } = await docket.account({ balance: '3.5' })
    for (const path of ['/api/v2', '/api/v2/', '/api2/v2', '/api2/v2/']) {
      const body = new URLSearchParams({ key, action: 'balance' }).toString()
      const wanted = { balance: '3.50000', currency: 'USD' }
      expect(await inShape(await post(docket.node.url!, body, FORM, path))).toEqual(wanted)
      expect(await inShape(await fetch(`${docket.node.url}${path}?${body}`))).toEqual(wanted)
    }
  })

  for (const encoding of encodings) {
    test(`an order arrives the same as ${encoding}`, async () => {
      const { key } = await docket.account()
      const service = await onSale(docket)
      const link = `https://example.com/${encoding}?a=1&b=ü 語 🎉%20`.replaceAll(' ', '+')
      const { order } = await docket.call({ action: 'add', service, link, quantity: 1000, key }, encoding)
      const { rows } = await docket.db.query('select link, quantity from orders where id = $1', [order])
      expect(rows).toEqual([{ link, quantity: 1000n }])
      expect(await docket.balance(key)).toBe('99.00000')
    })
  }

  test('a body that does not say its type is a form', async () => {
    const { key } = await docket.account()
    const answer = await inShape(await post(docket.node.url!, `action=balance&key=${key}`))
    expect(answer).toEqual({ balance: '100.00000', currency: 'USD' })
  })

  test('a charset or capitals in the type change nothing', async () => {
    const { key } = await docket.account()
    const types = [
      'application/x-www-form-urlencoded; charset=UTF-8',
      'Application/X-WWW-Form-Urlencoded',
      'application/x-www-form-urlencoded;charset=utf-8;x=y',
    ]
    for (const type of types) {
      const response = await post(docket.node.url!, `action=balance&key=${key}`, { 'content-type': type })
      expect(await inShape(response)).toMatchObject({ balance: '100.00000' })
    }
    const json = await post(docket.node.url!, JSON.stringify({ key, action: 'balance' }), {
      'content-type': 'application/json; charset=utf-8',
    })
    expect(await inShape(json)).toMatchObject({ balance: '100.00000' })
  })

  test('other content types are 415 in one sentence', async () => {
    for (const type of ['text/plain', 'text/html', 'application/xml', 'application/octet-stream', 'image/png', 'nonsense', 'a/b/c']) {
      const answer = await inShape(await post(docket.node.url!, 'key=x&action=balance', { 'content-type': type }), 415)
      expect(answer).toEqual({ error: 'Send a form, JSON or multipart', code: 'unsupported_content_type' })
    }
  })

  test('methods of no use are answered in JSON', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await fetch(`${docket.node.url}/api/v2`, { method })
      expect(await inShape(response, 404)).toEqual({ error: expect.stringMatching(/\S/) })
    }
  })

  test('a key may come last, after thousands of ids', async () => {
    const { key } = await docket.account()
    const orders = Array.from({ length: 5000 }, (_, index) => index + 1_000_000).join(',')
    const answer = await inShape(await post(docket.node.url!, `action=status&orders=${orders}&key=${key}`, FORM))
    expect(Object.keys(answer)).toHaveLength(5000)
    expect(answer[1_000_099]).toEqual({ error: 'Incorrect order ID' })
    expect(answer[1_000_100]).toEqual({ error: 'Too many order IDs' })
    expect(answer[1_004_999]).toEqual({ error: 'Too many order IDs' })
  })

  test('of a repeated parameter the last one counts', async () => {
    const { key } = await docket.account({ balance: '7' })
    const wanted = { balance: '7.00000', currency: 'USD' }
    const form = `key=nobody&action=services&action=balance&key=${key}`
    expect(await inShape(await post(docket.node.url!, form, FORM))).toEqual(wanted)
    expect(await inShape(await fetch(`${docket.node.url}/api/v2?${form}`))).toEqual(wanted)
    const multipart = new FormData()
    for (const [name, value] of new URLSearchParams(form)) multipart.append(name, value)
    expect(await inShape(await post(docket.node.url!, multipart))).toEqual(wanted)
    expect(await inShape(await post(docket.node.url!, `{"action":"services","action":"balance","key":"${key}"}`, JSON_BODY))).toEqual(
      wanted,
    )
  })

  test('a list keeps all values of a repeated field, by form, address, multipart and JSON, and with brackets as PHP and axios write them', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Custom Comments' })
    const ways = (pairs: [string, string][]) => {
      const form = new URLSearchParams(pairs).toString()
      const multipart = new FormData()
      for (const [name, value] of pairs) multipart.append(name, value)
      return [
        () => post(docket.node.url!, form, FORM),
        () => fetch(`${docket.node.url}/api/v2?${form}`),
        () => post(docket.node.url!, multipart),
      ]
    }
    for (const names of [['orders', 'orders'], ['orders[]', 'orders[]'], ['orders[0]', 'orders[1]']] as const) {
      for (const ask of ways([['key', key], ['action', 'status'], [names[0], '1'], [names[1], '2']])) {
        expect(Object.keys(await inShape(await ask()))).toEqual(['1', '2'])
      }
    } // prettier-ignore
    expect(Object.keys(await docket.call({ key, action: 'status', 'orders[]': '1,2' }, 'json'))).toEqual(['1', '2'])
    const comments: [string, string][] = [['comments', 'one'], ['comments', 'two'], ['comments', 'three']] // prettier-ignore
    for (const ask of ways([['key', key], ['action', 'quote'], ['service', String(service)], ['link', 'p'], ...comments])) {
      expect(await inShape(await ask())).toEqual({ charge: '0.00300', currency: 'USD' })
    }
  })

  test('bytes that are no UTF-8 are an incorrect request, and nothing is bought', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Custom Comments' })
    const escaped = `key=${key}&action=add&service=${service}&link=p&comments=%E3%D1%0A%CC`
    const raw = Buffer.concat([Buffer.from(`key=${key}&action=add&service=${service}&link=p&comments=`), Buffer.from('e3d10acc', 'hex')])
    const json = Buffer.concat([
      Buffer.from(`{"key":"${key}","action":"add","service":${service},"link":"p","comments":"`),
      Buffer.from('e3d1cc', 'hex'),
      Buffer.from('"}'),
    ])
    const fields = Object.entries({ key, action: 'add', service, link: 'p' }).map(
      ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    const multipart = Buffer.concat([
      Buffer.from(`${fields.join('')}--b\r\nContent-Disposition: form-data; name="comments"\r\n\r\n`),
      Buffer.from('e3d1cc', 'hex'),
      Buffer.from('\r\n--b--\r\n'),
    ])
    const calls = [
      post(docket.node.url!, escaped, FORM),
      fetch(`${docket.node.url}/api/v2?${escaped}`),
      post(docket.node.url!, raw, FORM),
      post(docket.node.url!, json, JSON_BODY),
      post(docket.node.url!, multipart, { 'content-type': 'multipart/form-data; boundary=b' }),
    ]
    for (const call of calls) expect(await refusalOf(await call)).toBe('Incorrect request')
    expect(await docket.balance(key)).toBe('100.00000')
  })

  test('a body that begins with a brace is JSON, whatever type it says and also behind a byte order mark', async () => {
    const { key } = await docket.account({ balance: '7' })
    const body = `{"key":"${key}","action":"balance"}`
    const types = ['application/x-www-form-urlencoded', 'text/plain', 'text/json', 'multipart/form-data', 'application/json', 'a/b']
    for (const type of types) {
      for (const text of [body, `\uFEFF${body}`, ` \n${body}`]) {
        expect(await inShape(await post(docket.node.url!, text, { 'content-type': type }))).toEqual({ balance: '7.00000', currency: 'USD' })
      }
    }
  })

  test('a max_charge that is sent but cannot be read is refused, and nothing is bought without a bound', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    for (const encoding of encodings) {
      for (const max_charge of ['undefined', 'null', '', ' ', '1,5', 'x', '-', '1e3', '١']) {
        const order = { key, action: 'add', service, link: 'https://example.com/p', quantity: 10, max_charge }
        expect(await docket.call(order, encoding)).toEqual({ error: 'Incorrect request' })
      }
    }
    expect(await docket.balance(key)).toBe('100.00000')
  })

  test('other names that buyers send are read: for status of many, of one, and for a retry key', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const add = { key, action: 'add', service, link: 'https://example.com/p', quantity: 10 }
    const { order } = await docket.call({ ...add, order_reference: 'mine' })
    expect(await docket.call({ ...add, order_reference: 'mine' })).toEqual({ order })
    expect(await docket.call({ ...add, request_id: 'mine' })).toEqual({ order })
    const one = await docket.call({ key, action: 'status', order })
    expect(Object.keys(one)).toEqual(['charge', 'start_count', 'status', 'remains', 'currency'])
    for (const name of ['id', 'order_id']) expect(await docket.call({ key, action: 'status', [name]: order })).toEqual(one)
    for (const action of ['orders', 'multi_status', 'multi-status']) {
      expect(await docket.call({ key, action, orders: String(order) })).toEqual({ [String(order)]: one })
      expect(await docket.call({ key, action })).toEqual({ error: 'Incorrect request' })
    }
    // A write is never inferred.
    for (const action of ['cancel', 'refill']) expect(await docket.call({ key, action, id: order })).toHaveProperty('error')
  })

  test('what is in body and address counts from the body', async () => {
    const { key } = await docket.account({ balance: '7' })
    const response = await post(docket.node.url!, 'action=balance', FORM, `/api/v2?action=services&key=${key}`)
    expect(await inShape(response)).toEqual({ balance: '7.00000', currency: 'USD' })
  })

  for (const encoding of encodings) {
    test(`empty, undefined and null are absent as ${encoding}`, async () => {
      const { key } = await docket.account()
      const service = await onSale(docket)
      const order = { key, action: 'add', service, link: 'https://example.com/p', quantity: 10 }
      for (const nothing of ['', 'undefined', 'null', '  ']) {
        expect(await docket.call({ ...order, link: nothing }, encoding)).toEqual({ error: 'Link is required' })
        expect(await docket.call({ ...order, quantity: nothing }, encoding)).toEqual({ error: 'Quantity is required' })
        expect(await docket.call({ ...order, key: nothing }, encoding)).toEqual({ error: 'Invalid API key' })
        expect(await docket.call({ ...order, action: nothing }, encoding)).toEqual({ error: 'Incorrect request' })
        const answer = await docket.call({ ...order, runs: nothing, interval: nothing, idempotency_key: nothing }, encoding)
        expect(answer).toEqual({ order: expect.any(Number) })
      }
      // Four orders, not one four times: an absent key is no key.
      expect(await docket.balance(key)).toBe('99.96000')
    })
  }

  test('JSON null and JSON text null are both absent', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const body = { key, action: 'add', service, link: 'https://example.com/p', quantity: 10, runs: null, interval: null, comments: null }
    expect(await inShape(await post(docket.node.url!, JSON.stringify(body), JSON_BODY))).toEqual({ order: expect.any(Number) })
    expect(await refusalOf(await post(docket.node.url!, JSON.stringify({ ...body, link: null }), JSON_BODY))).toBe('Link is required')
  })

  test('JSON lists are ids and lines', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Custom Comments', rate: '1000' })
    const comments = ['Nice one, really', 'two', '']
    const { order } = await inShape(
      await post(docket.node.url!, JSON.stringify({ key, action: 'add', service, link: 'p', comments }), JSON_BODY),
    )
    expect(await docket.balance(key)).toBe('98.00000')
    const answer = await inShape(
      await post(docket.node.url!, JSON.stringify({ key, action: 'status', orders: [order, 999, null, 'null', 'x'] }), JSON_BODY),
    )
    expect(answer).toEqual({
      [order]: expect.objectContaining({ charge: '2.00000', remains: '2' }),
      999: { error: 'Incorrect order ID' },
      null: { error: 'Incorrect order ID' },
      x: { error: 'Incorrect order ID' },
    })
  })

  test('JSON that is no object is an incorrect request', async () => {
    for (const body of ['', '[]', 'null', '1', '"key"', '{', '{"key":}', "{'key':1}", '\uFEFFx', 'key=1&action=balance', '[{"key":1}]']) {
      expect(await refusalOf(await post(docket.node.url!, body, JSON_BODY))).toBe('Incorrect request')
    }
  })

  test('W2 JSON values that are no text are refused where they matter', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const comments = await onSale(docket, { type: 'Custom Comments' })
    const order = { key, action: 'add', service, link: 'https://example.com/p', quantity: 10 }
    const json = (body: object) => post(docket.node.url!, JSON.stringify(body), JSON_BODY)
    expect(await refusalOf(await json({ ...order, link: { a: 1 } }))).toBe('Incorrect link')
    expect(await refusalOf(await json({ ...order, quantity: { toString: 1 } }))).toBe('Incorrect quantity')
    expect(await refusalOf(await json({ ...order, quantity: true }))).toBe('Incorrect quantity')
    expect(await refusalOf(await json({ ...order, service: comments, comments: ['fine', { toString: 'x' }] }))).toBe('Incorrect request')
    expect(await refusalOf(await json({ ...order, action: { toString: 'x' } }))).toBe('Incorrect request')
    expect(await refusalOf(await json({ ...order, key: [{ valueOf: null, toString: null }] }))).toBe('Invalid API key')
    await inShape(await json({ key, action: 'status', orders: [{ toString: 'x' }, 1] }))
    await inShape(await json({ key, action: 'refill_status', refills: [1, { error: 'Incorrect order ID' }, [[2]]] }))
    expect(await inShape(await json({ ...order, something: { else: [] }, toString: [1, 2], constructor: {} }))).toEqual({
      order: expect.any(Number),
    })
    expect(await docket.balance(key)).toBe('99.99000')
  })

  test('W2 JSON nested a hundred thousand deep is refused', async () => {
    const { key } = await docket.account()
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    const deeper = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)
    for (const value of [deep, deeper]) {
      expect(await refusalOf(await post(docket.node.url!, `{"key":"${key}","action":${value}}`, JSON_BODY))).toBe('Incorrect request')
      await inShape(await post(docket.node.url!, `{"key":"${key}","action":"status","orders":[${value}]}`, JSON_BODY))
      expect(await inShape(await post(docket.node.url!, `{"key":"${key}","action":"balance","x":${value}}`, JSON_BODY))).toHaveProperty(
        'balance',
      )
    }
  })

  test('W2 names of the language itself are no parameters', async () => {
    const { key } = await docket.account()
    const body = '{"__proto__":{"key":"x","action":"balance"},"constructor":"x","toString":"y"}'
    expect(await refusalOf(await post(docket.node.url!, body, JSON_BODY))).toBe('Invalid API key')
    expect(await refusalOf(await post(docket.node.url!, `key=${key}&__proto__=balance&hasOwnProperty=1`, FORM))).toBe('Incorrect request')
    for (const action of ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
      expect(await docket.call({ key, action })).toEqual({ error: 'Incorrect request' })
    }
  })

  test('W2 broken multipart bodies are incorrect requests', async () => {
    const { key } = await docket.account()
    const part = (name: string, value: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    const whole = `${part('key', key)}${part('action', 'balance')}--b--\r\n`
    const type = { 'content-type': 'multipart/form-data; boundary=b' }
    expect(await inShape(await post(docket.node.url!, whole, type))).toMatchObject({ balance: '100.00000' })
    expect(await refusalOf(await post(docket.node.url!, whole, { 'content-type': 'multipart/form-data' }))).toBe('Incorrect request')
    expect(await refusalOf(await post(docket.node.url!, whole.slice(0, -12), type))).toBe('Incorrect request')
    expect(await refusalOf(await post(docket.node.url!, '', type))).toMatch(/^(Incorrect request|Invalid API key)$/)
    expect(await refusalOf(await post(docket.node.url!, 'no parts at all', type))).toMatch(/^(Incorrect request|Invalid API key)$/)
  })

  test('a file in a multipart body is ignored', async () => {
    const { key } = await docket.account()
    const form = new FormData()
    form.append('upload', new Blob(['x'.repeat(50_000)]), 'picture.png')
    form.append('key', key)
    form.append('action', 'balance')
    expect(await inShape(await post(docket.node.url!, form))).toMatchObject({ balance: '100.00000' })
  })

  test('W2 broken percent encodings never fail', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const order = `key=${key}&action=add&service=${service}&quantity=10&link=`
    for (const broken of ['%', '%zz', '%E0%A4%A', '%ff%fe', 'a%0', '%u0041', '+%', '%F0%9F%98']) {
      await inShape(await post(docket.node.url!, `${order}${broken}`, FORM))
      await inShape(await fetch(`${docket.node.url}/api/v2?${order}${broken}`))
      expect(['Invalid API key', 'Incorrect request']).toContain(
        await refusalOf(await post(docket.node.url!, `action=balance&key=${broken}`, FORM)),
      )
    }
    for (const body of ['', '&&&', '=&=', '=', '%=%', '&key', '?', '#', '\0']) {
      expect(await refusalOf(await post(docket.node.url!, body, FORM))).toBe('Invalid API key')
    }
  })

  test('NUL and control characters are refused everywhere', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const mentions = await onSale(docket, { type: 'Mentions User Followers' })
    const comments = await onSale(docket, { type: 'Custom Comments' })
    const add = { key, action: 'add', service, link: 'https://example.com/p', quantity: 10 }
    for (const encoding of encodings) {
      expect(await docket.call({ ...add, link: 'https://example.com/\0' }, encoding)).toEqual({ error: 'Incorrect link' })
      expect(await docket.call({ ...add, link: 'a\u0001b' }, encoding)).toEqual({ error: 'Incorrect link' })
      expect(await docket.call({ ...add, quantity: '1\0' }, encoding)).toEqual({ error: 'Incorrect quantity' })
      expect(await docket.call({ ...add, service: mentions, username: 'a\0b' }, encoding)).toEqual({ error: 'Incorrect request' })
      expect(await docket.call({ ...add, service: comments, comments: 'a\nb\0' }, encoding)).toEqual({ error: 'Incorrect request' })
      expect(await docket.call({ ...add, idempotency_key: 'a\0b' }, encoding)).toEqual({ error: 'Incorrect request' })
      expect(await docket.call({ ...add, idempotency_key: 'a\u001fb' }, encoding)).toEqual({ error: 'Incorrect request' })
      expect(await docket.call({ ...add, max_charge: '1\0' }, encoding)).toEqual({ error: 'Incorrect request' })
      expect(await docket.call({ key, action: 'bal\0ance' }, encoding)).toEqual({ error: 'Incorrect request' })
      expect(await docket.call({ key: `${key}\0`, action: 'balance' }, encoding)).toEqual({ error: 'Invalid API key' })
      expect(await docket.call({ key, action: 'status', order: '1\0' }, encoding)).toEqual({ error: 'Incorrect order ID' })
    }
    expect(await docket.balance(key)).toBe('100.00000')
  })

  test('lone surrogates are stored as the replacement character', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Custom Comments' })
    const body = `{"key":"${key}","action":"add","service":${service},"link":"a\\ud800b","comments":["x\\udc00","y"],"idempotency_key":"\\ud83d"}`
    const { order } = await inShape(await post(docket.node.url!, body, JSON_BODY))
    const { rows } = await docket.db.query('select link, parameters from orders where id = $1', [order])
    expect(rows).toEqual([{ link: 'a\uFFFDb', parameters: { comments: 'x\uFFFD\ny' } }])
    const status = await inShape(await post(docket.node.url!, `{"key":"${key}","action":"status","orders":"\\ud800,${order}"}`, JSON_BODY))
    expect(Object.keys(status)).toEqual([String(order), '\uFFFD'])
  })

  test('the idempotency header stands for the parameter', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const add = { key, action: 'add', service, link: 'https://example.com/p', quantity: 10 }
    const headers = { 'Idempotency-Key': 'header-1' }
    const first = await docket.call(add, 'form', headers)
    for (const encoding of encodings) expect(await docket.call(add, encoding, headers)).toEqual(first)
    expect(await docket.call({ ...add, request_id: 'header-1' })).toEqual(first)
    expect(await docket.call({ key, action: 'status' }, 'form', headers)).toMatchObject({ charge: '0.01000' })
    expect(await docket.balance(key)).toBe('99.99000')
    // A parameter says it closer to the order than a header that a proxy may set.
    expect(await docket.call({ ...add, idempotency_key: 'parameter' }, 'form', headers)).not.toEqual(first)
  })

  test('an idempotency header that says undefined is absent', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const add = { key, action: 'add', service, link: 'https://example.com/p', quantity: 10 }
    for (const nothing of ['undefined', 'null', ' ', '']) {
      const first = await docket.call(add, 'form', { 'Idempotency-Key': nothing })
      const second = await docket.call(add, 'form', { 'Idempotency-Key': nothing })
      expect(second.order).toBeGreaterThan(first.order)
    }
  })
})

describe('quirks of clients in the field', () => {
  const docket = openDocket()

  test('a link spilt over a GET keeps its other parameters', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const address = `${docket.node.url}/api/v2?key=${key}&action=add&service=${service}&link=https://example.com/p?a=1&b=2&igsh=x==&quantity=10`
    const { order } = await inShape(await fetch(address))
    const { rows } = await docket.db.query('select link, quantity from orders where id = $1', [order])
    expect(rows).toEqual([{ link: 'https://example.com/p?a=1', quantity: 10n }])
  })

  test('a client of 1998 that sends raw bytes is served', async () => {
    const { key } = await docket.account()
    const body = `key=${key}&action=balance`
    const head = `POST /api/v2/ HTTP/1.0\r\nUser-Agent: Mozilla/4.0 (compatible; MSIE 5.01; Windows NT 5.0)\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`
    const answer = await exchange(docket.node.url!, head + body)
    expect(answer).toMatch(/^HTTP\/1\.[01] 200 OK\r\n/)
    expect(answer).toMatch(/\r\ncontent-type: application\/json\r\n/i)
    expect(answer).toMatch(/\r\n\r\n\{"balance":"100\.00000","currency":"USD"\}$/)
  })

  test('W3 a list that joined an error object answers each', async () => {
    const { key } = await docket.account()
    expect(await docket.call({ key, action: 'refill_status', refills: '1,Array' })).toEqual([
      { refill: 1, status: { error: 'Refill not found' } },
      { refill: 'Array', status: { error: 'Refill not found' } },
    ])
    expect(await docket.call({ key, action: 'refill_status', refills: '[object Object],2' })).toEqual([
      { refill: '[object Object]', status: { error: 'Refill not found' } },
      { refill: 2, status: { error: 'Refill not found' } },
    ])
  })

  test('an empty expiry is no expiry', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Subscriptions' })
    const order = await docket.call({ key, action: 'add', service, username: 'u', min: 1, max: 2, posts: 3, delay: 0, expiry: '' })
    expect(await docket.call({ key, action: 'status', ...order })).toMatchObject({ expiry: '', posts: '0', status: 'Active' })
  })

  test('order and orders together: orders wins', async () => {
    const { key } = await docket.account()
    expect(await docket.call({ key, action: 'status', order: 1, orders: '2,3' })).toEqual({
      2: { error: 'Incorrect order ID' },
      3: { error: 'Incorrect order ID' },
    })
    expect(await docket.call({ key, action: 'cancel', order: 1, orders: '2' })).toEqual([
      { order: 2, cancel: { error: 'Incorrect order ID' } },
    ])
  })

  test('ids survive parseInt and int', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true })
    const text = await (await docket.request({ key, action: 'add', service, link: 'p', quantity: 1 })).text()
    expect(text).toMatch(/^\{"order":[1-9]\d*\}$/)
    const { order } = JSON.parse(text)
    expect(Number.parseInt(order, 10)).toBe(order)
  })

  test('a hundred status requests at once are all answered', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const { order } = await docket.call({ key, action: 'add', service, link: 'p', quantity: 1 })
    const answers = await Promise.all(Array.from({ length: 100 }, () => docket.call({ key, action: 'status', order })))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 'Pending' })
  })

  test('connections are kept open for over a minute', async () => {
    const answer = await exchange(
      docket.node.url!,
      'GET /api/v2 HTTP/1.1\r\nHost: x\r\n\r\nGET /api/v2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    )
    const seconds = Number(/keep-alive: timeout=(\d+)/i.exec(answer)?.[1])
    expect(seconds).toBeGreaterThan(60)
    expect(answer.match(/\{"error":"Invalid API key"\}/g)).toHaveLength(2)
  })
})

describe('W2 bad input is always answered in shape', () => {
  const docket = openDocket()
  const values = [
    'abc', '-1', '0', '00', '1e3', '0x10', '1.5', '٣', 'NaN', 'Infinity', '9'.repeat(400), '1\n2', '1,2', ',', ',,,', '\\', '"', "'; drop table orders; --",
    '{"a":1}', '[]', '<script>alert(1)</script>', 'true', '🎉', '\u202e', '../../etc/passwd', 'x'.repeat(5000), '%00', '\u0001', '\0', '99999999999999999999',
    '9223372036854775808', '999999999999999999', '{}', '{1,2}', 'NULL', '\uFEFF', '1 OR 1=1',
  ] // prettier-ignore
  const calls: Record<string, readonly string[]> = {
    balance: ['key', 'action'],
    services: ['lang', 'extended', 'key'],
    add: ['service', 'link', 'quantity', 'runs', 'interval', 'max_charge', 'idempotency_key', 'request_id', 'comments', 'expiry'],
    quote: ['service', 'link', 'quantity', 'runs', 'interval', 'max_charge'],
    status: ['order', 'orders', 'idempotency_key', 'extended'],
    refill: ['order', 'orders'],
    refill_status: ['refill', 'refills', 'order', 'orders'],
    cancel: ['order', 'orders'],
    changes: ['since', 'extended'],
    ledger: ['cursor'],
  }

  for (const [action, names] of Object.entries(calls)) {
    for (const [turn, encoding] of encodings.entries()) {
      // Forms meet every value; the others, which share the reading of values with them, every third.
      const some = values.filter((_, index) => encoding === 'form' || index % 3 === turn - 1)
      test(`W2 ${action} survives bad values as ${encoding}`, async () => {
        const { key } = await docket.account()
        const service = await onSale(docket, { dripfeed: true, refill: true, cancel: true })
        const base = { key, action, ...(action === 'add' || action === 'quote' ? { service, link: 'p', quantity: 1 } : {}) }
        for (const name of names) {
          await Promise.all(some.map(async (value) => inShape(await docket.request({ ...base, [name]: value }, encoding))))
        }
        expect(await docket.call({ key, action: 'balance' })).toHaveProperty('balance')
      })
    }
  }
})

describe('a small body limit', () => {
  const docket = openDocket({ DOCKET_BODY_LIMIT: '2048' })

  test('what is too large is 413, whatever its form', async () => {
    const { key } = await docket.account()
    for (const encoding of ['form', 'json', 'multipart'] as const) {
      const fits = await docket.request({ key, action: 'balance', padding: 'x'.repeat(1000) }, encoding)
      expect(await inShape(fits)).toHaveProperty('balance')
      const tooLarge = await docket.request({ key, action: 'balance', padding: 'x'.repeat(3000) }, encoding)
      expect(await inShape(tooLarge, 413)).toEqual({ error: 'The request is too large', code: 'too_large' })
    }
    expect(await inShape(await post(docket.node.url!, 'x'.repeat(3000)), 413)).toHaveProperty('error')
  })

  test('many small parts are too large together', async () => {
    const form = new FormData()
    for (let part = 0; part < 100; part += 1) form.append(`part${part}`, 'x')
    expect(await inShape(await post(docket.node.url!, form), 413)).toHaveProperty('error')
  })
})

describe('GET switched off', () => {
  const docket = openDocket({ DOCKET_GET: 'off' })

  test('a GET is refused and a POST served', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    expect(await refusalOf(await docket.request({ key, action: 'balance' }, 'query'))).toBe('Incorrect request')
    expect(await refusalOf(await docket.request({ key, action: 'add', service, link: 'p', quantity: 1 }, 'query'))).toBe(
      'Incorrect request',
    )
    const head = await fetch(`${docket.node.url}/api/v2?key=${key}&action=add&service=${service}&link=p&quantity=1`, { method: 'HEAD' })
    expect(head.status).toBe(404)
    expect(await docket.balance(key)).toBe('100.00000')
  })
})

/** Bytes out, bytes back until the server closes. */
function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = createConnection({ host: hostname, port: Number(port) }, () => socket.write(bytes))
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })
}
