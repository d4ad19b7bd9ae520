import { describe, expect, test } from 'vitest'
import { readJson } from '../../server/json.ts'
import type { Outcome } from '../../server/outgoing/fetch.ts'
import { readAnswer } from '../../server/payments/gateways/answers.ts'
import { at, ExactNumber, listAt, sortedJson, textAt, writeJson } from '../../server/payments/gateways/json.ts'
import { isRecent, isSameSecret, isSignedBy } from '../../server/payments/gateways/signatures.ts'

function answered(status: number, text: string): Outcome {
  return { kind: 'answered', status, text, contentType: 'application/json', retryAfter: '' }
}

describe('an answer', () => {
  test.each([
    [200, '{"id":1}', 'yes'],
    [201, '[]', 'yes'],
    [200, '<html>', 'unknown'],
    [400, '{"message":"no"}', 'no'],
    [401, '<html>', 'no'],
    [404, '', 'no'],
    [409, '{}', 'unknown'],
    [429, '{}', 'unknown'],
    [302, '', 'unknown'],
    [500, '{"message":"oops"}', 'unknown'],
  ])('of HTTP %i with "%s" is %s', (status, text, kind) => {
    expect(readAnswer(answered(status, text)).kind).toBe(kind)
  })

  test('says no in the words of the other side, on one line and short', () => {
    const words = (text: string) => {
      const answer = readAnswer(answered(400, text))
      return answer.kind === 'yes' ? '' : answer.words
    }
    expect(words('{"message":"Too\\nsmall","code":"MIN"}')).toBe('HTTP 400: MIN: Too small')
    expect(words('{"error":{"code":"BAD","description":"No such key"}}')).toBe('HTTP 400: BAD: No such key')
    expect(words(`{"message":"${'x'.repeat(1000)}"}`)).toHaveLength(300)
  })

  test('that was lost is unknown', () => {
    expect(readAnswer({ kind: 'unknown', reason: 'time', words: 'no answer' })).toEqual({ kind: 'unknown', words: 'no answer' })
    expect(readAnswer({ kind: 'not sent', reason: 'dns', words: 'no name' })).toEqual({ kind: 'unknown', words: 'no name' })
  })
})

describe('JSON of gateways', () => {
  test('is sorted at every depth with the text of its numbers, and its lists stay or become objects', () => {
    const text = '{"b":[{"z":1.10,"a":"\\u00e9\\/"}],"10":1e-7,"9":-0.0,"a":null}'
    expect(sortedJson(text, 'lists')).toBe('{"9":-0.0,"10":1e-7,"a":null,"b":[{"a":"é/","z":1.10}]}')
    expect(sortedJson(text, 'objects')).toBe('{"9":-0.0,"10":1e-7,"a":null,"b":{"0":{"a":"é/","z":1.10}}}')
    expect([sortedJson('{', 'lists'), sortedJson('', 'lists'), sortedJson('['.repeat(60) + ']'.repeat(60), 'lists')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('is written with the digits of its numbers, and without what is undefined', () => {
    const written = writeJson({
      amount: new ExactNumber('103.10'),
      minor: new ExactNumber(10310n),
      list: ['"', true, null],
      none: undefined,
    })
    expect(written).toBe('{"amount":103.10,"minor":10310,"list":["\\"",true,null]}')
  })

  test('is read by its own members alone', () => {
    const json = readJson('{"a":{"b":[1],"n":12345678901234567890},"t":" x "}')
    expect([
      textAt(json, 'a', 'n'),
      textAt(json, 't'),
      textAt(json, 'constructor', 'name'),
      textAt(json, 'a'),
      textAt(undefined, 'a'),
    ]).toEqual(['12345678901234567890', 'x', '', '', ''])
    expect([listAt(json, 'a', 'b'), listAt(json, 't'), at(json, 'a', 'b', '0')]).toEqual([['1'], [], undefined])
  })
})

describe('a signature', () => {
  test('under an empty secret is never right', () => {
    expect([isSameSecret('', ''), isSameSecret('a', 'a'), isSameSecret('a', 'ab')]).toEqual([false, true, false])
    const empty = { hash: 'sha256', secret: '', message: ['x'], encoding: 'hex' } as const
    expect(isSignedBy(empty, ['', 'x'])).toBe(false)
  })

  test('is the one of RFC 4231, whatever the case of its letters, among others', () => {
    const signed = { hash: 'sha256', secret: 'Jefe', message: ['what do ya want ', Buffer.from('for nothing?')], encoding: 'hex' } as const
    const right = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    expect([isSignedBy(signed, [right]), isSignedBy(signed, ['', right.toUpperCase()]), isSignedBy(signed, [])]).toEqual([
      true,
      true,
      false,
    ])
  })

  test('is recent within five minutes, and a time that is none never is', () => {
    const now = new Date(1_700_000_000_500)
    expect(['1700000000', '1699999700', '1700000300'].map((text) => isRecent(text, now))).toEqual([true, true, true])
    const never = ['1699999699', '1700000301', '', '-1', '1.7e9', '1700000000000', 'NaN', ' 1700000000']
    expect(never.map((text) => isRecent(text, now))).toEqual(never.map(() => false))
  })
})
