import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { tell } from '../support/order-life.ts'
import { openCommandLine } from './terminal.ts'

const docket = openDocket()
const line = openCommandLine()
let key: string
let url: string
let service: number
beforeAll(async () => {
  key = (await docket.account({ balance: '100' })).key
  url = `${docket.node.url}/api/v2`
  service = await onSale(docket, { rate: '1', refill: true, cancel: true, name: 'Followers, slow' })
  await line.type(['login', 'shop', '--url', url], { input: `${key}\n` })
})
// Also what failed, what was asked in JSON, and what a panel refused.
afterAll(() => expect(line.written()).not.toContain(key))

const order = async (...more: string[]): Promise<string> =>
  (await line.ask(['order', String(service), 'https://example.com/p', '100', ...more])).order

describe('login', () => {
  test('keeps the key in a file for its owner alone, and shows it nowhere', async () => {
    const file = line.file('config/docket-order/panels.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700)
    expect(await readFile(file, 'utf8')).toContain(key)
    expect(await line.ask(['panels'])).toEqual([{ panel: 'shop', url, usual: true }])
  })

  test('tries the key first: one that the panel does not take is not kept', async () => {
    const said = await line.type(['login', 'wrong', '--url', url], { input: 'dk_live_wrong\n' })
    expect(said).toMatchObject({ code: 5, out: '', err: 'docket-order: Invalid API key\n' })
    expect((await line.type(['panels', '--names'])).out).toBe('shop\n')
  })

  test('knows several panels by name, and one is the usual one', async () => {
    const other = await docket.account({ balance: '7' })
    expect((await line.type(['login', 'other', '--url', url], { input: other.key })).code).toBe(0)
    expect((await line.type(['balance'])).out).toBe('100.00000 USD\n')
    expect((await line.type(['balance', '--panel', 'other'])).out).toBe('7.00000 USD\n')
    expect(await line.type(['balance', '-p', 'third'])).toMatchObject({ code: 5 })
    await line.type(['login', 'other', '--usual', '--url', url], { input: other.key })
    expect((await line.type(['balance'])).out).toBe('7.00000 USD\n')
    expect((await line.type(['logout', 'other'])).code).toBe(0)
    expect((await line.type(['panels'])).out).toMatch(/^Panel +Address\nshop +http:\/\/127.*usual\n$/)
  })

  test('takes no key in the clear, except within this machine, and no address with a password', async () => {
    for (const address of ['http://panel.example/api/v2', 'panel.example', 'https://me:word@panel.example/api/v2', 'ftp://panel.example'])
      expect(await line.type(['login', '--url', address], { input: key })).toMatchObject({ code: 2 })
  })

  test('a file that others can read is not used', async () => {
    const folder = line.file('open/docket-order')
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'panels.json'), '{}', { mode: 0o644 })
    const said = await line.type(['balance'], { env: { XDG_CONFIG_HOME: line.file('open') } })
    expect(said).toMatchObject({ code: 1 })
    expect(said.err).toContain('chmod 600')
  })

  test('a program without a home names panel and key in its environment', async () => {
    const env = { XDG_CONFIG_HOME: line.file('nowhere'), PANEL_URL: url, PANEL_KEY: key }
    expect((await line.type(['balance'], { env })).out).toBe('100.00000 USD\n')
    expect(await line.type(['balance'], { env: { ...env, PANEL_KEY: '' } })).toMatchObject({ code: 5 })
    expect(await line.type(['balance'], { env: { XDG_CONFIG_HOME: line.file('nowhere') } })).toMatchObject({ code: 5 })
  })
})

describe('services', () => {
  test('are found by words of their number, name, category and type', async () => {
    const found = await line.ask(['services', '--search', 'SLOW follow'])
    expect(found).toMatchObject([{ service: String(service), name: 'Followers, slow', type: 'Default', rate: '1', min: 1, refill: true }])
    expect((await line.type(['services', '-s', 'nothing like it'])).out).toBe('No service\n')
  })

  test('are a table that fits the terminal, without control characters of a panel', async () => {
    await onSale(docket, { name: `Evil \u001B[2J${'long '.repeat(40)}` })
    const { out } = await line.type(['services'], { isTTY: true, columns: 70, env: { NO_COLOR: '1' } })
    const [heading, ...rows] = out.trimEnd().split('\n')
    expect(heading).toMatch(/^Service +Name +Type +Rate +Quantity +Offers/)
    expect(rows).toHaveLength(3)
    expect(rows.every((row) => row.length <= 70)).toBe(true)
    expect(out).not.toContain('\u001B')
  })
})

