import { beforeAll, describe, expect, test } from 'vitest'
import { actions } from '../../contract/actions.ts'
import type { Example } from '../../contract/action.ts'
import { NEXT_REFILL } from '../../contract/actions/refill.ts'
import { extensions } from '../../contract/extensions.ts'
import { serviceTypes } from '../../contract/service-types.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { type Language, languageByCode, languages } from '../../server/texts/languages.ts'
import { textsIn } from '../../server/texts/texts.ts'
import { eventually } from '../support/clients.ts'
import { freshFixture, vectors } from '../support/contract-fixture.ts'
import { openDocket } from '../support/docket.ts'
import { shownExamples, type ShownExample } from './docs-page.ts'
import { programs } from './programs.ts'

const english = languageByCode('en')!

const examples: readonly (Example & { action: string; name: string })[] = [
  ...actions.flatMap(({ name: action, forms }) =>
    forms.flatMap(({ id, examples }) =>
      examples.map((example) => ({ ...example, action, name: [id, example.title].filter(Boolean).join(' ') })),
    ),
  ),
  ...extensions.flatMap(({ id, examples }) => examples.map((example) => ({ ...example, name: id }))),
]

describe('every example on the page holds against the running server', () => {
  const docket = openDocket()
  let shown: ShownExample[]
  beforeAll(async () => {
    shown = await examplesIn(english)
  })

  test('the page shows each of them, and nothing else', () => {
    const called = (example: ShownExample) => JSON.stringify(example.parameters)
    const wanted = examples.map(({ action, parameters }) => JSON.stringify({ action, ...parameters }))

    expect(new Set(shown.map(called))).toEqual(new Set(wanted))
  })

  for (const program of programs) {
    const { language, isHere, missing } = program
    describe(`in ${language}${isHere ? '' : ` (not on this machine: ${missing})`}`, () => {
      for (const example of examples) {
        test.skipIf(!isHere)(`example: ${example.name}`, async () => {
          const { code, answer: promised } = shownAs(example)
          const key = await exampleShop(english, example.action)

          const given = await program.answer(code[language]!.replaceAll('YOUR_KEY', key))

          // A value of another realm is equal, but not the same kind.
          expect(JSON.parse(JSON.stringify(given))).toEqual(withDiffering(promised, example.differs))
        })
      }
    })
  }

  for (const language of languages) {
    test(`the service list of the page in ${language.code} is the answer of a docket in that language`, async () => {
      const onPage = (await examplesIn(language)).find((example) => example.parameters['action'] === 'services')!
      const key = await exampleShop(language, 'services')

      expect(await docket.call({ key, ...onPage.parameters })).toEqual(onPage.answer)
    })
  }

  async function examplesIn(language: Language): Promise<ShownExample[]> {
    const response = await fetch(`${docket.node.url}/${language.code}/api`)
    expect(response.status).toBe(200)
    return shownExamples(await response.text())
  }

  function shownAs({ action, parameters }: Example & { action: string }): ShownExample {
    const wanted = JSON.stringify({ action, ...parameters })
    return shown.find((example) => JSON.stringify(example.parameters) === wanted)!
  }

  /** The fixture as an operator of this language has it; for orders, with a service of each type. */
  async function exampleShop(language: Language, action: string): Promise<string> {
    const key = await freshFixture(docket.db, docket.clock.now())
    await docket.db.query(`select setval(pg_get_serial_sequence('refills', 'id'), $1)`, [NEXT_REFILL - 1])
    await forgetServices()
    const list = [...listedIn(language), ...(action === 'add' ? oneOfEachType() : [])]
    await importServices(docket.db, readServiceList(JSON.stringify(list)))
    const names = JSON.stringify(list.map(({ name }) => name))
    await eventually('the node hears of the list', async () => {
      const heard = (await docket.call({ key, action: 'services' })) as { name: string }[]
      return JSON.stringify(heard.map(({ name }) => name)) === names
    })
    return key
  }

  async function forgetServices() {
    const client = await docket.db.connect()
    try {
      await client.query(
        `set session_replication_role = replica; delete from services; delete from service_changes; reset session_replication_role`,
      )
    } finally {
      client.release()
    }
  }
})

interface Listed {
  readonly service: number
  readonly name: string
}

function listedIn(language: Language): Listed[] {
  const texts = textsIn(language)
  const words = [
    { name: texts.text('example.followers'), category: texts.text('example.instagram') },
    { name: texts.text('example.comments'), category: texts.text('example.facebook') },
  ]
  return vectors.fixture.services.map((service, at) => ({ ...service, ...words[at]! }))
}

function oneOfEachType(): Listed[] {
  const known = new Set(vectors.fixture.services.map(({ service }) => String(service)))
  return serviceTypes
    .filter((type) => !known.has(type.example['service']!))
    .map((type) => ({
      service: Number(type.example['service']),
      name: type.name,
      type: type.name,
      rate: '1',
      min: 1,
      max: 10_000,
      dripfeed: type.runs === true,
    }))
}

/** The promised answer, with what differs from call to call only of the same kind. */
function withDiffering(promised: unknown, differs: readonly string[] = []): unknown {
  if (typeof promised !== 'object' || promised === null) return promised
  if (Array.isArray(promised)) return promised.map((part) => withDiffering(part, differs))
  const fields = Object.entries(promised).map(([name, value]) => {
    if (!differs.includes(name)) return [name, withDiffering(value, differs)]
    return [name, typeof value === 'number' ? expect.any(Number) : expect.stringMatching(kindOf(String(value)))]
  })
  return Object.fromEntries(fields)
}

function kindOf(value: string): RegExp {
  return /^[0-9a-f]{64}$/.test(value) ? /^[0-9a-f]{64}$/ : /^\d+$/
}
