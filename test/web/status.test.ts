import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { ActWith } from '../../server/acts/act.ts'
import { incidentOpen, incidentSettle, incidentUpdate, incidentWrite } from '../../server/acts/incident-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { openSecret } from '../../server/secret.ts'
import { addSupplier } from '../../server/suppliers/registry.ts'
import { languages } from '../../server/texts/languages.ts'
import { textsIn } from '../../server/texts/texts.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { ownPages } from '../support/own-pages.ts'
import { statementsOf } from '../support/statements.ts'
import { elementsOf } from '../support/well-formed.ts'
import { textOf } from './docs-page.ts'

const docket = openDocket({ DOCKET_NAME: 'Example Panel', DOCKET_PUBLIC_URL: 'https://panel.example' })
const house = () => houseOf(docket.db, docket.clock.now)
const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(docket.node.url + path, { redirect: 'manual', headers: { accept: 'text/html', ...headers } })
/** As it is when what was remembered is too old. */
async function fresh(path: string, headers?: Record<string, string>): Promise<string> {
  docket.clock.forward({ seconds: 20 })
  return (await ask(path, headers)).text()
}
const heard = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 300_000, interval: 10 })
async function open(status_page: boolean) {
  await run(house(), settingsSet, { status_page })
  await heard(async () => expect((await ask('/en/status')).status).toBe(status_page ? 200 : 404))
}
const WORDING = { title: 'Slow starts', text: 'Orders start **late**.' }

beforeAll(async () => {
  const secret = await openSecret({ secret: 'a secret of at least thirty-two characters', dataDirectory: '' })
  const supplier = {
    protocol: 'api-v2',
    url: 'https://hidden.example/api/v2',
    key: 'x',
    privateNetwork: false,
    keepsRetryKeys: null,
  } as const
  for (const name of ['hidden-one', 'hidden-two', 'told']) await addSupplier(docket.db, { ...supplier, name }, secret)
  await docket.db.query(`update suppliers set public_name = 'Northern line' where name = 'told'`)
  await docket.db.query(
    `insert into supplier_standings (supplier_id, answers, since, asked_at) select id, name <> 'hidden-two', $1, $1 from suppliers where protocol = 'api-v2'`,
    [docket.clock.now()],
  )
  // Ten minutes of a house with 4,321 calls, none of which failed.
  await docket.db.query(
    `insert into api_hours values (date_trunc('hour', $1::timestamptz) - interval '1 hour', (1::bigint << 60) - 1, 4321, 0, array_fill(309::bigint, array[14]))`,
    [docket.clock.now()],
  )
})

describe('the status page', () => {
  test('is there when the operator wants it: page, documents, feed, and the link in the foot', async () => {
    for (const path of ['/en/status', '/status', '/status.json', '/status.atom', '/en/status/incidents', '/en/status/incidents/1'])
      expect((await ask(path)).status).toBe(404)
    expect(await (await ask('/en')).text()).not.toContain('href="/en/status"')
    await open(true)
    for (const path of ['/en/status', '/status', '/status.json', '/status.atom', '/en/status/incidents'])
      expect((await ask(path)).status).toBe(200)
    expect(await (await ask('/en')).text()).toContain('href="/en/status"')
    expect((await ask('/PT/status')).headers.get('location')).toBe('/pt-BR/status')
    expect(await (await ask('/sitemap.xml')).text()).toContain('https://panel.example/sl/status')
  })

  test('tells in all languages what works, from figures; nothing of how much is sold, and no supplier that is not told by name', async () => {
    docket.clock.forward({ seconds: 20 })
    for (const language of languages) {
      const html = await (await ask(`/${language.code}/status`)).text()
      const texts = textsIn(language)
      const words = textOf(html)
      for (const text of [texts.text('front.status.overall.up'), 'Northern line']) expect(words).toContain(text)
      expect(words).toContain(texts.text('front.status.connections', { answering: '2', all: '3' }))
      for (const secret of ['hidden-', 'hidden.example']) expect(html).not.toContain(secret)
      for (const figure of ['4321', '4,321', '4.321', '309']) expect(words).not.toContain(figure)
    }
    const json = await fresh('/status.json')
    for (const secret of ['hidden-', '4321', '309']) expect(json).not.toContain(secret)
  })

  test('is told to programs in a shape that stays', async () => {
    const answer = await ask('/status.json')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=15')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    const told = await answer.json()
    expect(Object.keys(told)).toEqual(['name', 'page', 'at', 'outdated', 'state', 'api', 'suppliers', 'deposits', 'orders', 'incidents'])
    expect(told).toMatchObject({ name: 'Example Panel', page: 'https://panel.example/en/status', outdated: false, state: 'up' })
    expect(Object.keys(told.api)).toEqual(['state', 'available', 'last_day', 'hours', 'days'])
    expect([told.api.days.length, told.api.hours.length, told.suppliers.days.length]).toEqual([90, 24, 90])
    expect(told.suppliers).toMatchObject({ state: 'disturbed', answering: 2, all: 3, named: [{ name: 'Northern line', answers: true }] })
    const etag = answer.headers.get('etag')!
    expect((await ask('/status.json', { 'if-none-match': etag })).status).toBe(304)
  })

  test('is read once for all who ask within some seconds', async () => {
    docket.clock.forward({ seconds: 20 })
    const sent = await statementsOf(() =>
      Promise.all(Array.from({ length: 40 }, (_, n) => ask(n % 2 === 0 ? '/en/status' : '/status.json'))),
    )
    expect(sent.filter(({ text }) => text.includes('from api_hours'))).toHaveLength(1)
    expect((await statementsOf(() => ask('/en/status'))).filter(({ text }) => text.includes('api_hours'))).toEqual([])
  })

  test('still tells what it knew when the database cannot be read', async () => {
    await fresh('/en/status')
    docket.clock.forward({ seconds: 20 })
    await docket.db.query('alter table api_hours rename to api_hours_away')
    const words = textOf(await (await ask('/en/status')).text())
    expect((await (await ask('/status.json')).json()).outdated).toBe(true)
    await docket.db.query('alter table api_hours_away rename to api_hours')
    expect(words).toContain('The newest figures cannot be read')
    expect(words).toContain('The database does not answer now')
    expect(textOf(await fresh('/en/status'))).toContain('Everything works')
  })
})

