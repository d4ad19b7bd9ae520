import { readFileSync } from 'node:fs'
import { type Formatters, IntlMessageFormat } from 'intl-messageformat'
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
  const formatters = openFormatters()
  const formatOf = (key: MessageKey): IntlMessageFormat => {
    const format = formats.get(key) ?? new IntlMessageFormat(messages[key], locale, undefined, { ignoreTag: true, formatters })
    formats.set(key, format)
    return format
  }
  const numbers = new Intl.NumberFormat(locale)
  const alternatives = new Intl.ListFormat(language.code, { type: 'disjunction', style: 'narrow' })
  return {
    language,
    has: (key): key is MessageKey => Object.hasOwn(messages, key),
    text: (key, values) => (isPlain(messages[key]) ? messages[key] : String(formatOf(key).format(values))),
    number: (value) => numbers.format(value),
    either: (parts) => alternatives.format(parts),
    pluralForms: (key) => pluralForms(formatOf(key)),
  }
}

/** Most messages have nothing to fill in, and need no parser. */
function isPlain(message: string | undefined): message is string {
  return message !== undefined && !message.includes('{') && !message.includes("'")
}

/** Formats of numbers and plurals, made once for all messages of a language: each costs more than a message. */
function openFormatters(): Formatters {
  return {
    getNumberFormat: onceEach((...made) => new Intl.NumberFormat(...made)),
    getDateTimeFormat: onceEach((...made) => new Intl.DateTimeFormat(...made)),
    getPluralRules: onceEach((...made) => new Intl.PluralRules(...made)),
  }
}

function onceEach<Arguments extends readonly unknown[], Made>(make: (...from: Arguments) => Made): (...from: Arguments) => Made {
  const made = new Map<string, Made>()
  return (...from) => {
    const name = JSON.stringify(from)
    const known = made.get(name) ?? make(...from)
    made.set(name, known)
    return known
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
