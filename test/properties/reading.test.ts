import { parse } from 'node:querystring'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusals } from '../../contract/refusals.ts'
import { serviceTypes } from '../../contract/service-types.ts'
import { readIds } from '../../server/api/ids.ts'
import { trimmed } from '../../server/ordering/invisible.ts'
import { isLink } from '../../server/ordering/link.ts'
import { countLines, readOrderForm } from '../../server/ordering/order-form.ts'
import { fromEntries, fromForm, fromJson } from '../../server/api/parameters.ts'
import type { UncheckedParameters } from '../../server/ordering/call.ts'
import { retryKeyOf } from '../../server/ordering/retry.ts'
import type { Service } from '../../server/catalog/catalogue.ts'
import { Refusal } from '../../server/refusal.ts'

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string())
/** Lone surrogates, too: what JSON can carry and UTF-8 cannot. */
const anyUnits = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))

/** What it answers, or undefined when it refuses; any other throw fails the test. */
function answerOf<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal)
    expect((error as Refusal).status).toBe(200)
    expect((error as Refusal).message).toMatch(/\S/)
    return undefined
  }
}

/** The values that should have counted as absent, or are not as a reader may rely on. */
function absentAmong(parameters: UncheckedParameters = {}): unknown[] {
  return Object.values(parameters).filter(
    (value) => value === undefined || ['', 'undefined', 'null'].includes(value) || value !== value.trim() || !value.isWellFormed(),
  )
}

