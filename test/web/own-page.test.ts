import { describe, expect, test, vi } from 'vitest'
import { pagePublish, pageRemove } from '../../server/acts/page-publish.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { textOf } from './docs-page.ts'

const docket = openDocket({ DOCKET_NAME: 'Example Panel', DOCKET_PUBLIC_URL: 'https://panel.example' })
const house = () => houseOf(docket.db, docket.clock.now)
const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(docket.node.url + path, { redirect: 'manual', headers: { accept: 'text/html', ...headers } })
const shown = async (path: string, headers: Record<string, string> = {}) => (await ask(path, headers)).text()
/** Nodes hear of a change a moment later. */
const heard = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 300_000, interval: 10 })
const write = (page: string, language: string, title: string, text: string) => run(house(), pageSet, { page, language, title, text })
const publish = (page: string, more: object = {}) => run(house(), pagePublish, { page, ...more })

describe('a page of the operator’s own', () => {
  test('is seen by nobody before it is published, and as it was published until it is published again', async () => {
    await write('refunds', 'en', 'Refunds', 'Within **30 days**.')
    expect((await ask('/p/refunds')).status).toBe(404)
    await publish('refunds')
    expect(await shown('/en/p/refunds')).toContain('<h1>Refunds</h1><div class="markdown"><p>Within <strong>30 days</strong>.</p></div>')
    await write('refunds', 'en', 'Refunds', 'Never.')
    expect(textOf(await shown('/en/p/refunds'))).toContain('Within 30 days.')
    await publish('refunds')
    expect(textOf(await shown('/en/p/refunds'))).toContain('Never.')
    await publish('refunds', { number: 1 })
    expect(textOf(await shown('/en/p/refunds'))).toContain('Within 30 days.')
  })

  test('is shown in the reader’s language, else in the one that is closest, and says so', async () => {
    await write('faq', 'zh-CN', '常见问题', '怎么付款？')
    await write('faq', 'sl', 'Vprašanja', 'Kako plačam?')
    await publish('faq')
    const slovene = await shown('/sl/p/faq')
    expect(slovene).toContain('<html lang="sl"')
    expect(slovene).toContain('<title>Vprašanja · Example Panel</title><meta name="description" content="Kako plačam?"/>')
    expect(slovene).not.toContain('lang="zh-CN" dir=')
    const cantonese = await shown('/zh-HK/p/faq')
    expect(cantonese).toContain('<html lang="zh-HK"')
    expect(cantonese).toContain('<article lang="zh-CN" dir="ltr"><h1>常见问题</h1>')
    expect(textOf(cantonese)).toContain('简体中文')
    await write('faq', 'en', 'Questions', 'How do I pay?')
    await publish('faq')
    expect(await shown('/ar/p/faq')).toContain('<article lang="en" dir="ltr"><h1>Questions</h1>')
    expect(textOf(await shown('/p/faq', { 'accept-language': 'sl' }))).toContain('Kako plačam?')
  })

  test('leads search engines to the languages that it is really written in', async () => {
    const html = await shown('/de/p/faq')
    expect(html).toContain('<link rel="canonical" href="https://panel.example/en/p/faq"/>')
    expect([...html.matchAll(/hreflang="([^"]+)" href="https:/g)].map(([, code]) => code)).toEqual(['en', 'sl', 'zh-CN', 'x-default'])
    expect(html).toContain('hreflang="x-default" href="https://panel.example/p/faq"')
  })

  test('is linked from the foot of every page, by its title, unless the operator does not want that', async () => {
    await publish('refunds', { number: 1 })
    await heard(async () => expect(await shown('/sl')).toContain('<a href="/sl/p/faq"><bdi>Vprašanja</bdi></a>'))
    expect(await shown('/en/api')).toContain('<a href="/en/p/refunds"><bdi>Refunds</bdi></a>')
    expect(await shown('/sign-in', { cookie: 'language=de' })).toContain('<a href="/de/p/refunds" lang="en"><bdi>Refunds</bdi></a>')
    await publish('refunds', { number: 1, footer: false })
    await heard(async () => expect(await shown('/en/api')).not.toContain('/p/refunds'))
    expect((await ask('/en/p/refunds')).status).toBe(200)
  })

  test('is sent once to a browser that has it, and to whoever asks for its head only', async () => {
    const first = await ask('/en/p/faq')
    const again = await ask('/en/p/faq', { 'if-none-match': first.headers.get('etag')! })
    expect([first.status, again.status]).toEqual([200, 304])
    expect((await fetch(`${docket.node.url}/en/p/faq`, { method: 'HEAD' })).status).toBe(200)
    expect((await ask('/DE/p/faq/')).headers.get('location')).toBe('/de/p/faq')
  })

  test('is gone when it is removed, and comes back as it was', async () => {
    await run(house(), pageRemove, { page: 'refunds' })
    expect((await ask('/en/p/refunds')).status).toBe(404)
    await publish('refunds', { number: 1 })
    expect(textOf(await shown('/en/p/refunds'))).toContain('Within 30 days.')
  })

  test('is not there in a language that the house does not offer', async () => {
    await run(house(), settingsSet, { languages: ['sl', 'ar'] })
    await heard(async () => expect((await ask('/en/p/faq')).headers.get('location')).toBe('/p/faq'))
    expect(await shown('/ar/p/faq')).toContain('<article lang="en" dir="ltr"><h1>Questions</h1>')
    await run(house(), settingsSet, { languages: null })
  })

  test.each(['/p/nowhere', '/p/A', '/p/a--b', `/p/${'a'.repeat(61)}`, '/en/p/x%2Fy', '/p/%00'])('is not found at %s', async (path) => {
    expect((await ask(path)).status).toBe(404)
  })
})
