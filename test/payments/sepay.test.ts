import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { referencesIn } from '../../server/payments/gateways/references.ts'
import { sepay } from '../../server/payments/gateways/sepay.ts'
import { crc16, vietQr } from '../../server/payments/gateways/vietqr.ts'
import { askFor, callOf, openWith } from './opened.ts'

const REFERENCE = 'K7MP3XQ9RT4W'
const SECRET = 'a secret of SePay'
const settings = { account: '0123499999', bin: '970436', secret: SECRET } satisfies z.input<typeof sepay.settings>
const NOW = new Date('2026-03-25T07:02:40Z')

function hookCall(changes: object, headers?: Record<string, string>) {
  const body = JSON.stringify({
    id: 92704,
    gateway: 'Vietcombank',
    transactionDate: '2026-03-25 14:02:37',
    accountNumber: '0123499999',
    code: null,
    content: `DKT${REFERENCE}`,
    transferType: 'in',
    transferAmount: 2277000,
    accumulated: 19077000,
    subAccount: null,
    ...changes,
  })
  const timestamp = String(NOW.getTime() / 1000)
  const signature = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex')
  return callOf({
    method: 'POST',
    query: '',
    headers: headers ?? { 'x-sepay-timestamp': timestamp, 'x-sepay-signature': `sha256=${signature}` },
    body,
  })
}

describe('a call of SePay', () => {
  const heard = (changes: object) => openWith(sepay, settings, () => NOW).heard(hookCall(changes))

  test('tells of a transfer by its number, in dong, at the time of Vietnam', () => {
    expect(heard({})).toEqual({
      kind: 'heard',
      eventId: '92704',
      hints: [{ theirId: null, reference: REFERENCE }],
      told: {
        theirId: null,
        reference: REFERENCE,
        state: 'paid',
        receipts: [
          {
            id: '92704',
            amount: { digits: 2277000n, places: 0 },
            currency: 'VND',
            at: new Date('2026-03-25T07:02:37Z'),
            fee: null,
            worth: null,
            late: false,
          },
        ],
        reversals: [],
        words: `DKT${REFERENCE}`,
      },
    })
  })

  test.each([
    ['the bank cut the text into words', { content: `CT tu 0123 dkt k7mp 3xq9 rt4w toi 0123499999` }],
    ['it stands between other words', { content: `MBVCB.3278.DKT${REFERENCE}.CT tu 0011 NGUYEN` }],
    ['others are glued to it', { content: `IBFTDKT${REFERENCE}GD123456` }],
    ['they found it themselves', { content: 'khong co gi', code: `DKT${REFERENCE}` }],
    ['the text is in the description alone', { content: null, description: `BankAPINotify DKT${REFERENCE}-CHUYEN TIEN` }],
    ['the account is a virtual one', { accountNumber: '999', subAccount: '0123499999' }],
  ])('finds our reference when %s', (_, changes) => {
    expect(heard(changes)).toMatchObject({ told: { reference: REFERENCE, receipts: [{ id: '92704' }] } })
  })

  test.each([
    ['money that went out', { transferType: 'out' }],
    ['another account', { accountNumber: '5550001' }],
    ['no id', { id: null }],
  ])('about %s has no consequences', (_, changes) => {
    expect(heard(changes)).toEqual({ kind: 'heard', eventId: null, hints: [] })
  })

  test.each([
    ['no reference of ours', 'tien nha'],
    ['a reference that was cut off', `DKT${REFERENCE.slice(0, 9)}`],
    ['two references', `DKT${REFERENCE} DKTZZZZ99998888`],
  ])('with %s is money of nobody, for staff to see', (_, content) => {
    expect(heard({ content })).toMatchObject({
      hints: [],
      told: { reference: null, state: 'review', receipts: [{ id: '92704' }], words: content },
    })
  })

  test.each([0, -5, '1.000.000', null])('whose amount is %s waits for a person', (transferAmount) => {
    expect(heard({ transferAmount })).toMatchObject({ told: { state: 'review', receipts: [] } })
  })

  test('proves itself by a key instead, when that was chosen', () => {
    const open = openWith(sepay, { ...settings, authentication: 'apikey' }, () => NOW)
    expect(open.heard(hookCall({}, { authorization: `Apikey ${SECRET}` })).kind).toBe('heard')
    const wrong = [{}, { authorization: `Bearer ${SECRET}` }, { authorization: 'Apikey ' }, { authorization: `Apikey ${SECRET}x` }]
    expect(wrong.map((headers) => open.heard(hookCall({}, headers)).kind)).toEqual(['forged', 'forged', 'forged', 'forged'])
    expect(openWith(sepay, settings, () => NOW).heard(hookCall({}, { authorization: `Apikey ${SECRET}` })).kind).toBe('forged')
  })

  test('is forged more than five minutes from now, in either direction', () => {
    const at = (minutes: number) => openWith(sepay, settings, () => new Date(NOW.getTime() + minutes * 60_000)).heard(hookCall({})).kind
    expect([at(-6), at(-4), at(4), at(6)]).toEqual(['forged', 'heard', 'heard', 'forged'])
  })
})

describe('a VietQR code', () => {
  test('ends with the CRC of all before it', () => {
    // The check value of CRC-16/CCITT-FALSE.
    expect(crc16('123456789')).toBe('29B1')
  })

  test('names bank, account, amount and the text of the transfer', () => {
    const text = vietQr({ bin: '970436', account: '0123499999' }, '250000', `DKT${REFERENCE}`)
    expect(text.slice(0, -4)).toBe(
      '00020101021238540010A00000072701240006970436011001234999990208QRIBFTTA530370454062500005802VN62190815DKTK7MP3XQ9RT4W6304',
    )
    expect(crc16(text.slice(0, -4))).toBe(text.slice(-4))
  })

  test('is what the payer gets, with the same as lines to copy, and no call is made', async () => {
    const started = await openWith(sepay, { ...settings, bank: 'Vietcombank' }).start(askFor('250000', 'VND'))
    expect(started).toMatchObject({
      kind: 'transfer',
      theirId: null,
      qr: expect.stringContaining('5406250000'),
      lines: [
        { name: 'bank', text: 'Vietcombank' },
        { name: 'account', text: '0123499999' },
        { name: 'amount', text: '250000' },
        { name: 'reference', text: `DKT${REFERENCE}` },
      ],
    })
  })

  test('has no parts of a dong', async () => {
    expect((await openWith(sepay, settings).start(askFor('250000.5', 'VND'))).kind).toBe('refused')
  })
})

describe('references in a text', () => {
  test.each([
    ['', REFERENCE, [REFERENCE]],
    ['', `Pay ${REFERENCE.toLowerCase()}, thanks`, [REFERENCE]],
    ['', 'K7MP-3XQ9-RT4W', [REFERENCE]],
    ['', `x${REFERENCE}`, []],
    ['', `${REFERENCE} ZZZZ99998888 ${REFERENCE}`, [REFERENCE, 'ZZZZ99998888']],
    ['DKT', `DKTDKT${REFERENCE}`, [`DKT${REFERENCE}`.slice(0, 12), REFERENCE]],
    ['DKT', 'DKT DKT DKT', []],
  ])('behind "%s" in "%s"', (prefix, text, found) => {
    expect(referencesIn(text, prefix)).toEqual(found)
  })
})
