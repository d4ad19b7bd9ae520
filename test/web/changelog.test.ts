import { beforeAll, describe, expect, test, vi } from 'vitest'
import { changelogAdd, changelogRemove, changelogWrite } from '../../server/acts/changelog-set.ts'
import { pagePublish } from '../../server/acts/page-publish.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { type ServiceChange, setCustomRate, setService } from '../../server/catalog/import.ts'
import { readPublicChanges } from '../../server/catalog/public-changes.ts'
import { nameCause } from '../../server/catalog/sync-trail.ts'
import { languages } from '../../server/texts/languages.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { catalogueIsHeard, onSale } from '../support/on-sale.ts'
import { ownPages } from '../support/own-pages.ts'
import { effortOf, type Statement } from '../support/statements.ts'
import { elementsOf } from '../support/well-formed.ts'
import { textOf } from './docs-page.ts'

const docket = openDocket({ DOCKET_NAME: 'Example Panel', DOCKET_PUBLIC_URL: 'https://panel.example' })
const house = () => houseOf(docket.db, docket.clock.now)
const ask = (path: string) => fetch(docket.node.url + path, { redirect: 'manual', headers: { accept: 'text/html' } })
/** As it is when what was remembered is too old. */
async function fresh(path: string): Promise<string> {
  docket.clock.forward({ seconds: 40 })
  return (await ask(path)).text()
}
const heard = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 300_000, interval: 10 })

// The database notes by its own clock what the importer of these tests puts on sale.
beforeAll(() => docket.clock.forward({ seconds: Math.ceil((Date.now() - docket.clock.now().getTime()) / 1000) + 3600 }))

/** A change that is noted as of the test's clock. */
async function set(service: number, change: ServiceChange): Promise<void> {
  docket.clock.forward({ seconds: 1 })
  await changeCatalogue(docket.db, async (tx) => {
    await nameCause(tx, 'test', docket.clock.now())
    await setService(tx, service, change)
  })
}

const NEWEST = 10n ** 18n

/** What everybody, or an account, reads of a service; the newest first. */
async function told(service: number, accountId: number | null = null): Promise<string[]> {
  const { changes } = await readPublicChanges(docket.db, { accountId, before: NEWEST, most: 500 })
  return changes
    .filter((change) => change.service === service)
    .map(({ what, old, now }) => (old === null && now === null ? what : `${what}: ${old} → ${now}`))
}

describe('changes of services', () => {
  test('are told to everybody while the service is on sale, and nothing of the time in which it is not', async () => {
    const service = await onSale(docket, { name: 'Captions', rate: '1', min: 10 })
    await set(service, { min: 20, name: 'Captions for clips' })
    await set(service, { state: 'hidden' })
    await set(service, { name: 'Secret name', rate: '9' })
    await set(service, { state: 'on sale' })
    await set(service, { rate: '2', description: 'Not told.' })
    expect(await told(service)).toEqual(['rate: 9 → 2', 'added', 'ended', 'name: Captions → Captions for clips', 'min: 10 → 20', 'added'])
  })

  test('have the prices of new accounts, or those of the reader; never what was agreed with another', async () => {
    const [agreed, discounted] = [await docket.account(), await docket.account()]
    const service = await onSale(docket, { rate: '10' })
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, agreed.account, service, '7.7'))
    await set(service, { rate: '20' })
    expect(await told(service)).toEqual(['rate: 10 → 20', 'added'])
    expect(await told(service, discounted.account)).toEqual(['rate: 10 → 20', 'added'])
    expect(await told(service, agreed.account)).toEqual(['added'])
  })
})