describe('an incident', () => {
  test('is told at once with what staff add, in the language of the reader or else in English, and stays in the history', async () => {
    const { incident } = await run(house(), incidentOpen, { ...WORDING, affects: ['orders', 'api'], began: '2026-02-28' })
    await run(house(), incidentWrite, { incident, number: 1, language: 'sl', title: 'Počasni začetki', text: 'Naročila zamujajo.' })
    await run(house(), incidentUpdate, { incident, title: 'Better', text: 'Half of them are quick. <script>alert(1)</script>' })
    const html = await fresh('/en/status')
    expect(html).toContain('Orders start <strong>late</strong>.')
    expect(html).not.toContain('<script>alert')
    expect(textOf(html)).toContain('Some parts are disturbed')
    const slovene = await (await ask('/sl/status')).text()
    expect(slovene).toContain('Počasni začetki')
    expect(slovene).toContain('<div lang="en" dir="ltr"><p class="update-title">Better</p>')
    expect(await (await ask('/de/status')).text()).toContain('Slow starts')

    await run(house(), incidentSettle, { incident })
    expect(textOf(await fresh('/en/status'))).toContain('Settled after')
    for (let n = 0; n < 25; n += 1) {
      const { incident: next } = await run(house(), incidentOpen, { title: `Number ${n}`, text: 'x' })
      await run(house(), incidentSettle, { incident: next })
    }
    const page = textOf(await fresh('/en/status'))
    expect([page.includes('Number 24'), page.includes('Number 3')]).toEqual([true, false])
    const first = await (await ask('/en/status/incidents')).text()
    const older = /href="(\/en\/status\/incidents\?before=\d+)"/.exec(first)![1]!
    expect(await (await ask(older)).text()).toContain('Slow starts')
    expect(await (await ask(`/en/status/incidents/${incident}`)).text()).toContain('Half of them are quick')
    for (const path of ['/en/status/incidents/999999', '/en/status/incidents/x', '/en/status/incidents/99999999999999'])
      expect((await ask(path)).status).toBe(404)
  })

  test('is a quiet line above the pages of customers while it is open', async () => {
    const me = await ownPages(docket)
    const see = async (path = '/services') => {
      docket.clock.forward({ seconds: 20 })
      return (await ask(path, { cookie: `__Host-docket-session=${me.token}; language=en` })).text()
    }
    expect(await see()).not.toContain('class="open-incidents"')
    const { incident } = await run(house(), incidentOpen, WORDING)
    expect(await see()).toContain(`<a href="/en/status/incidents/${incident}" lang="en">Slow starts</a>`)
    expect(await see('/status')).not.toContain('class="open-incidents"')
    await run(house(), incidentSettle, { incident })
    expect(await see()).not.toContain('class="open-incidents"')
  })

  test('comes as a feed that any program for news reads', async () => {
    const { incident } = await run(house(), incidentOpen, { title: 'A & B <c> "d" \u0001', text: 'Late & <b>slow</b>.' })
    const answer = await (docket.clock.forward({ seconds: 20 }), ask('/de/status.atom'))
    expect(answer.headers.get('content-type')).toContain('application/atom+xml')
    const elements = elementsOf(await answer.text())
    expect(elements.filter(({ name }) => name === 'entry').length).toBeGreaterThan(20)
    expect(elements.find(({ name, text }) => name === 'title' && text.startsWith('A & B'))!.text).toBe('A & B <c> "d"')
    expect(elements.find(({ name, text }) => name === 'id' && text.endsWith(`/${incident}`))!.text).toBe(
      `https://panel.example/de/status/incidents/${incident}`,
    )
    for (const { name, text } of elements) if (name === 'updated') expect(new Date(text).toISOString()).toBe(text)
    await run(house(), incidentSettle, { incident })
  })

  test('is refused what makes no sense, and nothing changes', async () => {
    const { incident } = await run(house(), incidentOpen, WORDING)
    const cases = [
      [incidentOpen, { ...WORDING, began: '2999-01-01' }, 'incident_begins_later'],
      [incidentUpdate, { incident: 9999, ...WORDING }, 'unknown_incident'],
      [incidentWrite, { incident, number: 2, language: 'sl', ...WORDING }, 'unknown_incident_text'],
      [incidentWrite, { incident, number: 1, language: 'en', title: null, text: 'x' }, 'incident_needs_title_and_text'],
    ] as const
    for (const [act, input, code] of cases) await expect(run(house(), act as ActWith<object>, input)).rejects.toMatchObject({ code })
    await run(house(), incidentSettle, { incident })
    await expect(run(house(), incidentSettle, { incident })).rejects.toMatchObject({ code: 'incident_settled' })
  })
})