describe('parameters', () => {
  test('W2 any form is read, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyUnits, fc.stringMatching(/^[a-z&=%+0-9A-F]{0,60}$/)), (text) => {
        expect(absentAmong(answerOf(() => fromForm(text)))).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  test('a form is read as the platform reads it, repeated names and broken escapes too', () => {
    const name = fc.constantFrom('order', 'orders', 'link', 'comments', '__proto__', '', '%6fr+der')
    const value = fc.oneof(fc.constantFrom('', 'null', '1', '%', '%zz', '%e4', 'a+b', '%20c=d', ' x '), anyText)
    const pair = fc.tuple(name, fc.option(value)).map(([name, value]) => (value === null ? name : `${name}=${value}`))
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pair).map((pairs) => pairs.join('&')),
          anyText,
        ),
        (text) => {
          // Bytes that are no UTF-8 are refused; the platform spoils other scripts beside a lone %.
          const read = answerOf(() => fromForm(text))
          expect(absentAmong(read)).toEqual([])
          if (read && !/[^\0-\x7f]/.test(text)) expect(read).toEqual(fromEntries(Object.entries(parse(text, '&', '=', { maxKeys: 0 }))))
        },
      ),
      { numRuns: 5000 },
    )
  })

  test('W2 any JSON is read or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc.json(),
          fc.json({ stringUnit: 'binary' }),
          fc.object().map((value) => JSON.stringify(value)),
        ),
        (text) => {
          expect(absentAmong(answerOf(() => fromJson(text)))).toEqual([])
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('what a client means arrives the same by form and JSON', () => {
    const meant = fc.dictionary(
      fc.stringMatching(/^[a-z_]{1,12}$/),
      fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed()),
    )
    fc.assert(
      fc.property(meant, (parameters) => {
        const byForm = fromForm(new URLSearchParams(parameters).toString())
        expect(byForm).toEqual(fromJson(JSON.stringify(parameters)))
        expect(byForm).toEqual(fromEntries(Object.entries(parameters)))
      }),
      { numRuns: 2000 },
    )
  })

  test('W3 every part of an id list is answered once', () => {
    const part = fc.oneof(fc.nat().map(String), fc.stringMatching(/^[0-9a-zA-Z .+-]{0,25}$/), anyText)
    fc.assert(
      fc.property(fc.array(part, { maxLength: 250 }), fc.constantFrom(',', '\n', '\r\n', ' , '), (parts, separator) => {
        const asked = readIds({ orders: parts.join(separator) }, 'order', 'orders')
        if (asked.form !== 'list') throw new Error('a list is a list')
        const texts = [...asked.elements, ...asked.further].map((element) => element.text)
        expect(new Set(texts).size).toBe(texts.length)
        expect(asked.elements.length).toBe(Math.min(100, texts.length))
        const wanted = parts
          .flatMap((text) => text.split(/[,\r\n]/))
          .map((text) => text.trim())
          .filter(Boolean)
        expect(new Set(texts)).toEqual(new Set(wanted))
        for (const { text, isId } of [...asked.elements, ...asked.further]) {
          expect(isId).toBe(/^[0-9]+$/.test(text) && text.length <= 18 && !text.startsWith('0'))
        }
      }),
      { numRuns: 1500 },
    )
  })

  test('H1 a retry key is 1 to 255 plain characters', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ minLength: 250, maxLength: 260 })), (text) => {
        const key = answerOf(() => retryKeyOf(fromEntries([['idempotency_key', text]])))
        if (key === undefined) return
        expect(key.length).toBeLessThanOrEqual(255)
        expect(/\p{Cc}/u.test(key.replaceAll(/[\u007f-\u009f]/g, ''))).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('links and lines', () => {
  test('no link ever has another scheme than the web’s', () => {
    const scheme = fc.constantFrom(
      'javascript',
      'JaVaScRiPt',
      'data',
      'vbscript',
      'file',
      'ftp',
      'blob',
      'about',
      'http',
      'https',
      'view-source',
      'ms-word',
      'intent',
    )
    const odd = fc
      .tuple(scheme, fc.constantFrom(':', ':/', '://', ':1', ':0;', ':8080/', '\t:', ':\n'), anyText)
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(odd, anyText, fc.webUrl({ withFragments: true, withQueryParameters: true })), (text) => {
        if (!isLink(text)) return
        expect(text).not.toMatch(/[\s\p{Cc}]/u)
        expect(text.length).toBeLessThanOrEqual(2048)
        if (!URL.canParse(text)) return
        // A host with a dot and a port looks like a scheme to a URL parser, and runs nowhere.
        const { protocol } = new URL(text)
        expect(protocol === 'http:' || protocol === 'https:' || /^[a-z0-9+-]*\.[a-z0-9.+-]*:$/.test(protocol)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  test('every ordinary web address is a link', () => {
    const outcome = fc.check(fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), isLink), { numRuns: 2000 })
    expect(outcome.counterexample).toBeNull()
  })

  test('M13 lines are counted by line ends only', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text))
    fc.assert(
      fc.property(fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n'))), (lines) => {
        const text = lines.map(([words, end]) => words + end).join('')
        expect(countLines(text)).toBe(BigInt(lines.filter(([words]) => trimmed(words) !== '').length))
        expect(countLines(text.replaceAll(/[,;|\t]/g, 'x'))).toBeGreaterThanOrEqual(countLines(text))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('order forms', () => {
  const service = (type: string, dripfeed: boolean): Service => ({
    id: 1,
    name: '',
    category: '',
    type,
    rate: '1',
    min: 1n,
    max: 1_000_000n,
    dripfeed,
    refill: false,
    cancel: false,
    refillDays: null,
    refillCount: null,
    startWithin: null,
    finishWithin: null,
    compensationBasisPoints: null,
    startTime: null,
    finishTime: null,
    description: '',
    oneActiveLink: false,
    state: 'on sale',
    supplierId: null,
    translations: {},
  })
  const today = new Date('2026-03-01T12:00:00Z')
  const value = fc.oneof(
    fc.nat(2_000).map(String),
    fc.constantFrom(
      '0',
      '1',
      '2',
      '3',
      '10',
      '30',
      '-1',
      '1e3',
      '0.001',
      '10.9',
      '1/4/2026',
      '31/02/2027',
      'https://example.com',
      'a\nb\n\nc',
      'x, y',
      '１０',
      '٣',
      '00',
      '010',
      '1 0',
    ),
    anyText,
  )
  const names = [...new Set(serviceTypes.flatMap((type) => type.fields.map((field) => field.name)))]
  const parameters = fc
    .record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] })
    .map((record) => fromEntries(Object.entries(record)))
  for (const { name: type, fields } of serviceTypes) {
    test(`M4 ${type}: read as whole numbers, or every field that is wrong is named`, () => {
      fc.assert(
        fc.property(parameters, fc.boolean(), (unchecked, dripfeed) => {
          const form = readOrderForm(service(type, dripfeed), unchecked, today)
          for (const { field, code } of form.faults) {
            expect(fields.map(({ name }) => name)).toContain(field)
            expect(refusals[code].kind).toBe('order')
          }
          for (const text of Object.values(form.read)) {
            expect(text).not.toContain('\0')
            expect(text.isWellFormed()).toBe(true)
          }
          const { counted } = form
          if (!counted) {
            expect(form.faults).not.toEqual([])
            return
          }
          const quantityText = unchecked['quantity'] ?? ''
          const runsText = unchecked['runs'] ?? '1'
          const takesRuns = type === 'Default' || type === 'Web Traffic'
          if (counted.kind === 'drip-feed') {
            expect(takesRuns && dripfeed).toBe(true)
            expect(runsText).toMatch(/^[0-9]+$/)
            expect(unchecked['interval']).toMatch(/^0*[1-9][0-9]*$/)
            expect(counted.quantity).toBe(BigInt(quantityText) * BigInt(runsText))
            expect(counted.bounded).toEqual([{ field: 'quantity', quantity: BigInt(quantityText) }])
          } else if (counted.kind === 'subscription') {
            const [min, max] = counted.bounded
            expect(counted.quantity).toBe(0n)
            expect(min!.quantity <= max!.quantity).toBe(true)
          } else if (counted.bounded.length === 0) expect(counted.quantity).toBe(1n)
          else if (/Comments|Custom List|Replies/.test(type)) expect(counted.quantity > 0n).toBe(true)
          else {
            expect(quantityText).toMatch(/^[0-9]+$/)
            expect(counted.quantity).toBe(BigInt(quantityText))
            expect(counted.quantity > 0n).toBe(true)
          }
        }),
        { numRuns: 400 },
      )
    })
  }
})
