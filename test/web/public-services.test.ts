import { beforeAll, describe, expect, test, vi } from 'vitest'
import { pagePublish } from '../../server/acts/page-publish.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { catalogueIsHeard, change, onSale } from '../support/on-sale.ts'
import { ownPages } from '../support/own-pages.ts'
import { wideOffer } from '../support/wide-offer.ts'
import { textOf } from './docs-page.ts'

const docket = openDocket({ DOCKET_NAME: 'Example Panel', DOCKET_PUBLIC_URL: 'https://panel.example' })
const house = () => houseOf(docket.db, docket.clock.now)
const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(docket.node.url + path, { redirect: 'manual', headers: { accept: 'text/html', ...headers } })
const shown = async (path: string) => (await ask(path)).text()
const heard = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 300_000, interval: 10 })
const open = async (front_services: boolean) => {
  await run(house(), settingsSet, { front_services })
  await heard(async () => expect((await ask('/en/services')).status).toBe(front_services ? 200 : 404))
}
const idsIn = (html: string) => [...html.matchAll(/<li id="service-(\d+)"/g)].map(([, id]) => Number(id))
let captions: number

beforeAll(async () => {
  captions = await onSale(docket, { name: 'Captions for clips', category: 'Words', rate: '0.90', min: 10, max: 5000, refill: true })
  await docket.db.query(
    `insert into service_times (service_id, start_median, start_p95, finish_median, finish_p95, newest_at, measured_at) values ($1, 60, 600, 7200, 9000, now(), now())`,
    [captions],
  )
  await catalogueIsHeard(docket)
})

describe('the services that strangers see', () => {
  test('are not there unless the operator wants it: /services leads to where one signs in', async () => {
    expect((await ask('/en/services')).status).toBe(404)
    expect((await ask('/services')).headers.get('location')).toBe('/sign-in?next=/services')
    expect(await shown('/en')).not.toContain('href="/en/services"')
  })

  test('have their price for new accounts, limits, and the times that were measured', async () => {
    await open(true)
    const hidden = await onSale(docket, { name: 'Whispers' })
    await change(docket, hidden, { state: 'hidden' })
    const words = textOf(await shown('/en/services'))
    for (const word of ['Captions for clips', 'Words', '$0.90', 'per 1000', '10', '5,000', 'Refill', '1 min', '2 h'])
      expect(words).toContain(word)
    expect(words).not.toContain('Whispers')
    const own = await ask('/services', { 'accept-language': 'sl' })
    expect([own.status, own.headers.get('location')]).toEqual([302, '/sl/services'])
    expect(await shown('/de')).toContain('href="/de/services"')
  })

  test('are found by words, category and what orders allow, without script', async () => {
    const other = await onSale(docket, { name: 'Plays of songs', category: 'Sound' })
    expect(idsIn(await shown('/en/services?find=clips+CAPTIONS'))).toEqual([captions])
    expect(idsIn(await shown('/en/services?category=Sound'))).toEqual([other])
    expect(idsIn(await shown('/en/services?refill=yes'))).toEqual([captions])
    expect(textOf(await shown('/en/services?find=nothing-like-it'))).toContain('No results')
    expect(await shown('/en/services?find=%3Cscript%3E')).not.toContain('<script>')
    const html = await shown('/en/services')
    expect(html).toContain('<form method="get" action="/en/services"')
    expect(html).not.toContain('name="favourites"')
  })

  test('come once to a browser that has them, and to customers as their own page', async () => {
    const first = await ask('/en/services')
    expect((await ask('/en/services', { 'if-none-match': first.headers.get('etag')! })).status).toBe(304)
    const { token } = await ownPages(docket)
    const own = await ask('/en/services', { cookie: `__Host-docket-session=${token}` })
    expect([own.status, own.headers.get('location')]).toEqual([303, '/services'])
  })

  test('come fifty at a time, also where there are five thousand', async () => {
    await importServices(docket.db, readServiceList(JSON.stringify(wideOffer(5000))))
    await catalogueIsHeard(docket)
    const seen = new Set<number>()
    for (const page of [1, 2, 100]) for (const id of idsIn(await shown(`/en/services?page=${page}`))) seen.add(id)
    expect(seen.size).toBe(150)
    expect(idsIn(await shown('/en/services?page=99999'))).not.toEqual([])
    const first = await shown('/en/services?category=YouTube+likes')
    expect([idsIn(first).length, first.includes('page=2')]).toEqual([50, false])
  })
})

describe('search engines', () => {
  test('are told every public page in each language that it is written in', async () => {
    await run(house(), pageSet, { page: 'terms', language: 'sl', title: 'Pogoji', text: 'Bodite prijazni.' })
    await run(house(), pagePublish, { page: 'terms' })
    await run(house(), settingsSet, { languages: ['en', 'sl'] })
    await heard(async () => expect(await shown('/sitemap.xml')).toContain('/p/terms'))
    await heard(async () => expect(await shown('/sitemap.xml')).not.toContain('/de'))
    const xml = await shown('/sitemap.xml')
    expect([...xml.matchAll(/<loc>https:\/\/panel\.example([^<]*)<\/loc>/g)].map(([, path]) => path)).toEqual([
      '/en', '/sl', '/en/api', '/sl/api', '/en/api/changelog', '/sl/api/changelog', '/en/services', '/sl/services', '/sl/p/terms',
    ]) // prettier-ignore
    expect(xml).toContain('<xhtml:link rel="alternate" hreflang="sl" href="https://panel.example/sl/services"/>')
    await open(false)
    expect(await shown('/sitemap.xml')).not.toContain('/services')
  })

  test('find each of those pages, with a title, a description and its other languages', async () => {
    await open(true)
    const paths = [...(await shown('/sitemap.xml')).matchAll(/<loc>https:\/\/panel\.example([^<]*)<\/loc>/g)].map(([, path]) => path!)
    const titles = new Set<string>()
    for (const path of paths) {
      const html = await shown(path)
      titles.add(/<title>([^<]+)<\/title>/.exec(html)![1]! + path.slice(0, 3))
      expect(html).toMatch(/<meta name="description" content="[^"]{10,}"/)
      expect(html).toContain(`<link rel="canonical" href="https://panel.example${path}"/>`)
      expect(html).toContain('hreflang="x-default"')
    }
    expect(titles.size).toBe(paths.length)
  })

  test('are led there by robots.txt, and away from what nobody finds by searching', async () => {
    const text = await shown('/robots.txt')
    expect(text).toContain('Sitemap: https://panel.example/sitemap.xml')
    expect(text).toContain('Disallow: /desk\n')
    expect(text).not.toMatch(/Disallow: \/(en|services|p|api)?$/m)
  })
})
