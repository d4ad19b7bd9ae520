import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { actions } from '../../contract/actions.ts'
import { aboutRefusals, type RefusalRow, refusals } from '../../contract/refusals.ts'
import { serviceTypes } from '../../contract/service-types.ts'
import { spelledOut } from '../../contract/message.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { freshFixture } from '../support/contract-fixture.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()

const forms = actions.flatMap(({ name, forms }) => forms.map((form) => ({ ...form, action: name })))
const named = (id: string) => id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())

describe('openapi.json', () => {
  let document: any
  const ajv = new Ajv2020({ strict: false })
  beforeAll(async () => {
    const response = await fetch(`${docket.node.url}/openapi.json`)
    expect(response.headers.get('content-type')).toBe('application/json')
    document = await response.json()
    ajv.addSchema(document, 'openapi')
  })
  const faults = (schema: string, value: unknown) => {
    const validate = ajv.getSchema(`openapi#/components/schemas/${schema}`)!
    return validate(value) ? [] : validate.errors
  }

  test('is of version 3.1, for this server’s address', () => {
    expect(document).toMatchObject({ openapi: '3.1.1', servers: [{ url: docket.node.url }], paths: { '/api/v2': { post: {} } } })
  })

  for (const { id, action, examples } of forms) {
    test(`its schemas take every example of ${id}, request and answer, and not the other way round`, () => {
      for (const { parameters, answer, title } of examples) {
        const request = { key: 'k', action, ...parameters }
        const said = spelledOut(answer, (key) => key)
        expect(faults(`${named(id)}Request`, request)).toEqual([])
        expect(faults(title === 'refused' ? 'Refusal' : `${named(id)}Answer`, said)).toEqual([])
        expect(faults(`${named(id)}Request`, { ...request, action: 'other' })).not.toEqual([])
        expect(faults(`${named(id)}Answer`, 'other')).not.toEqual([])
      }
    })
  }

  test('it tells a client’s author what may be sent: numbers, lists, addresses, posts without a limit, a retry key for a number', async () => {
    const order = { key: 'k', action: 'add', service: 1448 }
    const watch = { ...order, username: 'u', min: 1, max: '2' }
    const [plain, comments] = [
      { ...order, link: 'https://example.com/p', quantity: 10 },
      { ...order, link: 'some.name' },
    ]
    const taken: Record<string, object[]> = {
      AddRequest: [
        plain,
        { ...plain, link: '@some.name/p', max_charge: 0.9 },
        { ...plain, max_charge: '0.90000', runs: 7, interval: '1440' },
        { ...comments, comments: ['one', 'two'] },
        { ...comments, comments: 'one\ntwo' },
        { ...watch, posts: 0 },
        { ...watch, posts: '0', old_posts: 3, delay: 30, expiry: '31/12/2030' },
      ],
      StatusRequest: [{ key: 'k', action: 'status', order: 1 }, { key: 'k', action: 'status', idempotency_key: 'mine', extended: 1 }], // prettier-ignore
      StatusManyRequest: ['1,2', 1, [1, '2']].map((orders) => ({ key: 'k', action: 'status', orders })),
      RefillStatusManyRequest: [{ key: 'k', action: 'refill_status', refills: [1, 2] }],
    }
    const refused: Record<string, object[]> = {
      AddRequest: [
        { ...plain, link: 'ftp://example.com/p' },
        { ...plain, link: 'two words' },
        { ...watch, min: 0 },
        { ...watch, max: 1.5 },
        { ...plain, service: 'x' },
        { ...plain, max_charge: '1,5' },
        { ...watch, expiry: '2030-12-31' },
        { ...watch, delay: 7 },
      ],
      StatusRequest: [{ key: 'k', action: 'status' }, { key: 'k', action: 'status', order: [1] }], // prettier-ignore
      StatusManyRequest: [{ key: 'k', action: 'status', orders: [{ order: 1 }] }],
    }
    for (const [schema, requests] of Object.entries(taken))
      for (const request of requests) expect({ request, faults: faults(schema, request) }).toEqual({ request, faults: [] })
    for (const [schema, requests] of Object.entries(refused))
      for (const request of requests) expect({ request, faults: faults(schema, request) }).not.toEqual({ request, faults: [] })
    const { content } = document.paths['/api/v2'].post.requestBody
    expect(content['application/x-www-form-urlencoded'].encoding.orders).toEqual({ style: 'form', explode: true })
    expect(document.paths['/api/v2'].post.description).toContain('`orders[]`')
  })

  test('what the server really answers fits them', async () => {
    const { key } = await docket.account()
    const service = await docket.service({ refill: true, cancel: true })
    const placed = await docket.call({ key, action: 'add', service, link: 'https://example.com/p', quantity: 10 })
    const fits = async (schema: string, parameters: Record<string, string | number>) =>
      expect([schema, faults(schema, await docket.call({ key, ...parameters }))]).toEqual([schema, []])

    await fits('AddAnswer', { action: 'add', service, link: 'https://example.com/p', quantity: 10 })
    await fits('QuoteAnswer', { action: 'quote', service, link: 'https://example.com/p', quantity: 10 })
    await fits('BalanceAnswer', { action: 'balance' })
    await fits('ServicesAnswer', { action: 'services', extended: 1 })
    await fits('StatusAnswer', { action: 'status', order: placed.order, extended: 1 })
    await fits('StatusManyAnswer', { action: 'status', orders: `${placed.order},7` })
    await fits('RefillManyAnswer', { action: 'refill', orders: `${placed.order},7` })
    await fits('RefillStatusManyAnswer', { action: 'refill_status', refills: '7' })
    await fits('CancelAnswer', { action: 'cancel', orders: `${placed.order},7` })
    await fits('ChangesAnswer', { action: 'changes' })
    await fits('ServiceChangesAnswer', { action: 'service_changes' })
    await fits('LedgerAnswer', { action: 'ledger' })
    await fits('Refusal', { action: 'status', order: 7 })
  })
})