describe('order', () => {
  test('places an order, and tells its number', async () => {
    const before = Number(await docket.balance(key))
    const { code, out } = await line.type(['order', String(service), 'https://example.com/1', '1000'])
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Order \d+\n$/) })
    expect(Number(await docket.balance(key))).toBe(before - 1)
  })

  test('takes the fields of every type; a list is an option repeated', async () => {
    const comments = await onSale(docket, { type: 'Custom Comments', rate: '1' })
    const words = ['order', String(comments), 'https://example.com/c', '--comments', 'Nice one, really', '--comments', 'Second']
    const { order } = await line.ask(words)
    expect(await line.ask(['status', order])).toMatchObject([{ order, status: 'Pending', remains: 2, charge: '0.00200' }])
  })

  test('under one retry key it is placed once', async () => {
    const twice = [await order('--retry-key', 'mine'), await order('--retry-key', 'mine')]
    expect(twice[0]).toBe(twice[1])
    expect(await line.ask(['status', '--retry-key', 'mine'])).toMatchObject([{ order: twice[0] }])
    expect(await line.type(['status', '--retry-key', 'not-mine'])).toMatchObject({ code: 3 })
  })

  test('a quote buys nothing, and a price lock refuses what is dearer', async () => {
    const before = await docket.balance(key)
    const words = ['order', String(service), 'https://example.com/q', '1000']
    expect((await line.type([...words, '--quote'])).out).toBe('1.00000 USD\n')
    expect(await line.type([...words, '--max-charge', '0.5'])).toMatchObject({ code: 3, err: 'docket-order: Price is now 1.00000\n' })
    expect(await docket.balance(key)).toBe(before)
  })

  test('a refusal is told with the code of the API', async () => {
    const said = await line.type(['order', String(service), 'https://example.com/r', '0', '--json'])
    expect(said.code).toBe(3)
    expect(JSON.parse(said.out)).toEqual({ error: { code: 'incorrect_quantity', message: 'Incorrect quantity' } })
  })
})

describe('status, refill and cancel', () => {
  test('each order has its own answer, and one that is refused makes the code 3', async () => {
    const mine = await order()
    const said = await line.type(['status', mine, '7'])
    expect(said.code).toBe(3)
    expect(said.out).toMatch(/^Order +Status +Charge +Start +Remains\n/)
    expect(said.out).toContain('Incorrect order ID')
    expect(await line.type(['status'])).toMatchObject({ code: 2 })
  })

  test('cancel asks, and refill answers the number of the refill', async () => {
    const [open, ended] = [await order(), await order()]
    expect(await line.ask(['cancel', open])).toEqual([{ order: open, cancel: true }])
    await tell(docket, Number(ended), 'Completed', { remains: 0 })
    const [refill] = await line.ask(['refill', ended])
    expect(refill).toEqual({ order: ended, refill: expect.stringMatching(/^\d+$/) })
    expect(await line.ask(['refill', 'status', refill.refill])).toEqual([{ refill: refill.refill, status: 'Pending' }])
    expect((await line.type(['refill', ended])).out).toContain('Refill already requested')
    expect(await line.type(['refill', open, ended])).toMatchObject({ code: 3 })
  })

  test('status --watch tells each change until all have ended', async () => {
    const watched = await order()
    const watching = line.type(['status', watched, '--watch', '--every', '1', '--json'])
    await eventually('the watch has begun', () => line.written().includes(`{"order":"${watched}","status":"Pending"`) || undefined)
    await tell(docket, Number(watched), 'In progress', { remains: 40 })
    await eventually('it is told', () => line.written().includes(`{"order":"${watched}","status":"In progress"`) || undefined)
    await tell(docket, Number(watched), 'Completed', { remains: 0 })
    const { code, out } = await watching
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n').map((each) => JSON.parse(each).status)).toEqual(['Pending', 'In progress', 'Completed']) // prettier-ignore
  })

  test('colours stand where a person looks, unless NO_COLOR is set', async () => {
    const ended = await order()
    await tell(docket, Number(ended), 'Completed', { remains: 0 })
    const [coloured, plain, piped] = [
      await line.type(['status', ended], { isTTY: true }),
      await line.type(['status', ended], { isTTY: true, env: { NO_COLOR: '1' } }),
      await line.type(['status', ended]),
    ]
    expect(coloured.out).toContain('\u001B[32mCompleted\u001B[0m')
    expect(plain.out).not.toContain('\u001B')
    expect(piped.out).toBe(plain.out)
  })
})

describe('ticket', () => {
  test('is opened about an order, listed, answered and closed; under one name it is opened once', async () => {
    const about = await order()
    const words = ['ticket', 'open', 'It stopped.\nWhy?', '--kind', 'count', '--orders', about, '--retry-key', 'mine']
    const opened = await line.ask(words)
    expect(opened).toMatchObject({
      kind: 'count',
      state: 'waiting',
      orders: [about],
      messages: [{ from: 'customer', text: 'It stopped.\nWhy?' }],
    })
    expect(await line.ask(words)).toEqual(opened)
    const { tickets, next } = await line.ask(['ticket', 'list', '--state', 'waiting'])
    expect([tickets.map(({ ticket }: { ticket: string }) => ticket), next]).toEqual([[opened.ticket], null])
    expect((await line.ask(['ticket', 'reply', opened.ticket, 'Hello?'])).messages).toHaveLength(2)
    const shown = await line.type(['ticket', 'show', opened.ticket])
    expect(shown.code).toBe(0)
    expect(shown.out).toMatch(
      new RegExp(`^Ticket ${opened.ticket}  waiting  count\nOrders: ${about}\nhttp.*\n.*customer\nIt stopped.\nWhy\\?\n`),
    )
    expect((await line.ask(['ticket', 'close', opened.ticket])).state).toBe('closed')
    expect((await line.type(['ticket', 'list'])).out).toMatch(/^Ticket +State +Kind +Changed +Subject\n\d+ +closed +count/)
  })

  test('of another account is refused, and words that no ticket knows are wrong usage', async () => {
    expect(await line.type(['ticket', 'show', '999999999'])).toMatchObject({ code: 3, err: 'docket-order: There is no ticket 999999999\n' })
    for (const words of [
      ['ticket', 'open'],
      ['ticket', 'open', 'x', '--kind', 'lost'],
      ['ticket', 'list', '--state', 'lost'],
    ])
      expect(await line.type(words)).toMatchObject({ code: 2 })
  })
})
