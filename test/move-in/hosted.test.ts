import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LARGE_PIECES, openFile } from '../../server/move-in/files.ts'
import { suppliersIn } from '../../server/move-in/from-csv.ts'
import { panelOfHosted } from '../../server/move-in/from-hosted.ts'
import { openOutgoing } from '../../server/outgoing/fetch.ts'
import { verifyLog } from '../../server/staff/log.ts'
import { openDocket } from '../support/docket.ts'
import { commandEnvironment, docket as command } from '../support/server-process.ts'
import { ownPages } from '../support/own-pages.ts'
import { bring, openDumpDirectory, SECRET, timesOf } from './moved.ts'

const docket = openDocket({ DOCKET_SECRET: SECRET })
const inDirectory = openDumpDirectory()
const outgoing = openOutgoing({ allowPrivate: true })

const USERS = Array.from({ length: 1200 }, (_, at) => ({
  id: at + 1, username: `u${at + 1}`, email: `u${at + 1}@shop.example`, balance: { value: `${at}.5`, currency_code: 'USD' }, spent: {}, status: at === 5 ? 'suspended' : 'active',
  created_timestamp: 1_700_000_000 + at, last_auth_timestamp: 0,
})) // prettier-ignore
const ORDERS = Array.from({ length: 2500 }, (_, at) => ({
  id: at + 1, external_id: at === 2499 ? null : String(9000 + at), user: `u${1 + (at % 1200)}`, charge: { value: '0.5', currency_code: 'USD' }, provider_charge: {}, link: `https://a.example/${at}`,
  start_count: 1, quantity: 500, service_id: 1, service_type: 'Default', provider: at % 2 === 0 ? 'acme.example' : 'other.example', status: at >= 2490 ? 'in_progress' : 'completed', remains: 0,
  mode: 'auto', created_timestamp: 1_700_000_000 + at,
})) // prettier-ignore

/** Its clock is moved by the pauses of whoever asks: more than five requests within a second are refused. */
let time = 0
const asked: number[] = []
let refused = 0
let server: Server
let url = ''

/** A reseller's key is `old-key-of-reseller-` and the number of the account. One key is shown every order, as some panels show the operator. */
function toReseller(form: URLSearchParams): object {
  if (form.get('action') === 'services')
    return [{ service: 1, name: 'Likes', type: 'Default', category: 'Social', rate: '1.00', min: '10', max: '1000', refill: true }]
  const order = ORDERS[Number(form.get('order')) - 1]!
  const key = form.get('key')
  const isShown = key === 'key-that-is-shown-everything' || key === `old-key-of-reseller-${order.user.slice(1)}`
  return isShown ? { charge: '0.5', start_count: '1', status: 'Completed', remains: '0', currency: 'USD' } : { error: 'Incorrect order ID' }
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const address = new URL(request.url!, 'http://x')
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' }).end(JSON.stringify(body))
    if (address.pathname === '/api/v2') return void text(request).then((form) => answer(200, toReseller(new URLSearchParams(form))))
    if (request.headers['x-api-key'] !== 'operator key') return answer(401, { error_message: 'no' })
    asked.push(time)
    if (asked.filter((at) => at > time - 1000).length > 5) {
      refused += 1
      return answer(429, { error_message: 'too many requests' })
    }
    const [limit, offset] = [Number(address.searchParams.get('limit')), Number(address.searchParams.get('offset'))]
    if (limit > 1000) return answer(400, { error_message: 'limit' })
    const all = address.pathname.endsWith('/users') ? USERS : ORDERS
    return answer(200, { data: { count: all.length, list: all.slice(offset, offset + limit) }, error_message: '', error_code: 0 })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await outgoing.close()
  server.close()
})

function open(key = 'operator key', suppliers?: string) {
  const pause = async (ms: number) => void (time += ms)
  return panelOfHosted({ url, key, servicesKey: 'a reseller', outgoing, pause, privateNetwork: true }, 'hosted', () =>
    suppliersIn(suppliers === undefined ? [] : openFile(suppliers, LARGE_PIECES)),
  )
}

