import { expect, test } from 'vitest'
import type { z } from 'zod'
import { manual } from '../../server/payments/gateways/manual.ts'
import { isIban, isUpiAddress } from '../../server/payments/gateways/payment-codes.ts'
import { askFor, callOf, openWith } from './opened.ts'

const IBAN = 'DE89 3704 0044 0532 0130 00'
const REFERENCE = 'K7MP3XQ9RT4W'

async function codeOf(settings: z.input<typeof manual.settings>, amount = '103.10', currency = 'EUR'): Promise<string | null> {
  const started = await openWith(manual, settings).start(askFor(amount, currency))
  return started.kind === 'transfer' ? started.qr : null
}

test('a transfer tells where it goes and what its text is', async () => {
  const open = openWith(manual, { bank: 'First Bank', account: IBAN, holder: 'Panel GmbH' })
  expect(await open.start(askFor('5000', 'JPY'))).toEqual({
    kind: 'transfer',
    theirId: null,
    lines: [
      { name: 'bank', text: 'First Bank' },
      { name: 'account', text: IBAN },
      { name: 'holder', text: 'Panel GmbH' },
      { name: 'amount', text: '5000' },
      { name: 'reference', text: REFERENCE },
    ],
    qr: null,
  })
  expect(await open.test()).toMatchObject({ ok: true })
})

test('an account on a network is an address', async () => {
  expect(await openWith(manual, { account: 'TXyz', network: 'TRON (TRC20)' }).start(askFor('20', 'USDT'))).toMatchObject({
    lines: [{ name: 'network', text: 'TRON (TRC20)' }, { name: 'address', text: 'TXyz' }, { name: 'amount' }, { name: 'reference' }],
  })
})

test('a SEPA code has the lines of the European Payments Council', async () => {
  const settings = { account: IBAN, holder: 'Café Müller', bic: 'cobadeffxxx', code: 'sepa' } as const
  expect(await codeOf(settings)).toBe(`BCD\n002\n1\nSCT\nCOBADEFFXXX\nCafé Müller\nDE89370400440532013000\nEUR103.10\n\n\n${REFERENCE}`)
  expect(await codeOf({ ...settings, bic: undefined })).toContain('\nSCT\n\nCafé')
  expect([await codeOf(settings, '103.10', 'USD'), await codeOf(settings, '1.005'), await codeOf(settings, '1000000000')]).toEqual([
    null,
    null,
    null,
  ])
})

test('a UPI code opens the app of the payer with everything filled in', async () => {
  const settings = { account: 'panel.shop@okbank', holder: 'Panel & Söhne', code: 'upi' } as const
  expect(await codeOf(settings, '500', 'INR')).toBe(
    `upi://pay?pa=panel.shop@okbank&pn=Panel%20%26%20S%C3%B6hne&am=500.00&cu=INR&tn=${REFERENCE}&tr=${REFERENCE}`,
  )
  expect(await codeOf(settings, '500', 'EUR')).toBeNull()
})

test('a code of a fixed text is shown as it is', async () => {
  expect(await codeOf({ account: '1', code: 'text', codeText: '00020101021129370016A000000677010111' }, '5', 'THB')).toBe(
    '00020101021129370016A000000677010111',
  )
})

test.each([
  ['an IBAN with a wrong digit', { account: IBAN.replace('89', '88'), holder: 'A', code: 'sepa' }],
  ['no holder', { account: IBAN, code: 'sepa' }],
  ['no UPI address', { account: 'panel', holder: 'A', code: 'upi' }],
  ['no text', { account: '1', code: 'text' }],
] as const)('a code with %s is told by the test of the connection, and not shown', async (_, settings) => {
  expect(await openWith(manual, settings).test()).toMatchObject({ ok: false })
  expect(await codeOf(settings)).toBeNull()
})

test('the check digits of an IBAN are checked', () => {
  expect(['GB82 WEST 1234 5698 7654 32', 'FR1420041010050500013M02606', 'DE89370400440532013000'].map(isIban)).toEqual([true, true, true])
  expect(['GB82WEST12345698765433', 'DE00', '', 'DE89370400440532013000000000000000000000'].map(isIban)).toEqual([
    false,
    false,
    false,
    false,
  ])
  expect([isUpiAddress('a.b-c@upi'), isUpiAddress('a b@upi'), isUpiAddress('@upi')]).toEqual([true, false, false])
})

test('nobody can call about it', () => {
  const call = callOf({ method: 'POST', query: '', headers: {}, body: '{}' })
  expect(openWith(manual, { account: IBAN }).heard(call).kind).toBe('forged')
})
