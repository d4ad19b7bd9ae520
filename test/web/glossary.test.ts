import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { languages, SOURCE_LANGUAGE } from '../../server/texts/languages.ts'
import { exceptions, glossary, type Term, terms } from './glossary.ts'

const english = textsOf(SOURCE_LANGUAGE)
const termNames = Object.keys(terms) as Term[]

describe('the glossary', () => {
  test('covers every language of the pages', () => {
    expect(Object.keys(glossary).toSorted()).toEqual(languages.map((language) => language.code).toSorted())
  })

  for (const { code } of languages) {
    test(`in ${code}, no text uses a second word for a term of the glossary`, () => {
      expect(secondWords(code, textsOf(code))).toEqual([])
    })

    test(`in ${code}, a text says a term by the word of the glossary where English says it`, () => {
      expect(missingWords(code, textsOf(code))).toEqual([])
    })
  }

  test('an exception names a text that exists and says its term in English', () => {
    const idle = exceptions.flatMap(({ term, texts }) => texts.filter((key) => !terms[term].test(english.get(key) ?? '')))

    expect(idle).toEqual([])
  })

  test('finds a second word, and a word that is missing', () => {
    const texts = new Map([['app.refill', 'Nachlieferung {refill}']])

    expect(secondWords('de', texts)).toEqual(['app.refill: “nachliefer” stands for refill'])
    expect(missingWords('de', texts)).toEqual(['app.refill: refill is “nachfüll”'])
  })
})

function secondWords(code: string, texts: ReadonlyMap<string, string>): string[] {
  return faultsOf(texts, (key, text, term) =>
    (glossary[code]![term].never ?? [])
      .filter((word) => words(code, text).includes(word))
      .map((word) => `${key}: “${word}” stands for ${term}`),
  )
}

function missingWords(code: string, texts: ReadonlyMap<string, string>): string[] {
  return faultsOf(texts, (key, text, term) => {
    const { uses } = glossary[code]![term]
    const isMissing = terms[term].test(english.get(key)!) && !uses.some((word) => words(code, text).includes(word))
    return isMissing && !isExcepted(key, term) ? [`${key}: ${term} is “${uses[0]}”`] : []
  })
}

function faultsOf(texts: ReadonlyMap<string, string>, find: (key: string, text: string, term: Term) => string[]): string[] {
  return [...texts].flatMap(([key, text]) => termNames.flatMap((term) => find(key, text, term)))
}

function isExcepted(key: string, term: Term): boolean {
  return exceptions.some((exception) => exception.term === term && exception.texts.includes(key))
}

/** A space before the first word lets the glossary ask for the beginning of a word. */
function words(code: string, text: string): string {
  return ` ${withoutCode(text).toLocaleLowerCase(code)}`
}

function textsOf(code: string): ReadonlyMap<string, string> {
  const read = (place: string) => JSON.parse(readFileSync(new URL(`../../locales/${place}.json`, import.meta.url), 'utf8')) as object
  const texts = { ...read(code), ...read(`desk/${code}`) } as Record<string, string>
  return new Map(Object.entries(texts).map(([key, text]) => [key, withoutCode(text)]))
}

/** Code and placeholders are the same in every language and say no word of it. */
function withoutCode(text: string): string {
  return text.replaceAll(/`[^`]*`/g, '').replaceAll(/\{\w+\}/g, '')
}
