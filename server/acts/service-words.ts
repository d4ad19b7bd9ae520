import { z } from 'zod'
import { languageTag, setWords } from '../catalog/words.ts'
import { refuse } from '../refusal.ts'
import { act, changed } from './act.ts'
import { cli, flag, id, text } from './fields.ts'
import { rowOf } from './rows.ts'

export const serviceWords = act({
  name: 'service words',
  does: 'translate a service: its name, category and description; without these options, show its translations',
  permission: 'services.manage',
  overwrites: true,
  changesCatalogue: true,
  input: z.object({
    service: cli(id(), { argument: true }).describe('number of the service'),
    language: cli(z.string('It says which language the words are in.').max(50), { placeholder: '<tag>' }).describe(
      'language, like sl, zh-HK or pt-BR',
    ),
    name: text(1000).nullable().optional().describe('translated name; none removes it'),
    category: text(500).nullable().optional().describe('translated category; none removes it'),
    description: text(20_000).nullable().optional().describe('translated description; none removes it'),
    whole_category: flag().describe('translate the category for every service in it'),
  }),
  async run({ tx }, { service, language, whole_category: wholeCategory, ...given }) {
    const said = Object.entries(given).filter((entry): entry is [string, string | null] => entry[1] !== undefined)
    if (said.length === 0) throw refuse('nothing_to_change', '--name NAME')
    const words = Object.fromEntries(said.map(([word, value]) => [word, value?.trim() ?? null]))
    const before = await rowOf(tx, 'services', service)
    const set = await setWords(tx, service, { language, words, wholeCategory })
    const result = { service, language: languageTag(language), words: set.words, services: set.services }
    return { result, subject: { service }, ...changed(before, await rowOf(tx, 'services', service)) }
  },
  says({ service, language, words, services }) {
    const told = `Service ${service} in ${language}: ${words.name ?? 'named as in the catalogue'}`
    return services > 1 ? `${told}; ${services} services changed` : told
  },
})