test('every request of the Postman collection is answered as the OpenAPI document says', async () => {
  const key = await freshFixture(docket.db, docket.clock.now())
  const types = serviceTypes.map(({ name, example }) => ({
    service: Number(example['service']),
    name,
    type: name,
    category: '',
    rate: '1',
  }))
  await importServices(docket.db, readServiceList(JSON.stringify(types)))
  const collection = await (await fetch(`${docket.node.url}/api/postman.json`)).json()
  const document = await (await fetch(`${docket.node.url}/openapi.json`)).json()
  const answers = new Ajv2020({ strict: false }).addSchema(document, 'openapi')
  const isAnswer = answers.getSchema('openapi#/paths/~1api~1v2/post/responses/200/content/application~1json/schema')!

  expect(collection.variable).toEqual([
    { key: 'url', value: `${docket.node.url}/api/v2` },
    { key: 'key', value: '' },
  ])
  expect(collection.item.map(({ name }: { name: string }) => name)).toEqual([...actions.map(({ name }) => name), 'deposits', 'tickets'])
  const items = collection.item.slice(0, actions.length).flatMap(({ item }: { item: object[] }) => item)
  expect(items).toHaveLength(forms.reduce((sum, { examples }) => sum + examples.length, 0))
  for (const { name, request, response } of items) {
    const filled = request.body.urlencoded.map((field: { key: string; value: string }) => [field.key, field.value.replace('{{key}}', key)])
    const answer = await docket.call(Object.fromEntries(filled))
    expect([name, isAnswer(answer), isAnswer(JSON.parse(response[0].body))]).toEqual([name, true, true])
    expect([name, answer.error]).not.toEqual([name, 'Incorrect request'])
  }
})

test('llms.txt tells every action, service type and refusal', async () => {
  const response = await fetch(`${docket.node.url}/llms.txt`)
  const text = await response.text()

  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  for (const { action } of forms) expect(text).toContain(`\`action=${action}\``)
  for (const { name } of serviceTypes) expect(text).toContain(`- \`${name}\`: `)
  for (const refusal of aboutRefusals.keys()) expect(text).toContain(`- \`${refusal}\`: `)
  expect(text).toContain(`${docket.node.url}/api/v2`)
})

test('every refusal of the contract has its meaning on the page', () => {
  const answers = Object.values<RefusalRow>(refusals).filter(
    ({ kind, status }) => status === 429 || !['call', 'now', 'fault'].includes(kind),
  )
  const shown = answers.map(({ text }) => (typeof text === 'string' ? text : (text as (value: 'N') => string)('N')))
  const texts = new Set([...shown, ...forms.flatMap((form) => form.refusals)])

  expect([...texts].filter((text) => !aboutRefusals.has(text))).toEqual([])
})

test('the page names every field that the server answers, and no other', async () => {
  const { key } = await docket.account()
  const service = await docket.service()
  const { order } = await docket.call({ key, action: 'add', service, link: 'https://example.com/p', quantity: 10 })
  const fieldsOf = (id: string) =>
    forms
      .find((form) => form.id === id)!
      .answer.filter((field) => !field.optional)
      .map((field) => field.name)

  const [listed] = await docket.call({ key, action: 'services', extended: 1 })
  const shown = await docket.call({ key, action: 'status', order, extended: 1 })

  expect(Object.keys(listed).toSorted()).toEqual(fieldsOf('services').toSorted())
  expect(Object.keys(shown).toSorted()).toEqual(fieldsOf('status').toSorted())
})
