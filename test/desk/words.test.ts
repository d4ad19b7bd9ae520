import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { describe, expect, test } from 'vitest'
import { acts } from '../../server/acts/acts.ts'
import { type SettingField, settingFields } from '../../server/settings/fields.ts'
import { languages } from '../../server/texts/languages.ts'
import type { Texts } from '../../server/texts/texts.ts'
import { textsIn } from '../../server/texts/texts.ts'
import { readFields } from '../../server/web/desk/act-fields.tsx'
import { saidText } from '../../server/web/desk/said.ts'
import { because } from '../../server/payments/because.ts'
import { factText, whyAtEnd, whyText } from '../../server/web/desk/payments/evidence-words.ts'
import { faultText } from '../../server/web/desk/field-faults.ts'

/** A language that has every text, and no English one. */
const elsewhere: Texts = {
  ...textsIn(languages[0]!),
  has: (key): key is never => key.startsWith('desk.fault.'),
  text: (key, values) => `«${key} ${Object.values(values ?? {}).join(' ')}»`,
}

const LONG = 'x'.repeat(30_000)
/** What people and programs write where something else is wanted. */
const WRONG = [undefined, null, '', ' ', 'x', '-1', '0', '1.5', '100', '1e9', '5,5', 'a\nb', '101=', 'none', 'yes', '2026-02-31', LONG, -1, 0, 1.5, 1e15, true, [], [''], ['x'], [LONG], Array.from({ length: 100_001 }, () => 0), {}] // prettier-ignore

function faultsOf(schema: z.ZodType): string[] {
  return WRONG.flatMap((value) => {
    const parsed = schema.safeParse(value)
    return parsed.success ? [] : parsed.error.issues.map(({ message }) => message)
  })
}

describe('what is wrong with a field', () => {
  test.each(acts.filter(({ input }) => Object.keys(input.shape).length > 0).map((act) => [act.name, act] as const))(
    '%s: is told in the language of the reader',
    (_, act) => {
      const told = Object.values(act.input.shape).flatMap((schema) => faultsOf(schema as z.ZodType))
      expect(told.length).toBeGreaterThan(0)
      expect([...new Set(told)].filter((sentence) => !faultText(elsewhere, sentence).startsWith('«desk.fault.'))).toEqual([])
      const texts = Object.keys(act.input.shape).flatMap((name) =>
        WRONG.flatMap((text) => (typeof text === 'string' ? Object.values(readFields(act, { [name]: text }).faults) : [])),
      )
      expect(texts.filter((sentence) => !faultText(elsewhere, sentence).startsWith('«desk.fault.'))).toEqual([])
    },
  )

  test.each(Object.entries<SettingField>(settingFields))('the setting %s: is told in the language of the reader', (_, { schema }) => {
    expect([...new Set(faultsOf(schema))].filter((sentence) => !faultText(elsewhere, sentence).startsWith('«desk.fault.'))).toEqual([])
  })

  test('keeps its values, and stays as it is where a gateway says it', () => {
    const texts = textsIn(languages[0]!)
    expect(faultText(texts, 'It must have at most 500 characters.')).toBe('It must have at most 500 characters.')
    expect(faultText(texts, '"x" is not a valid amount: digits, and at most five after the dot, like 100 or 0.25')).toBe(
      'It must be an amount, like 100 or 0.25.',
    )
    expect(faultText(texts, 'No such merchant')).toBe('No such merchant')
  })
})

describe('why money waits', () => {
  const german = textsIn(languages.find(({ code }) => code === 'de')!)

  test.each(Object.keys(because) as (keyof typeof because)[])('%s: is told in the language of the reader, with its values', (name) => {
    const sentence = because[name]('103.00 EUR', '99.00 EUR')
    const told = whyText(german, sentence)
    expect(told).toEqual({ text: expect.not.stringContaining(sentence), isOurs: true })
    for (const value of ['103.00 EUR', '99.00 EUR']) expect(told.text.includes(value)).toBe(sentence.includes(value))
    expect(whyText(textsIn(languages[0]!), sentence).text).toBe(sentence)
    expect(whyAtEnd(german, `5.00 USD (Bank): ${sentence}`)).toBe(`5.00 USD (Bank): ${told.text}`)
    expect(factText(german, 'words', sentence)).toBe(`Gesagt: ${told.text}`)
  })

  test.each(['insufficient_funds', 'A second signature was asked for', '', 'x (y): z'])(
    'what somebody else said stays as it is: %s',
    (words) => {
      expect(whyText(german, words)).toEqual({ text: words, isOurs: false })
      expect(whyAtEnd(german, words)).toBe(words)
    },
  )

  test('the facts beside it have names', () => {
    expect(factText(german, 'same_as', '17')).toBe('Dasselbe wie Einzahlung: 17')
    expect(factText(german, 'of_tomorrow', { a: 1 })).toBe('of tomorrow: {"a":1}')
  })
})

describe('what an act did', () => {
  const texts = textsIn(languages[0]!)

  test('is one sentence, with sums as they are written in the language of the reader', () => {
    const told = {
      act: 'order cancel',
      input: { order: 7 },
      result: { order: 7, status: 'Canceled', given_back: '1.50000', currency: 'USD' },
    }
    expect(saidText(texts, told)).toBe('Order 7 is canceled: $1.50 was given back.')
    const asked = { ...told, result: { ...told.result, status: 'In progress' } }
    expect(saidText(texts, asked)).toBe('The supplier of order 7 is asked to cancel it. It is refunded when the supplier says so.')
  })

  test('says nothing of an act that waits for a second person', () => {
    expect(saidText(texts, { act: 'fund', input: {}, result: { approval: 3, why: 'too much for one day' } })).toBeUndefined()
  })

  test('has sentences of acts only', () => {
    const names = new Set(acts.map(({ name }) => `desk.said.${name.replaceAll(' ', '-')}`))
    const keys = Object.keys(JSON.parse(readFileSync('locales/desk/en.json', 'utf8')) as object)
    expect(keys.filter((key) => key.startsWith('desk.said.') && !names.has(key))).toEqual([])
  })
})
