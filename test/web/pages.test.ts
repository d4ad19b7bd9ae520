import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { openHttp, type HttpNode } from '../../server/http.ts'
import { openRequestsUnderWay } from '../../server/requests/under-way.ts'
import { docsPage } from '../../server/web/docs/docs.tsx'
import type { Limits } from '../../server/web/docs/limits.tsx'
import { openSite } from '../../server/web/site.tsx'
import { languages } from '../../server/texts/languages.ts'
import { openSettings } from '../../server/settings/settings.ts'
import { openDocket, testConfig } from '../support/docket.ts'
import { nothingToConfirm } from '../support/nothing-to-confirm.ts'
import { ownPages } from '../support/own-pages.ts'
import { textOf } from './docs-page.ts'

const docket = openDocket()
const HTML = { accept: 'text/html,*/*' }

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(docket.node.url + path, { redirect: 'manual', headers: { ...HTML, ...headers } })
const languageOf = async (response: Response) => /<html lang="([^"]+)"/.exec(await response.text())?.[1]

describe('the language of a page', () => {
  test('is the one in the address, else the picked one, else the closest to what the browser asks for', async () => {
    const german = { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' }

    expect(await languageOf(await get('/api', german))).toBe('de')
    expect(await languageOf(await get('/api', { ...german, cookie: 'language=uk' }))).toBe('uk')
    expect(await languageOf(await get('/sl/api', { ...german, cookie: 'language=uk' }))).toBe('sl')
    expect(await languageOf(await get('/api', { 'accept-language': 'ja' }))).toBe('en')
    expect(await languageOf(await get('/api', { 'accept-language': 'yue' }))).toBe('zh-HK')
    expect(await languageOf(await get('/api', { 'accept-language': ';;,,q=*x' }))).toBe('en')
  })

  test('has one address, whatever the spelling', async () => {
    for (const [asked, there] of [
      ['/pt/api', '/pt-BR/api'],
      ['/ZH-hk/api/?x=1', '/zh-HK/api?x=1'],
      ['/yue', '/zh-HK'],
      ['/sl/', '/sl'],
      ['/api/', '/api'],
    ] as const) {
      const response = await get(asked)
      expect([asked, response.status, response.headers.get('location')]).toEqual([asked, 308, there])
    }
    expect((await get('/', { 'accept-language': 'fa' })).headers.get('location')).toBe('/fa')
  })

  test('is told to search engines, with all others', async () => {
    const html = await (await get('/ar/api')).text()

    expect(html).toContain(`<link rel="canonical" href="${docket.node.url}/ar/api"/>`)
    const alternates = [...html.matchAll(/<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"/g)].map(([, code, href]) => [code, href])
    expect(alternates).toEqual([
      ...languages.map(({ code }) => [code, `${docket.node.url}/${code}/api`]),
      ['x-default', `${docket.node.url}/api`],
    ])
  })

  test('is remembered for a year when it is picked, as is the appearance', async () => {
    const response = await get('/en/api?language=fa&theme=dark')

    expect([response.status, response.headers.get('location')]).toEqual([303, '/fa/api'])
    expect(response.headers.getSetCookie()).toEqual([
      'language=fa; Max-Age=31536000; Path=/; SameSite=Lax',
      'theme=dark; Max-Age=31536000; Path=/; SameSite=Lax',
    ])
  })

  test('the country of the visitor suggests its language, where a trusted proxy tells it', async () => {
    const suggested = async (settings: Record<string, string>) => {
      const app = openNode({ phase: () => 'ready' }, settings)
      const { body } = await app.inject({ url: '/en/api', headers: { ...HTML, 'cf-ipcountry': 'SI' } })
      await app.close()
      return [.../<ul>(.*?)<\/ul>/s.exec(body)![1]!.matchAll(/hreflang="([^"]+)"/g)].map(([, code]) => code)
    }

    expect(await suggested({ DOCKET_TRUST_PROXY: '1' })).toEqual(['en', 'sl'])
    expect(await suggested({})).toEqual(['en'])
  })

  test('a choice never leads to somebody else’s address', async () => {
    for (const path of ['//evil.example/?theme=dark', '/\\evil.example?language=sl', '//evil.example/en/api?language=sl']) {
      const location = await rawLocation(path)
      expect(location).toMatch(/^\/[^/\\]/)
    }
  })
})

describe('what is sent', () => {
  test('allows nothing but what the page itself brings, and has no inline script or style', async () => {
    const response = await get('/en/api')
    const html = await response.text()

    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    )
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style="| on[a-z]+="/)
  })

  test('S3 a host that is none does not get into the page', async () => {
    const hostile = await withHost('evil"><script>alert(1)</script>')

    expect(hostile).not.toContain('evil')
    expect(hostile).toContain('http://localhost/api/v2')
  })

  test('is the same in every encoding, and nothing to who has it', async () => {
    const plain = await bytesOf('/en/api', 'identity')

    expect(brotliDecompressSync(await bytesOf('/en/api', 'br')).equals(plain)).toBe(true)
    expect(gunzipSync(await bytesOf('/en/api', 'gzip, br;q=0')).equals(plain)).toBe(true)
    const etag = (await get('/en/api')).headers.get('etag')!
    const again = await get('/en/api', { 'if-none-match': etag })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const head = await fetch(`${docket.node.url}/en/api`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  test('samples say YOUR_KEY to everybody: what is copied never holds a part of a key', async () => {
    const me = await ownPages(docket)
    const { html } = await me.get('/en/api')

    expect(textOf(html)).toContain('key=YOUR_KEY')
    expect(html).not.toContain(me.key.slice(0, 12))
    expect(html).toContain('href="/start#try"')
  })

  test('styles, scripts and icons are kept for ever, under an address with their digest', async () => {
    const html = await (await get('/en/api')).text()
    const assets = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, address]) => address!)

    expect(assets.map((address) => address.replace(/-[\w-]{16}\./, '.')).toSorted()).toEqual([
      '/assets/docs.js',
      '/assets/icon.svg',
      '/assets/style.css',
    ])
    for (const address of assets) {
      const response = await get(address)
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
    }
    expect((await get('/assets/style-0123456789abcdef.css')).status).toBe(404)
  })

  test('a request to the API meets nothing of the pages', async () => {
    const { key } = await docket.account()
    const response = await docket.request({ key, action: 'balance' })

    expect([...response.headers.keys()].toSorted()).toEqual([
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'date',
      'keep-alive',
      'x-request-id',
    ])
  })
})

describe('the documents', () => {
  test('tell the figures of this server’s limits, and none where it has none', async () => {
    const site = await openSite({ name: 'Docket', colour: '#1f6f5c', logo: undefined })
    const origin = 'http://desk.example'
    const frame = site.frame({
      language: languages[0]!,
      suggested: [],
      offered: languages,
      theme: 'system',
      currencies: [],
      pages: [],
      frontServices: false,
      statusPage: false,
      prices: undefined,
      hasReferrals: false,
      hasPanels: false,
      path: '/api',
      origin,
      account: undefined,
      staff: undefined,
    })
    const limitsIn = (limits: Limits) => {
      const html = docsPage(frame, {
        address: `${origin}/api/v2`,
        allowGet: true,
        chosenCode: undefined,
        limits,
        offer: {},
        notes: undefined,
        changes: { days: [], currency: 'USD' },
      })
      const [, section] = /<section class="part" id="limits"(.*?)<\/section>/s.exec(html)!
      return textOf(section!.replaceAll('</th>', ' ').replaceAll('</tr>', '\n'))
    }
    const limited = limitsIn({ rates: { perKey: 777, perAddress: 1500 }, bodyBytes: 2_097_152 })
    expect(limited).toContain('Requests per minute with one key 777')
    expect(limited).toContain('Requests per minute from one address 1,500')
    expect(limited).toContain('Size of a request 2 MB')
    expect(limited).toContain('IDs in one request 100')
    expect(limited).toContain('Open streams with one key 5')
    expect(limitsIn({ rates: null, bodyBytes: 65_536 })).not.toContain('Requests per minute')
  })

  test('name a type for each parameter and say whether it must be sent', async () => {
    const html = await (await get('/en/api')).text()
    const rows = [...html.matchAll(/<th scope="row"><code dir="ltr">(\w+)<\/code>(.*?)<\/th>/gs)].map(([, name, badge]) => [
      name,
      textOf(badge!).trim(),
    ])
    const of = (wanted: string) => new Set(rows.filter(([name]) => name === wanted).map(([, badge]) => badge))
    expect([...of('quantity')]).toContain('whole number · required')
    expect([...of('comments')]).toEqual(['lines · required'])
    expect([...of('orders')]).toContain('list of IDs · required')
    expect([...of('max_charge')]).toEqual(['amount · optional'])
    expect([...of('expiry')]).toContain('date · optional')
  })

  test('speak of webhooks, of other panels’ names and of what changed', async () => {
    const words = textOf(await (await get('/en/api')).text())
    for (const told of ['webhook-signature', 'multi_status', 'order_reference', 'orders[]', 'Changes of the API', 'runs_ordered'])
      expect(words).toContain(told)
  })
})

describe('where there is no page', () => {
  test('people are told so in their language, programs as the API tells', async () => {
    const page = await get('/nowhere', { 'accept-language': 'sl' })
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('Strani ni mogoče najti')

    const program = await fetch(`${docket.node.url}/nowhere`)
    expect([program.status, await program.json()]).toEqual([404, { error: 'There is nothing at this address' }])
  })

  test('a node that starts says so', async () => {
    const app = openNode({ phase: () => 'starting' })
    const answer = await app.inject({ url: '/en/api', headers: HTML })

    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(answer.body).toContain('Back in a moment')
    await app.close()
  })

  test('a fault tells its number and nothing else', async () => {
    const app = openNode({
      phase: () => {
        throw new Error('the secret of the house')
      },
    })
    const answer = await app.inject({ url: '/en/api', headers: HTML })

    expect(answer.statusCode).toBe(500)
    expect(answer.body).toContain(answer.headers['x-request-id'])
    expect(answer.body).not.toContain('secret')
    await app.close()
  })
})

function openNode(node: Partial<HttpNode>, settings: Record<string, string> = {}) {
  const config = testConfig('postgres://nowhere/none', settings)
  return openHttp(config, pino({ level: 'silent' }), {
    settings: openSettings(config),
    requests: openRequestsUnderWay(),
    noteWork: () => {},
    confirming: () => nothingToConfirm,
    ...node,
  } as HttpNode)
}

async function bytesOf(path: string, encodings: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request(docket.node.url + path, { headers: { ...HTML, 'accept-encoding': encodings } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)))
    })
      .on('error', reject)
      .end()
  })
}

async function withHost(host: string): Promise<string> {
  return (await raw('/en/api', host)).body
}

async function rawLocation(path: string): Promise<string | undefined> {
  return (await raw(path, 'docket.example')).location
}

/** A request whose path and host no client library tidies up. */
function raw(path: string, host: string): Promise<{ body: string; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(docket.node.url!)
    request({ hostname, port, path, setHost: false, headers: { ...HTML, host } }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk)).on('end', () => resolve({ body, location: response.headers.location }))
    })
      .on('error', reject)
      .end()
  })
}
