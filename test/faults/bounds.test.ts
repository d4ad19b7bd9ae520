import { connect } from 'node:net'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { MOST_CHARACTERS, MOST_LINES } from '../../contract/service-types.ts'
import { encodingFor } from '../../server/requests/accept-encoding.ts'
import { openByteCache } from '../../server/requests/byte-cache.ts'
import { pageCaller } from '../../server/customers/page-callers.ts'
import type { Queryable } from '../../server/db/pool.ts'
import { storeMassOrder } from '../../server/orders/mass-orders.ts'
import { readIdRanges } from '../../server/customers/id-ranges.ts'
import { hostsIn, hostTable } from '../../server/house-rules/hosts.ts'
import { houseRules } from '../../server/house-rules/rules.ts'
import { readMassOrderText } from '../../server/ordering/mass-order-text.ts'
import { betweenLetters, trimmedEnd } from '../../server/text.ts'
import { openDocket } from '../support/docket.ts'
import { ownPages } from '../support/own-pages.ts'

const docket = openDocket({ DOCKET_PUBLIC_URL: '' })

describe('what is remembered of callers is bounded in bytes', () => {
  test('a cache forgets what was asked for longest ago, and never keeps what alone is more than half of it', () => {
    const cache = openByteCache<string>(1000)
    cache.set('a', 'first', 400)
    cache.set('b', 'second', 400)
    expect(cache.get('a')).toBe('first')
    cache.set('c', 'third', 400)
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['first', undefined, 'third'])
    cache.set('d', 'large', 501)
    expect(cache.get('d')).toBeUndefined()
    expect(cache.bytes()).toBeLessThanOrEqual(1000)
    cache.clear()
    expect(cache.bytes()).toBe(0)
  })

  test('an Accept-Encoding that no client sends is answered without compression', () => {
    expect(encodingFor('gzip, deflate, br')).toBe('br')
    expect(encodingFor('br;q=0, gzip;q=0.5')).toBe('gzip')
    expect(encodingFor(`${' '.repeat(60_000)}br`)).toBe('identity')
    expect(encodingFor(undefined)).toBe('identity')
  })

  test('a page is drawn for what can be a host, of the length of one', async () => {
    const shown = async (host: string) => {
      const socket = connect(Number(new URL(docket.node.url!).port), '127.0.0.1')
      socket.write(`GET /openapi.json HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
      let text = ''
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      await once(socket, 'close')
      return /"servers":\[\{"url":"([^"]*)"/.exec(text)?.[1]
    }
    expect(await shown('panel.example:8080')).toBe('http://panel.example:8080')
    expect(await shown('[::1]:80')).toBe('http://[::1]:80')
    const longest = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`
    expect(await shown(longest)).toBe(`http://${longest}`)
    for (const host of [`a.${longest}aaaaaaaa`, 'a'.repeat(60_000), `${'a'.repeat(64)}.example`, 'a..b', '-.x/y', '"><b>'])
      expect(await shown(host)).toBe('http://localhost')
  })
})

describe('what a caller may send is bounded', () => {
  test(`a field of lines has at most ${MOST_LINES} lines and ${MOST_CHARACTERS} characters`, async () => {
    const { key } = await docket.account()
    const service = await docket.service({ type: 'Custom Comments', max: 1_000_000, rate: '0.001' })
    const quote = (comments: string) => docket.call({ key, action: 'quote', service, link: 'https://example.com/p', comments })
    expect(await quote('a\n'.repeat(MOST_LINES))).toEqual({ charge: '0.01000', currency: 'USD' })
    expect(await quote('a\n'.repeat(MOST_LINES + 1))).toEqual({ error: 'Incorrect request' })
    expect(await quote('a'.repeat(MOST_CHARACTERS))).toEqual({ charge: '0.00001', currency: 'USD' })
    expect(await quote('a'.repeat(MOST_CHARACTERS + 1))).toEqual({ error: 'Incorrect request' })
  })

  test('ranges of ids that name more than anybody means are not read', () => {
    expect(readIdRanges('1-9999,20000')).toHaveLength(2)
    expect(readIdRanges(Array(5000).fill('1-9999').join(','))).toBeUndefined()
  })

  test('a list of orders has at most 100 columns: a line with more is refused', () => {
    const names = Array.from({ length: 150 }, (_, at) => `c${at}`)
    const heading = ['service', 'link', 'quantity', ...names].join('|')
    const { lines } = readMassOrderText(`${heading}\n101|a|10\n101|a|10${'|'.repeat(120)}x`)
    expect(lines.map(({ parameters, refusal }) => parameters ?? refusal?.code)).toEqual([
      { service: '101', link: 'a', quantity: '10' },
      'columns',
    ])
  })

  test('a form of a page with more than 1000 fields is refused', async () => {
    const me = await ownPages(docket)
    const fields = Object.fromEntries(Array.from({ length: 1100 }, (_, at) => [`f${at}`, '']))
    expect((await me.post('/orders/bulk', { ...fields, act: 'cancel', 'order-1': 'on' })).status).toBe(403)
  })

  test('a page is asked by words that every object has', async () => {
    const me = await ownPages(docket)
    for (const word of ['__proto__', 'constructor', 'toString']) {
      for (const path of ['/webhooks?done=', '/keys?done=', '/orders?status=', '/services?sort=', '/funds?cause=', '/usage?days='])
        expect({ path, word, status: (await me.get(path + word)).status }).toEqual({ path, word, status: 200 })
    }
  })

  test('a page whose account is suspended at this moment tells that it has expired, and is no fault', async () => {
    const me = await ownPages(docket)
    expect((await me.get('/keys')).status).toBe(200)
    // As a suspension leaves it for a request that found its session just before.
    await docket.db.query('update api_keys set refused = true where account_id = $1 and of_pages', [me.account])
    expect((await me.get('/keys')).status).toBe(403)
  })

  test('a form of a stranger for a page of others is refused before it is read, however much follows', async () => {
    const socket = connect(Number(new URL(docket.node.url!).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(
      'POST /mass-order HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 403 [\s\S]*connection: close/i)
    socket.destroy()
  })
})

test('a list that is sent again is kept, also when the first was forgotten for newer ones at the same moment', async () => {
  const me = await ownPages(docket)
  const { bookId } = await pageCaller(docket.db, me.account, docket.clock.now())
  const list = { bookId, form: 'sent twice', heading: null, lines: [], at: docket.clock.now() }
  const first = await storeMassOrder(docket.db, list)
  let asked = 0
  const query = async (text: string, values: unknown[]) => {
    const answer = await docket.db.query(text, values)
    if ((asked += 1) === 1) await docket.db.query('delete from mass_orders where id = $1', [first])
    return answer
  }
  expect(await storeMassOrder({ query } as Queryable, list)).toBeGreaterThan(first)
})

describe('a rule of the house is found whatever is around it', () => {
  const rule = { id: 1, kind: 'host', pattern: 'evil.example', reason: 'test' } as const
  const forbids = (comments: string) => houseRules([rule]).forbidding({ link: 'x', parameters: { comments } }) !== undefined

  test('behind labels without end, and behind accents without end', () => {
    expect(forbids(`${'a.'.repeat(50_000)}evil.example`)).toBe(true)
    expect(forbids(`a${'\u0316\u0301'.repeat(50_000)} evil.example`)).toBe(true)
    expect(forbids(`${'\ufdfa'.repeat(50_000)} evil.example`)).toBe(true)
    expect(forbids('a.'.repeat(50_000))).toBe(false)
  })

  test('hosts in a text are names with single dots in between', () => {
    expect(hostsIn('see ..a.b...c.d. and e, or .f.g')).toEqual(['a.b', 'c.d', 'f.g'])
    const found = hostTable(new Map([['b.c', 1], ['c', 2]])) // prettier-ignore
    expect([found('a.b.c', String), found('x.c', String), found('a.b.d', String), found('', String)]).toEqual([
      '1',
      '2',
      undefined,
      undefined,
    ])
  })
})

test('what stands at an end is cut off in linear time', () => {
  expect([trimmedEnd('100.500', '0'), trimmedEnd('///', '/'), trimmedEnd('a', '0')]).toEqual(['100.5', '', 'a'])
  expect([betweenLetters('42pass word!!'), betweenLetters('123'), betweenLetters('x')]).toEqual(['pass word', '', 'x'])
})