describe('a hosted panel', () => {
  test('is read by pages, within its limit of requests', async () => {
    const file = await inDirectory('suppliers.csv')
    await writeFile(file, 'name,url,key\nacme.example,https://acme.example/api/v2,key of acme\n')
    const report = await bring(docket, open('operator key', file))
    expect(report.counts).toMatchObject({
      suppliers: { brought: 1 },
      services: { brought: 1 },
      accounts: { brought: 1200 },
      keys: { read: 0 },
    })
    expect(report.counts).toMatchObject({ 'ended orders': { brought: 2490 }, 'open orders': { brought: 10 } })
    expect(refused).toBe(0)
    expect(timesOf(report, 'zeros')).toBe(0)
  })

  test('has the orders of known suppliers followed, and leaves those of others to staff', async () => {
    const { rows } = await docket.db.query(
      'select h.state, count(*)::int from hand_offs h join orders o on o.id = h.order_id where not o.ended group by 1 order by 1',
    )
    expect(rows).toEqual([
      { state: 'attention', count: 5 },
      { state: 'sent', count: 5 },
    ])
  })

  test('leaves each wallet at the balance there', async () => {
    const { rows } = await docket.db.query<{ sum: bigint }>('select sum(wallet)::bigint as sum from books where not play')
    expect(rows[0]!.sum).toBe(BigInt((1199 * 1200) / 2) * 100_000n + 1200n * 50_000n)
  })

  test('that refuses its key says so, and nothing is changed', async () => {
    await expect(bring(docket, open('another'))).rejects.toThrow('HTTP 401')
  })

  test('has a reseller bring the old key, and only to the account whose orders the old panel shows to it', async () => {
    const me = await ownPages(docket)
    expect((await me.get('/keys')).html).not.toContain('/keys/old')
    // Whoever is signed in here is somebody of the old panel.
    const asReseller = async (account: number) => {
      await docket.db.query("delete from moved_in where kind = 'account' and our_id = $1", [me.account])
      await docket.db.query('update users set account_id = $1 where account_id = $2', [account, me.account])
    }
    await docket.db.query('delete from users where account_id = 7')
    await asReseller(7)
    expect((await me.get('/keys')).html).toContain('href="/keys/old"')
    // Its orders of before are on its pages too: 7 and 1207 belong to u7.
    const list = (await me.get('/orders')).html
    expect(list).toContain('/orders/1207')
    expect((await me.get('/orders/1207')).status).toBe(200)
    expect((await me.get('/orders/1207/explain')).html).toContain('Brought over from our previous panel')
    const claim = async (key: string) => {
      const { status, html, location } = await me.post('/keys/old', { old_key: key })
      return location ?? `${status} ${/id="old_key-fault">([^<]*)</.exec(html)?.[1]}`
    }
    const key = 'old-key-of-reseller-7'
    expect(await docket.call({ key, action: 'balance' })).toMatchObject({ error: 'Invalid API key' })
    expect(await claim('short')).toContain('does not look like an API key')
    expect(await claim('old-key-of-reseller-8')).toContain('does not show your orders')
    expect(await claim('key-that-is-shown-everything')).toContain('does not show your orders')
    expect(await claim(key)).toBe('/keys?done=claimed')
    expect(await docket.call({ key, action: 'balance' })).toEqual({ balance: '6.50000', currency: 'USD' })
    const page = (await me.get('/keys')).html
    expect(page).not.toContain('/keys/old')
    expect(page).not.toContain(key)
    expect(await claim(key)).toContain('nothing to check the key with')
  })

  test('has staff keep an old key for a customer, by a command', async () => {
    const file = await inDirectory('old.key')
    await writeFile(file, 'old-key-of-reseller-9\n')
    const claim = async (account: number) => {
      const env = { ...commandEnvironment(), DATABASE_URL: docket.databaseUrl, DOCKET_SECRET: SECRET }
      const child = spawn(process.execPath, [command, 'key', 'claim', '--account', String(account), '--key-file', file, '--json'], { env })
      const [out] = await Promise.all([text(child.stdout), once(child, 'exit')])
      return JSON.parse(out) as object
    }
    expect(await claim(10)).toEqual({ error: 'The old key was not kept: not theirs' })
    expect(await claim(9)).toEqual({ account: 9, claimed: true })
    expect(await docket.balance('old-key-of-reseller-9')).toBe('8.50000')
    expect((await verifyLog(docket.db)).fault).toBeNull()
  })
})
