import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { exits } from '../../reseller/src/failures.ts'
import { type MockFault, mockPanel, type MockOptions } from '../../sdk/src/mock.ts'
import { openCommandLine } from './terminal.ts'

let panel: ReturnType<typeof mockPanel>
const line = openCommandLine({ fetch: (url, init) => panel.fetch(url, init), wait: async () => {} })

function open(options: MockOptions = {}) {
  panel = mockPanel(options)
  const env = { PANEL_URL: panel.url, PANEL_KEY: panel.key }
  return (...words: string[]) => line.type(words, { env })
}
/** At a panel that takes what is sent and never answers. */
const lost = openCommandLine({ fetch: () => Promise.reject(new TypeError('the connection was reset')), wait: async () => {} })
const ORDER = ['order', '1', 'https://example.com/p', '100']

test('the exit codes of the README are those of the command', async () => {
  const readme = await readFile(new URL('../../reseller/README.md', import.meta.url), 'utf8')
  const [, table = ''] = readme.split('## Exit codes')
  const listed = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
  expect(listed).toEqual(Object.values(exits))
})

test('help and the version are no failure; a word that nobody knows is wrong usage', async () => {
  const type = open()
  for (const words of [['--help'], ['--version'], ['help', 'order'], ['order', 'mass', '--help']])
    expect(await type(...words)).toMatchObject({ code: 0, err: '' })
  for (const words of [['balence'], ['balance', '--jason'], ['order'], ['completion', 'csh'], ['order', '1', '--max-charge', 'much']])
    expect(await type(...words)).toMatchObject({ code: 2, out: '' })
  expect((await type('balence')).err).toContain('Did you mean balance?')
})

describe('when an answer is lost', () => {
  test('an order at a panel with retry keys is asked for again, and known', async () => {
    for (const fault of ['lost reply', 'error page'] satisfies MockFault[]) {
      const type = open()
      panel.fail(fault, 'add', 2)
      expect(await type(...ORDER)).toMatchObject({ code: 0, out: 'Order 23501\n' })
      expect(panel.orders).toHaveLength(1)
    }
  })

  test('an order at a panel without them is sent once, and nobody knows: 4', async () => {
    const type = open({ keepsRetryKeys: false })
    panel.fail('lost reply')
    const { code, err } = await type(...ORDER)
    expect(code).toBe(4)
    expect(err).toContain('keeps no retry keys: look at its list of orders before you order again')
    expect(panel.calls.filter(({ action }) => action === 'add')).toHaveLength(1)
  })

  test('nobody knows what was written in a ticket, and the sentence names the retry key that asks again', async () => {
    const env = { PANEL_URL: 'https://panel.example/api/v2', PANEL_KEY: 'a key' }
    const said = await lost.type(['ticket', 'reply', '12', 'Hello', '--retry-key', 'mine', '--json'], { env })
    expect(said.code).toBe(4)
    expect(JSON.parse(said.out)).toEqual({
      error: { code: 'outcome_unknown', message: expect.stringContaining('--retry-key mine asks again') },
    })
    expect(await lost.type(['ticket', 'show', '12'], { env })).toMatchObject({ code: 6 })
  })

  test('where the panel stays away after it, the sentence names the retry key that finds the order', async () => {
    const type = open()
    panel.fail('lost reply', 'add', 9)
    panel.fail('no connection', 'status', 99)
    const said = await type(...ORDER, '--retry-key', 'mine', '--json')
    expect(said.code).toBe(4)
    expect(JSON.parse(said.out)).toEqual({
      error: { code: 'outcome_unknown', message: expect.stringContaining('status --retry-key mine tells') },
    })
    const later = open()
    expect(await later('status', '--retry-key', 'mine')).toMatchObject({ code: 3 })
  })

  test('an order that never left was not made, and may be sent later: 6', async () => {
    const type = open({ keepsRetryKeys: false })
    panel.fail('no connection')
    expect(await type(...ORDER)).toMatchObject({ code: 6 })
    panel.fail('too many requests')
    expect(await type(...ORDER)).toMatchObject({ code: 6, err: 'docket-order: Too many requests\n' })
    expect(panel.orders).toEqual([])
  })

  test('of a cancel or a refill nobody knows: 4; of a question nothing was done: 6', async () => {
    const type = open()
    await type(...ORDER)
    for (const action of ['cancel', 'refill']) {
      panel.fail('lost reply', action)
      expect(await type(action, '23501')).toMatchObject({ code: 4, out: expect.stringContaining('No answer') })
    }
    panel.fail('error page', 'balance', 9)
    expect(await type('balance')).toMatchObject({ code: 6 })
  })

  test('some of many: each order has its own answer', async () => {
    const type = open({ balance: '1000' })
    const ids = Array.from({ length: 150 }, (_, at) => String(23_501 + at))
    await Promise.all(ids.map(() => type(...ORDER)))
    panel.fail('lost reply', 'cancel')
    const { code, out } = await type('cancel', ...ids, '--json')
    expect(code).toBe(4)
    const answers = JSON.parse(out) as { cancel?: true; error?: object }[]
    expect(answers.filter(({ error }) => error)).toHaveLength(100)
    expect(answers.filter(({ cancel }) => cancel)).toHaveLength(50)
  })
})

test('a key that the panel does not take is 5, and is not in what is said', async () => {
  open()
  const said = await line.type(['services'], { env: { PANEL_URL: panel.url, PANEL_KEY: 'dk_live_secret_of_mine' } })
  expect(said).toMatchObject({ code: 5, err: 'docket-order: Invalid API key\n' })
  expect(line.written()).not.toContain('secret_of_mine')
})

test('a panel that writes the key back does not get it shown', async () => {
  const secret = 'dk_live_secret_of_mine'
  panel = { ...mockPanel(), fetch: async () => new Response(JSON.stringify({ error: `No such key: ${secret}` })) }
  const env = { PANEL_URL: panel.url, PANEL_KEY: secret }
  for (const words of [['balance'], ORDER, ['cancel', '1'], ['status', '1', '--json']]) await line.type(words, { env })
  expect(line.written()).toContain('No such key: (key)')
  expect(line.written()).not.toContain(secret)
})

test('Ctrl-C is 130', async () => {
  const type = open()
  await type(...ORDER)
  const stop = new AbortController()
  const env = { PANEL_URL: panel.url, PANEL_KEY: panel.key }
  const watching = line.type(['status', '23501', '--watch'], { env, signal: stop.signal })
  stop.abort()
  expect(await watching).toMatchObject({ code: 130 })
})
