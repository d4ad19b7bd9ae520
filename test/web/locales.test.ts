import { readdirSync, readFileSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { languages, SOURCE_LANGUAGE } from '../../server/texts/languages.ts'

const root = new URL('../../', import.meta.url)
const english = messagesOf(SOURCE_LANGUAGE)
const keys = Object.keys(english)

describe('the texts', () => {
  test('every language of the picker has a file, and every file is in the picker', () => {
    const files = readdirSync(new URL('locales/', root))
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.replace('.json', ''))

    expect(files.toSorted()).toEqual(languages.map((language) => language.code).toSorted())
  })

  test('no text is unused', () => {
    const sources = sourcesIn('server/', 'contract/', 'cli/')
    const patterns = [...sources.matchAll(/`([a-z][\w.]*\.\$\{[^`]+)`/g)].map(([, template]) => asPattern(template!))

    const named = new Set([...sources.matchAll(/'([\w.-]+)'|="([\w.-]+)"/g)].map(([, key, attribute]) => key ?? attribute))
    const unused = keys.filter((key) => !named.has(key) && !patterns.some((pattern) => pattern.test(key)))

    expect(unused).toEqual([])
  })

  for (const { code } of languages) {
    describe(`in ${code}`, () => {
      test('has every text, and no other', () => {
        const messages = messagesOf(code)
        expect(Object.keys(messages)).toEqual(keys)
        expect(Object.entries(messages).filter(([, text]) => text.trim() !== text || text === '')).toEqual([])
      })

      test('has the placeholders of English', () => {
        const messages = messagesOf(code)
        const differing = keys.filter((key) => argumentsOf(code, messages[key]!) !== argumentsOf(SOURCE_LANGUAGE, english[key]!))

        expect(differing).toEqual([])
      })

      test('names the same code as English', () => {
        const messages = messagesOf(code)
        const differing = keys.filter((key) => codeIn(messages[key]!) !== codeIn(english[key]!))

        expect(differing).toEqual([])
      })

      test('has every plural form that its speakers have', () => {
        const messages = messagesOf(code)
        const wanted = new Intl.PluralRules(code).resolvedOptions().pluralCategories.toSorted()
        const lacking = keys.filter((key) => pluralsOf(code, messages[key]!).some((forms) => forms.toSorted().join() !== wanted.join()))

        expect(lacking).toEqual([])
      })
    })
  }
})

function messagesOf(code: string): Record<string, string> {
  const read = (place: string) => JSON.parse(readFileSync(new URL(`locales/${place}.json`, root), 'utf8')) as Record<string, string>
  return { ...read(code), ...read(`desk/${code}`) }
}

function sourcesIn(...folders: string[]): string {
  const files = folders.flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((name) => new URL(folder + name, root)),
  )
  return files
    .filter((file) => /\.tsx?$/.test(file.pathname))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
}

/** `docs.http.${code}` stands for every key that begins so. */
function asPattern(template: string): RegExp {
  const fixed = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', String.raw`\.`))
  return new RegExp(`^${fixed.join('[a-zA-Z0-9_. -]+')}$`)
}

interface Part {
  readonly type: number
  readonly value?: string
  readonly options?: Record<string, { readonly value: readonly Part[] }>
}

function partsOf(code: string, text: string): readonly Part[] {
  return new IntlMessageFormat(text, code, undefined, { ignoreTag: true }).getAst()
}

/** The arguments of a message with their kinds, each once, in order of the alphabet. Literals are kind 0, the # of a plural is 7. */
function argumentsOf(code: string, text: string): string {
  const named = (parts: readonly Part[]): string[] =>
    parts.flatMap(({ type, value, options }) => [
      ...(type === 0 || type === 7 ? [] : [`${value}:${type}`]),
      ...Object.values(options ?? {}).flatMap((option) => named(option.value)),
    ])
  return [...new Set(named(partsOf(code, text)))].toSorted().join(' ')
}

const PLURAL = 6

/** The forms of each plural of a text, inside others too. A choice between words has none, and a form for one number alone (`=0`) is no form of a language. */
function pluralsOf(code: string, text: string): string[][] {
  const inside = (parts: readonly Part[]): string[][] =>
    parts.flatMap(({ type, options = {} }) => [
      ...(type === PLURAL ? [Object.keys(options).filter((form) => !form.startsWith('='))] : []),
      ...Object.values(options).flatMap(({ value }) => inside(value)),
    ])
  return inside(partsOf(code, text))
}

function codeIn(text: string): string {
  return text
    .split('`')
    .filter((_, at) => at % 2 === 1)
    .toSorted()
    .join(' ')
}