describe('the changelog', () => {
  test('has services and news by day in all languages, without prices where strangers see none', async () => {
    const service = await onSale(docket, { name: 'Plays of songs', rate: '3' })
    await set(service, { max: 5000, rate: '4.25' })
    await catalogueIsHeard(docket)
    const { entry } = await run(house(), changelogAdd, { title: 'Retries are safer', text: 'Send `idempotency_key`. <img src=x>' })
    await run(house(), changelogWrite, { entry, language: 'sl', title: 'Varnejši ponovni poskusi', text: 'Pošljite ključ.' })
    const html = await fresh('/en/api/changelog')
    expect(textOf(html)).toContain('Most quantity: 1,000,000 → 5,000')
    expect(html).toContain('Retries are safer')
    expect(html).not.toContain('<img')
    expect(html).not.toContain('4.25')
    for (const { code } of languages) expect((await ask(`/${code}/api/changelog`)).status).toBe(200)
    expect(await (await ask('/sl/api/changelog')).text()).toContain('Varnejši ponovni poskusi')
    const me = await ownPages(docket)
    const cookie = `__Host-docket-session=${me.token}; language=en`
    expect(await (await fetch(`${docket.node.url}/api/changelog`, { headers: { cookie } })).text()).toContain('4.25')
    await run(house(), settingsSet, { front_services: true })
    await heard(async () => expect(await fresh('/en/api/changelog')).toContain('4.25'))

    const docs = await fresh('/en/api')
    expect(docs).toContain('Retries are safer')
    expect(docs).toContain('href="/en/api/changelog"')
    await run(house(), changelogRemove, { entry })
    expect(await fresh('/en/api')).not.toContain('Retries are safer')
    await expect(run(house(), changelogRemove, { entry })).rejects.toMatchObject({ code: 'changelog_entry_removed' })
    await expect(run(house(), changelogAdd, { title: 'x', text: 'y', on_day: '2999-01-01' })).rejects.toMatchObject({
      code: 'changelog_entry_in_future',
    })
  })

  test('comes page by page, each change and each entry once', async () => {
    const service = await onSale(docket, { name: 'Often changed', min: 1 })
    for (let n = 0; n < 120; n += 1) {
      await set(service, { min: 2 + n })
      if (n % 40 === 0) await run(house(), changelogAdd, { title: `Entry of ${n}`, text: 'x' })
    }
    docket.clock.forward({ seconds: 40 })
    const seen: string[] = []
    let path: string | undefined = '/en/api/changelog'
    while (path !== undefined) {
      const html: string = await (await ask(path)).text()
      seen.push(textOf(html))
      path = /href="(\/en\/api\/changelog\?before=\d+)"/.exec(html)?.[1]
    }
    expect(seen.length).toBeGreaterThan(1)
    for (const words of ['Entry of 0', 'Entry of 40', 'Entry of 80', 'Least quantity: 1 → 2', 'Least quantity: 120 → 121'])
      expect([words, seen.filter((page) => new RegExp(`${words}(?!\\d)`).test(page)).length]).toEqual([words, 1])
    expect((await ask('/en/api/changelog?before=x')).status).toBe(200)
  })

  test('is a feed that any program for news reads, an entry per news and per day', async () => {
    await run(house(), changelogAdd, { title: 'Fast & <safe>', text: 'A **bold** step.' })
    docket.clock.forward({ seconds: 40 })
    const answer = await ask('/fr/api/changelog.atom')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=60')
    const elements = elementsOf(await answer.text())
    expect(elements.some(({ name, text }) => name === 'title' && text === 'Fast & <safe>')).toBe(true)
    expect(elements.some(({ name, text }) => name === 'content' && text.includes('<strong>bold</strong>'))).toBe(true)
    const ids = elements.filter(({ name }) => name === 'id').map(({ text }) => text)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('is read from an index, however long the trail of costs is', async () => {
    await docket.db.query(`
      insert into service_changes (number, service_id, supplier_id, what, old, new, cause, at)
      select -n, 101, 1, 'cost', '1', '2', 'test', now() from generate_series(1, 30000) n`) // prettier-ignore
    await docket.db.query('analyze service_changes')
    const asked: Statement[] = []
    const query = (config: { text: string; values?: unknown[] }) => {
      asked.push({ text: config.text, values: config.values ?? [] })
      return docket.db.query(config.text, config.values)
    }
    await readPublicChanges({ query } as never, { accountId: null, before: NEWEST, most: 100 })
    for (const statement of asked) expect((await effortOf(docket.db, statement)).readWhole).toEqual([])
  })
})

describe("the operator's notes", () => {
  test('stand above the documentation in the language of the reader, and a long text on a page of its own', async () => {
    expect(await fresh('/en/api')).not.toContain('class="api-notes"')
    await run(house(), pageSet, {
      page: 'api-notes',
      language: 'en',
      title: 'Read this first',
      text: 'Ask **slowly**. <script>alert(1)</script>',
    })
    await run(house(), pageSet, { page: 'api-notes', language: 'sl', title: 'Najprej preberite', text: 'Sprašujte počasi.' })
    await run(house(), pagePublish, { page: 'api-notes' })
    await heard(async () => expect(await (await ask('/en/api')).text()).toContain('Ask <strong>slowly</strong>.'))
    const html = await (await ask('/en/api')).text()
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('href="/en/p/api-notes"')
    expect(await (await ask('/sl/api')).text()).toContain('Najprej preberite')
    expect(await (await ask('/de/api')).text()).toContain('<div lang="en" dir="ltr"><h2 id="notes">Read this first</h2>')
    await run(house(), pageSet, { page: 'api-notes', language: 'en', text: `Long. ${'word '.repeat(1500)}` })
    await run(house(), pagePublish, { page: 'api-notes' })
    await heard(async () => expect(await (await ask('/en/api')).text()).toContain('href="/en/p/api-notes"'))
  })
})
