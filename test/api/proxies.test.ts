import { request } from 'node:http'
import { describe, expect, test, vi } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { addKey } from '../../server/customers/keys.ts'
import { NO_LIMITS } from '../../server/customers/key-rights.ts'
import { readTrustProxy } from '../../server/requests/trust-proxy.ts'
import { openDocket } from '../support/docket.ts'

describe('DOCKET_TRUST_PROXY', () => {
  const set = (text: string) => () => readConfig({}, { DOCKET_TRUST_PROXY: text })

  test('off, a number of proxies and networks are read; on and all else are refused with what to write', () => {
    for (const text of ['off', '1', '2', '10.0.0.0/8, 127.0.0.1', '::1', 'fd00::/8', '::ffff:10.0.0.0/104']) expect(set(text)).not.toThrow()
    expect(set('on')).toThrow(/DOCKET_TRUST_PROXY on would believe .* write how many proxies stand in front \(1\)/)
    for (const text of ['0', '99', '-1', 'true', 'loopback', '10.0.0.0/33', '0.0.0.0/0', '::/0', '10.1', '1,', '10.0.0.0/8/8']) {
      expect(set(text)).toThrow(/DOCKET_TRUST_PROXY must be/)
    }
  })

  test('a network holds its addresses however they are written, and nothing that is no address', () => {
    const trusts = readTrustProxy('10.0.0.0/8, 2001:db8::/32, ::ffff:192.0.2.0/120')
    if (!trusts) throw new Error('trusts nobody')
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8:1::1', '192.0.2.9'])
      expect({ address, trusts: trusts(address, 5) }).toEqual({ address, trusts: true })
    for (const address of ['11.0.0.1', '::ffff:11.0.0.1', '2001:db9::1', 'unknown', '', '10.1.2.3:443'])
      expect({ address, trusts: trusts(address, 0) }).toEqual({ address, trusts: false })
  })
})

describe('without a proxy', () => {
  const docket = openDocket()

  function statusOf(path: string, headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request(`${docket.node.url}${path}`, { headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
        .on('error', reject)
        .end()
    })
  }

  test('/metrics answers this machine by its own name, and nobody behind a proxy or by a foreign name', async () => {
    const port = new URL(docket.node.url!).port
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'LOCALHOST', `[::1]:${port}`]) {
      expect({ host, status: await statusOf('/metrics', { host }) }).toEqual({ host, status: 200 })
    }
    for (const host of ['panel.example', `rebound.example:${port}`, 'localhost.example', '127.0.0.1.example', '0.0.0.0']) {
      expect({ host, status: await statusOf('/metrics', { host }) }).toEqual({ host, status: 404 })
    }
    for (const name of ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']) {
      expect({ name, status: await statusOf('/metrics', { [name]: 'for=203.0.113.5' }) }).toEqual({ name, status: 404 })
    }
  })

  test('an address that cannot be read has the shape of its API', async () => {
    const staff = await fetch(`${docket.node.url}/adminapi/v2/orders/%zz`)
    expect(staff.status).toBe(404)
    expect(await staff.json()).toEqual({ data: null, error_message: 'There is nothing at this address', error_code: 404 })
    const other = await fetch(`${docket.node.url}/api/v2/%zz`)
    expect(other.status).toBe(404)
    expect(await other.json()).toEqual({ error: 'There is nothing at this address' })
  })
})

for (const [means, setting] of [
  ['a number of proxies', '1'],
  ['the networks of proxies', '127.0.0.1, ::1'],
] as const) {
  describe(`behind a proxy, told by ${means}`, () => {
    const limits = { DOCKET_RATE_LIMIT: 'on', DOCKET_RATE_LIMIT_UNKNOWN_KEYS: '10' }
    const docket = openDocket({ DOCKET_TRUST_PROXY: setting, ...limits })
    const from = (addresses: string) => ({ 'x-forwarded-for': addresses, forwarded: 'for=203.0.113.5' })

    test('a forged address does not pass a key’s networks, and the proxy’s entry does', async () => {
      const { account } = await docket.account()
      const { key } = await addKey(
        docket.db,
        account,
        { test: false, label: 'office', limits: { ...NO_LIMITS, addresses: ['203.0.113.0/24'] } },
        docket.clock.now(),
      )
      const ask = async (addresses: string) => docket.call({ key, action: 'balance' }, 'form', from(addresses))
      for (const addresses of [
        '203.0.113.5, 198.51.100.9',
        '203.0.113.5,203.0.113.6, 198.51.100.9',
        'unknown, 198.51.100.9',
        '203.0.113.5, unknown',
      ]) {
        expect({ addresses, ...(await ask(addresses)) }).toHaveProperty('error')
      }
      for (const addresses of ['203.0.113.5', '198.51.100.9, 203.0.113.5', '198.51.100.9, ::ffff:203.0.113.5']) {
        expect({ addresses, ...(await ask(addresses)) }).toHaveProperty('balance')
      }
    })

    test('forged addresses do not escape the limit of sign-ins', async () => {
      const page = await fetch(`${docket.node.url}/sign-in`)
      const cookie = page.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ') // prettier-ignore
      const csrf = /name="csrf" value="([^"]*)"/.exec(await page.text())![1]!
      const statuses: number[] = []
      for (let index = 0; index < 40; index += 1) {
        // Another account each time: only the address is the same.
        const body = new URLSearchParams({ csrf, email: `guess${index}@example.com`, password: 'wrong as can be' })
        const headers = { cookie, origin: docket.node.url!, ...from(`203.0.113.${index}, 198.51.100.78`) }
        statuses.push((await fetch(`${docket.node.url}/sign-in`, { method: 'POST', body, headers })).status)
      }
      expect(statuses.slice(0, 30)).toEqual(Array(30).fill(422))
      expect(statuses.slice(30)).toEqual(Array(10).fill(429))
    })

    test('forged addresses do not escape the limit of wrong keys', async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T12:00:20Z') })
      try {
        let limited = 0
        for (let index = 0; index < 50; index += 1) {
          const answer = await docket.request(
            { key: `wrong ${index}`, action: 'balance' },
            'form',
            from(`203.0.113.${index}, 198.51.100.77`),
          )
          if (answer.status === 429) limited += 1
        }
        expect(limited).toBe(40)
      } finally {
        vi.useRealTimers()
      }
    })
  })
}
