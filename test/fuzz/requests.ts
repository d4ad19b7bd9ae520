import { type Field, MOST_CHARACTERS, MOST_LINES, serviceTypes } from '../../contract/service-types.ts'
import { type Encoded, encoded, type Transport, transportsOf } from './encode.ts'
import type { Chance } from './random.ts'
import { filled, SHAPES } from './shapes.ts'
import { ONCE, type Target } from './surface/target.ts'

const fieldsByName: ReadonlyMap<string, Field> = new Map(serviceTypes.flatMap(({ fields }) => fields.map((field) => [field.name, field])))

/** Texts that readers of numbers, ids, dates, lists and addresses get wrong. */
const ODD = [
  ['', ' ', '0', '-1', '00', '1.5', '1e3', '0x10', '٣', 'NaN', '9'.repeat(19), '9'.repeat(400), '1,2', ',,,', '1-2', '2-1', '1-99999'],
  ['null', 'undefined', 'true', '[]', '{}', '[object Object]', '__proto__', 'constructor', '\0', '\u0001', '\r\n', '\ud800', '\ufeff'],
  ['javascript:alert(1)', 'http://', 'https://[::1]/', '//x', '/../..', '%', '%zz', '%00', '+', '&', '=', ';', '|', '"', "'", '<b>', '\\'],
  ['31/02/2030', '1/1/1970', '99/99/9999', '2026-02-30', '2026-13', 'a@b', '@', '\u202e', '\u200b', '🎉', '\u0316'.repeat(40), '\ufdfa'],
  [
    "'; drop table orders; --",
    '203.0.113.0/33',
    '::/0',
    '999.1.1.1',
    'zh-HK',
    'xx-yy',
    '4-0',
    '5-0',
    '9999999999-0',
    'in_progress',
    'Completed',
  ],
  // Days and moments that JavaScript and PostgreSQL do not both know, and numbers at the ends of their types.
  [
    '0000-01-01',
    '0000-00-00',
    '0001-01-01',
    '9999-12-31',
    '275760-09-13',
    '-000001-01-01',
    '2026-02-29T24:00Z',
    '0000-01',
    '9999-12',
    '0000-01-01T00',
  ],
  ['2147483647', '2147483648', '9223372036854775807', '9223372036854775808', '999999999999999999', '0.00001', '92233720368547.75807', '-0'],
  [
    '{"a":{"b":[null,1e400]}}',
    '[[[[]]]]',
    '[null]',
    '[-1]',
    '["x"]',
    '[1,1]',
    '{"__proto__":1}',
    '"\\u0000"',
    '"\\ud800"',
    'false',
    '-1e-7',
  ],
].flat()

/** The targets by how often they are asked. Most of what a node is asked is asked by programs, and that is cheap to answer. */
export interface Mix {
  /** The share of requests that goes to others than the API. A page is thirty times as dear as a call. */
  readonly othersShare: number
  readonly api: readonly Target[]
  readonly others: readonly Target[]
  readonly seldom: readonly Target[]
}

export const USUAL_OTHERS_SHARE = 0.2

export function mixOf(surface: readonly Target[], othersShare: number): Mix {
  const usual = surface.filter(({ isSeldom }) => !isSeldom)
  const api = usual.filter(({ kind }) => kind === 'api')
  return { othersShare, api, others: usual.filter(({ kind }) => kind !== 'api'), seldom: surface.filter(({ isSeldom }) => isSeldom) }
}

/** One request: mostly what the field takes, sometimes what lies at or beyond its bounds, or is written wrongly. */
export function anyRequest(chance: Chance, { othersShare, api, others, seldom }: Mix): Encoded {
  const target = chance.one(chance.often(1 - othersShare) ? api : chance.often(0.99) ? others : seldom)
  const names = Object.keys(target.fields)
  const changed = names.length > 0 && chance.often(0.9) ? [chance.one(names), ...(chance.often(0.3) ? [chance.one(names)] : [])] : []
  const largest = sizeOf(chance, target)
  const fields = names
    .filter((name) => !(changed.includes(name) && chance.often(0.1)))
    .map((name) => [name, changed.includes(name) ? anyValue(chance, name, target, largest) : target.fields[name]!] as const)
  const further = chance.often(0.05) ? [[chance.one(names.length > 0 ? names : ['x']), chance.one(ODD)] as const] : []
  const transport = chance.one(transportsOf(target))
  const request = requestTo(
    chance,
    target,
    [...fields, ...further],
    largest > 50_000 && transport === 'query' ? instead(target) : transport,
  )
  const misled = chance.often(0.05) ? miswritten(chance, request) : request
  const path = chance.often(0.03) ? elsewhere(chance, misled.path) : misled.path
  return withHeaders(chance, { ...misled, path: path.slice(0, 60_000) })
}

/** What a target takes, sent as its callers do. */
export function legalRequest(chance: Chance, target: Target): Encoded {
  return requestTo(chance, target, Object.entries(target.fields), transportsOf(target)[0]!)
}

function requestTo(chance: Chance, target: Target, fields: readonly (readonly [string, string])[], transport: Transport): Encoded {
  const once = chance.next().toString(36).slice(2).padEnd(22, 'x').slice(0, 22)
  const fresh = (text: string) => (text.includes(ONCE) ? text.replaceAll(ONCE, once) : text)
  const given = fields.map(([name, value]) => [name, fresh(value)] as const)
  const request = encoded(target, given, transport)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, fresh(value)]))
  return { ...request, headers: { ...headers, ...(request.body && target.sign?.(request.body)) } }
}

