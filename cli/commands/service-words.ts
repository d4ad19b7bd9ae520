import type { Command } from 'commander'
import { changeCatalogue, readCatalogue } from '../../server/catalog/catalogue.ts'
import { languageTag, setWords, type Words } from '../../server/catalog/words.ts'
import { refuse } from '../../server/refusal.ts'
import { withDatabase } from '../database.ts'
import { id } from '../options.ts'
import { type Json, print, table } from '../output.ts'

/** Commands for the names and descriptions of a service in other languages. */
export function addServiceWords(service: Command) {
  service
    .command('words')
    .description('translate a service: its name, category and description; without these options, show its translations')
    .argument('<number>', 'number of the service', id)
    .option('--language <tag>', 'language, like sl, zh-HK or pt-BR')
    .option('--name <text>', 'translated name; none removes it')
    .option('--category <text>', 'translated category; none removes it')
    .option('--description <text>', 'translated description; none removes it')
    .option('--whole-category', 'translate the category for every service in it')
    .option('--json', 'answer in JSON')
    .action((which: number, options: WordsOptions, command: Command) => {
      const words = wordsOf(options)
      if (Object.keys(words).length === 0) return showWords(which, options)
      const { language } = options
      if (language === undefined) return command.error('error: --language says which language the words are in')
      return sayWords(which, { ...options, language }, words)
    })
}

function sayWords(which: number, options: WordsOptions & { language: string }, words: SaidWords): Promise<void> {
  const { language, wholeCategory = false, json } = options
  return withDatabase(async (db) => {
    const set = await changeCatalogue(db, (tx) => setWords(tx, which, { language, words, wholeCategory }))
    const tag = languageTag(language)
    const told = `Service ${which} in ${tag}: ${set.words.name ?? 'named as in the catalogue'}`
    print(
      json,
      { service: which, language: tag, words: set.words, services: set.services },
      set.services > 1 ? `${told}; ${set.services} services changed` : told,
    )
  })
}

function showWords(which: number, { json }: Json): Promise<void> {
  return withDatabase(async (db) => {
    const found = (await readCatalogue(db)).services.get(which)
    if (!found) throw refuse('unknown_service', which)
    const { translations } = found
    const rows = Object.entries(translations).map(([tag, said]) => [tag, said.name ?? '', said.category ?? '', said.description ?? ''])
    print(
      json,
      { service: which, translations },
      rows.length ? table(['language', 'name', 'category', 'description'], rows) : `Service ${which} is said in no other language yet`,
    )
  })
}

interface WordsOptions extends Words, Json {
  language?: string
  wholeCategory?: boolean
}

type SaidWords = { [word in keyof Words]: string | null }

/** The words that were given, by name; null where one is removed. */
function wordsOf({ name, category, description }: WordsOptions): SaidWords {
  const said = Object.entries({ name, category, description }).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(said.map(([word, text]) => [word, text === 'none' ? null : text.trim()]))
}
