import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formatAmount } from '../../server/payments/amounts.ts'
import { mercadopago } from '../../server/payments/gateways/mercadopago.ts'
import { mercadopagoCase } from './cases/mercadopago.ts'
import { askFor, callOf, openCase, openWith } from './opened.ts'

const SECRET = 'webhook-secret-0123456789'
const REFERENCE = 'K7MP3XQ9RT4W'

/** A call with a signature over this manifest. */
function callOver(manifest: string, { query, ts = '1704908010', request }: { query: string; ts?: string; request?: string }) {
  const v1 = createHmac('sha256', SECRET).update(manifest).digest('hex')
  const headers = { 'x-signature': `ts=${ts},v1=${v1}`, ...(request === undefined ? {} : { 'x-request-id': request }) }
  return callOf({ method: 'POST', query, headers, body: '{"data":{"id":"999"}}' })
}

describe('a call of Mercado Pago', () => {
  const open = () => openWith(mercadopago, { accessToken: 'APP_USR-0123456789', webhookSecret: SECRET })
  const kind = (call: ReturnType<typeof callOver>) => open().heard(call).kind

  test('is signed over the id in its query, the id of the request and the time', () => {
    const call = callOver('id:123456;request-id:a-b-c;ts:1704908010;', { query: '?data.id=123456&type=payment', request: 'a-b-c' })
    expect(open().heard(call)).toEqual({ kind: 'heard', eventId: null, hints: [{ theirId: '123456', reference: null }] })
  })

  test('leaves out of the signature what is not there', () => {
    expect(kind(callOver('id:123456;ts:1704908010;', { query: '?data.id=123456&type=payment' }))).toBe('heard')
    expect(open().heard(callOver('ts:1704908010;', { query: '' }))).toEqual({ kind: 'heard', eventId: null, hints: [] })
  })

  test('signs letters of an id as small ones', () => {
    expect(kind(callOver('id:abc123;ts:1704908010;', { query: '?data.id=ABC123' }))).toBe('heard')
  })

  test('is never about the id of its body, which nobody signed', () => {
    const heard = open().heard(callOver('ts:1704908010;', { query: '?type=payment' }))
    expect(heard).toMatchObject({ kind: 'heard', hints: [] })
  })

  test('is forged with another id, another time, without a time, or with parts moved into one another', () => {
    const manifest = 'id:123456;request-id:abc;ts:1704908010;'
    const forged = [
      callOver(manifest, { query: '?data.id=123457', request: 'abc' }),
      callOver(manifest, { query: '?data.id=123456', request: 'abc', ts: '1704908011' }),
      callOver('id:123456;', { query: '?data.id=123456', ts: '' }),
      callOver(manifest, { query: `?data.id=${encodeURIComponent('123456;request-id:abc')}` }),
      callOf({ method: 'POST', query: '?data.id=123456', headers: {}, body: '{}' }),
    ]
    expect(forged.map(kind)).toEqual(['forged', 'forged', 'forged', 'forged', 'forged'])
  })

  test('about something else than a payment has no consequences', () => {
    expect(open().heard(callOver('id:5;ts:1704908010;', { query: '?data.id=5&type=topic_claims' }))).toMatchObject({ hints: [] })
  })
})

describe('a payment by Pix', () => {
  test('shows the code that the bank wants, and lives for half an hour at least', async () => {
    const { open, fake } = await openCase(mercadopagoCase)
    const started = await open.start(askFor('103.10', 'BRL', { until: new Date(Date.now() + 1000), email: null }))
    expect(started).toMatchObject({ kind: 'transfer', qr: expect.stringContaining('br.gov.bcb.pix') })
    expect(fake.calls).toEqual(['POST /v1/payments'])
  })

  test('is found by our reference when the answer of its start was lost', async () => {
    const { open, fake } = await openCase(mercadopagoCase)
    fake.loseNextAnswer()
    expect((await open.start(askFor('50.00', 'BRL'))).kind).toBe('unknown')
    const id = fake.pay(REFERENCE)
    const looked = await open.look!({ theirId: null, reference: REFERENCE, wants: null })
    expect(looked).toMatchObject({
      standing: { theirId: id, reference: REFERENCE, state: 'paid', receipts: [{ id, late: false, worth: null }] },
    })
    const fee = looked.kind === 'standing' ? looked.standing.receipts[0]!.fee : null
    expect(fee && formatAmount(fee, 'BRL')).toBe('0.50')
  })

  test('that was disputed after a part went back loses only the rest', async () => {
    const { open, fake } = await openCase(mercadopagoCase)
    await open.start(askFor('100.00', 'BRL'))
    const id = fake.pay(REFERENCE)
    fake.refund!(id, '30')
    const chargeback = fake.chargeback!(id)
    const looked = await open.look!({ theirId: id, reference: REFERENCE, wants: null })
    const reversals = looked.kind === 'standing' ? looked.standing.reversals : []
    expect(reversals.map((each) => [each.kind, formatAmount(each.amount, 'BRL')])).toEqual([
      ['refund', '30.00'],
      ['chargeback', '70.00'],
    ])
    fake.winBack!(chargeback)
    expect(await open.look!({ theirId: id, reference: REFERENCE, wants: null })).toMatchObject({
      standing: { reversals: [{ kind: 'refund' }, { id: chargeback, state: 'won back' }] },
    })
  })

  test('with an id that is no number is looked for nowhere', async () => {
    const { open, fake } = await openCase(mercadopagoCase)
    expect(await open.look!({ theirId: '1/../../users', reference: null, wants: null })).toEqual({ kind: 'none' })
    expect(fake.calls).toEqual([])
  })
})
