import type { Command } from 'commander'
import { serviceWords } from '../../server/acts/service-words.ts'
import { readCatalogue } from '../../server/catalog/catalogue.ts'
import { refuse } from '../../server/refusal.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { print, table } from '../output.ts'

/** The command for the names and descriptions of a service in other languages. */
export function addServiceWords(service: Command) {
  addAct(service, serviceWords, {
    instead: (input, json) => {
      const isQuestion = !['name', 'category', 'description'].some((word) => input[word] !== undefined)
      return isQuestion ? () => showWords(input['service'] as number, json) : undefined
    },
  })
}

function showWords(which: number, json: boolean): Promise<void> {
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
