import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NO_LIMITS } from '../../server/customers/key-rights.ts'
import { addKey } from '../../server/customers/keys.ts'
import { eventually } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { caddy, nginx, type Served, serveExample, SITE } from './proxy-examples.ts'
import { tool } from './tools.ts'

for (const example of [nginx, caddy]) {
  const { isMissing, note } = tool(example.program, example.version)
  describe.skipIf(isMissing)(`behind the example of ${example.program}${note}`, () => {
    const docket = openDocket({ DOCKET_TRUST_PROXY: '1', DOCKET_PUBLIC_URL: `https://${SITE}` })
    let proxy: Served
    beforeAll(async () => {
      proxy = await serveExample(example, docket.node.url!)
    })
    afterAll(() => proxy?.stop())

    test('the client’s address is the one that the proxy sees, whatever the client writes', async () => {
      const { account } = await docket.account()
      const keyFor = async (addresses: string[]) =>
        (await addKey(docket.db, account, { test: false, label: 'office', limits: { ...NO_LIMITS, addresses } }, docket.clock.now())).key
      const balance = async (key: string, headers: Record<string, string>) =>
        JSON.parse((await proxy.ask('/api/v2', { body: `key=${key}&action=balance`, headers })).body) as object
      const forged = { 'x-forwarded-for': '203.0.113.5', forwarded: 'for=203.0.113.5', 'x-real-ip': '203.0.113.5' }
      expect(await balance(await keyFor(['203.0.113.0/24']), forged)).toHaveProperty('error')
      expect(await balance(await keyFor(['127.0.0.1/32']), forged)).toHaveProperty('balance')
    })

    test('the figures are for nobody outside, and without TLS all are sent to it', async () => {
      for (const address of ['/metrics', '/metrics/', '/%6detrics', '/healthz', '/readyz']) {
        expect({ address, status: (await proxy.ask(address)).status }).toEqual({ address, status: 404 })
      }
      expect(await proxy.askPlain('/api/v2')).toEqual({ status: 308, location: `https://${SITE}/api/v2` })
      const page = await proxy.ask('/sign-in')
      expect(page.status).toBe(200)
      expect(page.cookies.length).toBeGreaterThan(0)
      expect(page.cookies.filter((cookie) => !/;\s*secure/i.test(cookie))).toEqual([])
    })

    test('events arrive while their stream is open', async () => {
      const { key } = await docket.account()
      const service = await onSale(docket)
      const stream = await proxy.open('/api/v2/events', { headers: { authorization: `Bearer ${key}` } })
      let heard = ''
      stream.on('data', (part: Buffer) => void (heard += part.toString()))
      await eventually('the stream is there', () => heard.includes('event: ready') || undefined)
      await docket.call({ key, action: 'add', service, link: 'https://example.com/streamed', quantity: 10 })
      await eventually('the order is told', () => heard.includes('event: changes') || undefined)
      expect(stream.readableEnded).toBe(false)
      stream.destroy()
    })

    test('the largest requests pass, and what is larger is refused', async () => {
      const { key } = await docket.account()
      const ids = Array.from({ length: 6000 }, (_, at) => 100_000_000 + at).join(',')
      const long = await proxy.ask(`/api/v2?key=${key}&action=status&orders=${ids}`)
      expect(Object.keys(JSON.parse(long.body) as object)).toHaveLength(6000)
      const large = await proxy.ask('/api/v2', { body: `action=balance&key=${'k'.repeat(1_040_000)}` })
      expect(large.status).toBeLessThan(500)
      expect(JSON.parse(large.body)).toHaveProperty('error')
      expect(await proxy.refuses('/api/v2', 1_350_000)).toBe(413)
      expect(await proxy.refuses('/api/v2', 20_000_000)).toBe(413)
    })
  })
}
