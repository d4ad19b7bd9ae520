import { readFileSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'
import type { MessageKey } from '../../contract/message.ts'
import { type Language, SOURCE_LANGUAGE } from './languages.ts'

type Values = Readonly<Record<string, string | number>>

/** The texts of one language, and its formats of numbers and lists. */
export interface Texts {
  readonly language: Language
  /** The message with its placeholders filled. Backticks in it mark code: see ui/prose.tsx. */
  text(key: MessageKey, values?: Values): string
  /** Whether there is such a text: for names that are made from other names, like those of acts. */
  has(key: string): key is MessageKey
  number(value: number): string
  either(parts: readonly string[]): string
  /** Each plural form of a message, with # in place of the number: for islands, which have no ICU parser. */
  pluralForms(key: MessageKey): Readonly<Record<string, string>>
}

const opened = new Map<string, Texts>()

export function textsIn(language: Language): Texts {
  const known = opened.get(language.code)
  if (known) return known
  const texts = openTexts(language)
  opened.set(language.code, texts)
  return texts
}

function openTexts(language: Language): Texts {
  // Programs take only Latin digits, and numbers often appear next to text that people copy into programs, so every language shows the same digits.
  const locale = `${language.code}-u-nu-latn`
  // A text that a language lacks is shown in English rather than not at all; a test finds missing texts before a release.
  const messages = { ...readMessages(SOURCE_LANGUAGE), ...readMessages(language.code) }
  const formats = new Map<MessageKey, IntlMessageFormat>()
  const formatOf = (key: MessageKey): IntlMessageFormat => {
    const format = formats.get(key) ?? new IntlMessageFormat(messages[key], locale, undefined, { ignoreTag: true })
    formats.set(key, format)
    return format
  }
  const numbers = new Intl.NumberFormat(locale)
  const alternatives = new Intl.ListFormat(language.code, { type: 'disjunction', style: 'narrow' })
  return {
    language,
    has: (key): key is MessageKey => Object.hasOwn(messages, key),
    text: (key, values) => String(formatOf(key).format(values)),
    number: (value) => numbers.format(value),
    either: (parts) => alternatives.format(parts),
    pluralForms: (key) => pluralForms(formatOf(key)),
  }
}

function readMessages(code: string): Record<MessageKey, string> {
  const read = (place: string) => JSON.parse(readFileSync(new URL(`../../locales/${place}.json`, import.meta.url), 'utf8')) as object
  return { ...read(code), ...read(`desk/${code}`) } as Record<MessageKey, string>
}

/** For a message that consists of one plural and nothing else. */
function pluralForms(format: IntlMessageFormat): Record<string, string> {
  const [plural] = format.getAst()
  if (!plural || !('options' in plural)) return {}
  const forms = Object.entries(plural.options as Record<string, { value: readonly { value?: string }[] }>)
  return Object.fromEntries(forms.map(([form, { value }]) => [form, value.map((part) => part.value ?? '#').join('')]))
}
