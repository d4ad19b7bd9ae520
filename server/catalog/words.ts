import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { Catalogue, Service } from './catalogue.ts'

/** The operator's texts for a service in another language; a missing one is shown as it is in the catalogue. */
export interface Words {
  readonly name?: string
  readonly category?: string
  readonly description?: string
}

/** The texts in this language (given in lower case), or else in its base language: `pt-br`, then `pt`. */
export function wordsIn(service: Service, language: string): Words {
  if (language === '') return {}
  const byLanguage = new Map(Object.entries(service.translations).map(([name, words]) => [name.toLowerCase(), words]))
  return byLanguage.get(language) ?? byLanguage.get(language.split('-')[0]!) ?? {}
}

const spoken = new WeakMap<Catalogue, ReadonlySet<string>>()

/** The languages, in lower case, in which at least one service of a catalogue has texts. */
export function languagesOf(catalogue: Catalogue): ReadonlySet<string> {
  const known = spoken.get(catalogue)
  if (known) return known
  const tags = [...catalogue.services.values()].flatMap((service) => Object.keys(service.translations))
  const languages = new Set(tags.map((tag) => tag.toLowerCase()))
  spoken.set(catalogue, languages)
  return languages
}

const LONGEST: Readonly<Record<keyof Words, number>> = { name: 1000, category: 500, description: 20_000 }

/** The canonical spelling of a language tag: `PT-br` becomes `pt-BR`. Throws a Refusal for a text that is not a tag. */
export function languageTag(text: string): string {
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(text)) throw refuse('incorrect_language', text)
  return Intl.getCanonicalLocales(text)[0]!
}

// One entry per language, however its tag was written before.
const SET_WORDS = `
  update services s set translations = (
    select coalesce(jsonb_object_agg(t.key, t.value), '{}') from (
      select key, value from jsonb_each(s.translations) where lower(key) <> lower($2)
      union all
      select $2, words from (
        select jsonb_strip_nulls(coalesce((select value from jsonb_each(s.translations) where lower(key) = lower($2) limit 1), '{}') || $3::jsonb) as words
      ) said where words <> '{}'
    ) t
  )
  where s.id = $1 or ($4 and s.category = (select category from services where id = $1) and s.category <> '')
  returning s.id, s.translations -> $2 as words`

export interface WordsChange {
  readonly language: string
  /** Null removes a text; an absent one stays. */
  readonly words: { readonly [word in keyof Words]: string | null }
  /** Applies the category to every service in the same category. */
  readonly wholeCategory: boolean
}

/**
 * Sets the texts of a service in another language. Answers the texts it has there now, and how many services were changed. Throws a Refusal for an
 * unknown service, and for texts that do not fit.
 */
export async function setWords(tx: Queryable, id: number, change: WordsChange): Promise<{ words: Words; services: number }> {
  const language = languageTag(change.language)
  for (const [word, said] of Object.entries(change.words)) checkWord(word as keyof Words, said)
  if (change.wholeCategory && (change.words.name !== undefined || change.words.description !== undefined)) throw refuse('not_shared')
  const { rows } = await tx.query<{ id: number; words: Words | null }>(SET_WORDS, [
    id,
    language,
    JSON.stringify(change.words),
    change.wholeCategory,
  ])
  const changed = rows.find((row) => row.id === id)
  if (!changed) throw refuse('unknown_service', id)
  return { words: changed.words ?? {}, services: rows.length }
}

function checkWord(word: keyof Words, said: string | null) {
  if (said === null) return
  if (said.trim() === '') throw refuse('empty_words', word)
  if (said.length > LONGEST[word]) throw refuse('words_too_long', word, LONGEST[word])
  if (said.includes('\0')) throw refuse('words_with_null', word)
}
