import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signedHook } from '../../server/payments/gateways/signed-hook.ts'
import { askFor, callOf, openWith } from './opened.ts'

const REFERENCE = 'K7MP3XQ9RT4W'
const KEYS = [randomBytes(32), randomBytes(24)] as const
const settings = { account: 'DE89370400440532013000', secrets: KEYS.map((key) => `whsec_${key.toString('base64')}`).join('\n') }
const NOW = new Date('2026-03-25T07:02:40Z')
const SECONDS = NOW.getTime() / 1000
const ARRIVED = {
  id: 'FT-20260325.1',
  amount: '103.10',
  currency: 'eur',
  reference: REFERENCE,
  at: '2026-03-25T08:00:00+01:00',
  payer: 'Ada',
}

function signedBy(key: Buffer, body: string, { id = 'msg_1', seconds = SECONDS } = {}): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
}

function hookCall(body: string, { id = 'msg_1', seconds = SECONDS, signatures = [signedBy(KEYS[0], body, { id, seconds })] } = {}) {
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') }
  return callOf({ method: 'POST', query: '', headers, body })
}

function heard(call: ReturnType<typeof hookCall>) {
  return openWith(signedHook, settings, () => NOW).heard(call)
}

describe('a signed call about a transfer', () => {
  test('is signed as the published example of Standard Webhooks', () => {
    // From the specification's own test of a signature (standard-webhooks/standard-webhooks, spec/standard-webhooks.md and its libraries).
    const open = openWith(signedHook, { ...settings, secrets: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }, () => new Date(1614265330 * 1000))
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    }
    expect(open.heard(callOf({ method: 'POST', query: '', headers, body: '{"test": 2432232314}' })).kind).toBe('heard')
  })

  test('is a receipt under the id of the transfer', () => {
    expect(heard(hookCall(JSON.stringify(ARRIVED)))).toEqual({
      kind: 'heard',
      eventId: 'msg_1',
      hints: [{ theirId: null, reference: REFERENCE }],
      told: {
        theirId: null,
        reference: REFERENCE,
        state: 'paid',
        receipts: [
          {
            id: 'FT-20260325.1',
            amount: { digits: 10310n, places: 2 },
            currency: 'EUR',
            at: new Date('2026-03-25T07:00:00Z'),
            fee: null,
            worth: null,
            late: false,
          },
        ],
        reversals: [],
        words: `from Ada: ${REFERENCE}`,
      },
    })
  })

  test('may have several signatures, of which one is right, by any of our secrets', () => {
    const body = JSON.stringify(ARRIVED)
    const others = ['v1a,AAAA', 'v1,AAAA', '', 'v2,BBBB']
    expect(heard(hookCall(body, { signatures: [...others, signedBy(KEYS[1], body)] })).kind).toBe('heard')
    expect(heard(hookCall(body, { signatures: others })).kind).toBe('forged')
    expect(heard(hookCall(body, { signatures: [signedBy(KEYS[1], body).replace('v1,', 'v2,')] })).kind).toBe('forged')
  })

  test('cannot be cut at other dots: an id has none', () => {
    const body = `{"x":"${SECONDS}.{}"}`
    const moved = hookCall('{}"}', { id: `msg_1.${SECONDS}.{"x":"`.slice(0, -1), signatures: [signedBy(KEYS[0], body)] })
    expect(heard(moved).kind).toBe('forged')
    expect(heard(hookCall(JSON.stringify(ARRIVED), { id: 'a.b' })).kind).toBe('forged')
  })

  test('is forged when it is more than five minutes old or ahead', () => {
    const at = (minutes: number) => heard(hookCall(JSON.stringify(ARRIVED), { seconds: SECONDS + minutes * 60 })).kind
    expect([at(-6), at(-4), at(4), at(6)]).toEqual(['forged', 'heard', 'heard', 'forged'])
  })

  test.each([
    ['a thousands separator', { amount: '1,031.00' }],
    ['a minus', { amount: '-5' }],
    ['zero', { amount: '0.00' }],
    ['no amount', { amount: undefined }],
    ['no currency', { currency: undefined }],
    ['no id', { id: undefined }],
    ['an id of a thousand letters', { id: 'x'.repeat(1000) }],
  ])('with %s is shown at the payment that it names, and credits nothing', (_, changes) => {
    expect(heard(hookCall(JSON.stringify({ ...ARRIVED, ...changes })))).toMatchObject({
      told: { reference: REFERENCE, state: 'review', receipts: [] },
    })
  })

  test.each([
    ['no reference', undefined],
    ['another text', 'rent for March'],
    ['two references', `${REFERENCE} ZZZZ99998888`],
  ])('with %s is money of nobody, for staff to see', (_, reference) => {
    expect(heard(hookCall(JSON.stringify({ ...ARRIVED, reference })))).toMatchObject({
      hints: [],
      told: { reference: null, state: 'review', receipts: [{ id: 'FT-20260325.1' }] },
    })
  })

  test('takes an amount written as a number with its own digits', () => {
    const body = JSON.stringify(ARRIVED).replace('"103.10"', '103.10')
    expect(heard(hookCall(body))).toMatchObject({ told: { receipts: [{ amount: { digits: 10310n, places: 2 } }] } })
  })
})

test('a secret that is none is refused by the form', () => {
  const parse = (secrets: string) => signedHook.settings.safeParse({ ...settings, secrets }).success
  expect(['', 'whsec_', 'whsec_short', 'secret', `${settings.secrets} other`].map(parse)).toEqual([false, false, false, false, false])
  expect(parse(settings.secrets)).toBe(true)
})

test('the payer gets the account and our reference as the text', async () => {
  expect(await openWith(signedHook, settings).start(askFor('103.10', 'EUR'))).toEqual({
    kind: 'transfer',
    theirId: null,
    lines: [
      { name: 'account', text: 'DE89370400440532013000' },
      { name: 'amount', text: '103.10' },
      { name: 'reference', text: REFERENCE },
    ],
    qr: null,
  })
})