/** The same address with another part of it, mostly where it has a number. */
function elsewhere(chance: Chance, path: string): string {
  const [place = '', ...query] = path.split('?')
  const parts = place.split('/')
  const numbers = parts.flatMap((part, at) => (/^\d+$/.test(part) ? [at] : []))
  const changed = numbers.length > 0 ? chance.one(numbers) : chance.below(parts.length)
  parts[changed] = chance.often(0.3) ? String(chance.below(3000)) : encodeURIComponent(chance.one(ODD).toWellFormed())
  return [`/${parts.join('/').replace(/^\/+/, '')}`, ...query].join('?')
}

function instead(target: Target): Transport {
  return transportsOf(target)[0]!
}

/** How large a value may become: nearly always short, now and then as large as anything may be. */
function sizeOf(chance: Chance, { method }: Target): number {
  const drawn = chance.next()
  if (drawn < 0.985) return 300
  if (drawn < 0.998 || method === 'GET') return 20_000
  return 1_100_000
}

function anyValue(chance: Chance, name: string, { fields, edges }: Target, largest: number): string {
  const legal = fields[name]!
  const drawn = chance.next()
  if (largest > 300) return filled(chance.one(SHAPES), chance.below(largest) + 1)
  if (drawn < 0.25) return legal
  if (drawn < 0.5) return edges?.[name] ? chance.one(edges[name]) : edgeOf(chance, fieldsByName.get(name))
  if (drawn < 0.8) return chance.one(ODD)
  if (drawn < 0.9) return `${legal}${chance.one(ODD)}`
  return filled(chance.one(SHAPES), chance.below(largest) + 1)
}

/** Right at, below and above what a field of an order may be. */
function edgeOf(chance: Chance, field: Field | undefined): string {
  if (!field) return String(chance.below(3000))
  const around = (bound: number) => String(bound + chance.below(3) - 1)
  switch (field.kind) {
    case 'quantity':
      return around(chance.one([0, 1, 1_000_000]))
    case 'whole':
      return around(chance.one([field.least ?? 0, field.most ?? 2 ** 31, ...(field.oneOf ?? [])]))
    case 'link':
    case 'url':
      return `https://example.com/${'x'.repeat(chance.one([1, 2027, 2028, 2029]))}`
    case 'text':
      return 'x'.repeat(chance.one([1, 999, 1000, 1001]))
    case 'lines':
      // Seldom: a list at its bounds is a quarter of a megabyte.
      return chance.often(0.01)
        ? chance.one(['a\n'.repeat(MOST_LINES + 1), 'a\n'.repeat(MOST_LINES), 'x'.repeat(MOST_CHARACTERS + 1)])
        : 'one\r\ntwo\n\nthree'
    case 'date':
      return chance.one(['31/12/2030', '1/1/2031', '29/02/2028', '29/02/2027', '28/11/2026'])
    default:
      return field.kind satisfies never
  }
}

/** The same request as a client with a fault writes it: another content type, half of it, bytes that are no UTF-8. */
function miswritten(chance: Chance, request: Encoded): Encoded {
  const { body, headers } = request
  if (!body) return { ...request, path: request.path + chance.one(['%', '%ff', '?', '&&', '=', '#x', ';', '%00']) }
  const types = [
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    '',
  ]
  switch (chance.below(5)) {
    case 0:
      return { ...request, headers: { ...headers, 'content-type': chance.one(types) } }
    case 1:
      return { ...request, body: body.subarray(0, chance.below(body.length + 1)) }
    case 2:
      return { ...request, body: Buffer.concat([body, Buffer.from([0xff, 0xfe, 0x00, 0xc3])]) }
    case 3: {
      const changed = Buffer.from(body)
      for (let count = 0; count < 5 && changed.length > 0; count += 1) changed[chance.below(changed.length)] = chance.below(256)
      return { ...request, body: changed }
    }
    default:
      return { ...request, body: Buffer.from(body.toString().replace(/=/g, '[]=')) }
  }
}

const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['accept-encoding', ['gzip', 'br', 'gzip, deflate, br', 'identity;q=0', '*', ' '.repeat(40), ';q='.repeat(50), `${' '.repeat(20_000)}x`]],
  ['accept-language', ['de', 'zh-HK,zh;q=0.9', 'x'.repeat(600), 'a-'.repeat(100), '*']],
  ['accept', ['application/json', 'text/html', '*/*']],
  ['if-none-match', ['*', 'W/"x"', '"a", "b"', ','.repeat(2000)]],
  ['user-agent', ['curl/8', 'Version/1 '.repeat(500), 'Mozilla/5.0 (X11; Linux x86_64) Version/17.1.1 Safari/605']],
  ['idempotency-key', ['k', 'x'.repeat(255), 'x'.repeat(256), '\u00e9']],
  ['x-forwarded-for', ['203.0.113.9', '::1', 'x'.repeat(500), '1.1.1.1, 2.2.2.2']],
  ['origin', ['null', 'https://elsewhere.example']],
  ['authorization', ['Bearer x', `Bearer ${' '.repeat(500)}x`, 'Basic eA==']],
]

function withHeaders(chance: Chance, request: Encoded): Encoded {
  if (chance.often(0.85)) return request
  const [name, values] = chance.one(HEADERS)
  return { ...request, headers: { ...request.headers, [name]: Buffer.from(chance.one(values)).toString('latin1') } }
}

/** Hosts without end: what is drawn for each is not to be kept for each. */
export function hostOf(chance: Chance): string {
  if (chance.often(0.9)) return 'localhost'
  return chance.often(0.9)
    ? `${chance.below(1e9).toString(36)}.example`
    : filled(chance.one(['a.', 'a', 'x-', '[']), chance.one([200, 253, 254, 3000]))
}
