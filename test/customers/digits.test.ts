import { describe, expect, test } from 'vitest'
import { TOTP, Secret } from 'otpauth'
import { plainDigits } from '../../server/customers/digits.ts'
import { stepOf } from '../../server/customers/totp.ts'

describe('a code of an authenticator app', () => {
  const secret = new Secret({ size: 20 })
  const now = new Date('2026-03-01T12:00:00Z')
  const code = new TOTP({ secret, digits: 6, period: 30, algorithm: 'SHA1' }).generate({ timestamp: now.getTime() })
  const inScript = (zero: number) => code.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))

  test('is read in the digits of any script, with spaces and marks of direction', () => {
    for (const zero of [0x660, 0x6f0, 0x966, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7f6]) {
      expect(plainDigits(inScript(zero))).toBe(code)
      expect(stepOf(secret.base32, inScript(zero), now)).toBeDefined()
    }
    expect(stepOf(secret.base32, `\u200E${code.slice(0, 3)} ${code.slice(3)}\u200F`, now)).toBeDefined()
  })

  test('is wrong, and no fault, when it is anything else', () => {
    for (const wrong of [
      '',
      'éééééé',
      'абвгде',
      '12345',
      '1234567',
      '½½½½½½',
      '①②③④⑤⑥',
      '\0\0\0\0\0\0',
      '😀😀😀',
      '一二三四五六',
      '-1e100',
    ]) {
      expect(stepOf(secret.base32, wrong, now)).toBeUndefined()
    }
  })
})
