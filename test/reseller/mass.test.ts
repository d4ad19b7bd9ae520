import { readFile, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CsvReader } from '../../reseller/src/mass/csv.ts'
import { mockPanel, type MockOptions } from '../../sdk/src/mock.ts'
import { openCommandLine, type Typing } from './terminal.ts'

/** The panel of a test: calls reach whichever the test has opened last. */
let panel: ReturnType<typeof mockPanel>
const line = openCommandLine({
  fetch: (url, init) => panel.fetch(url, init),
  wait: async (ms) => {
    const end = time + ms
    await Promise.resolve()
    time = Math.max(time, end)
  },
  now: () => time,
})
let time = 0
let files = 0

/** A panel, and a file of orders for it. */
async function shop(options: MockOptions, rows: readonly string[], header = 'service,link,quantity') {
  panel = mockPanel(options)
  files += 1
  const name = `orders-${files}`
  const file = line.file(`${name}.csv`)
  await writeFile(file, `${[header, ...rows].join('\n')}\n`)
  const typing: Typing = { env: { PANEL_URL: panel.url, PANEL_KEY: panel.key } }
  const mass = (...more: string[]) => line.type(['order', 'mass', file, ...more], typing)
  return {
    file,
    mass,
    yes: (...more: string[]) => mass('--yes', ...more),
    json: async (...more: string[]) => JSON.parse((await mass('--json', ...more)).out),
    result: async (at = `${name}.result.csv`) => rowsOf(await readFile(line.file(at), 'utf8')),
    journal: line.file(`${name}.result.csv.journal`),
  }
}

function rowsOf(text: string): Record<string, string>[] {
  const reader = new CsvReader()
  const [header, ...rows] = [...reader.push(text), ...reader.end()].map(({ cells }) => cells)
  return rows.map((cells) => Object.fromEntries(header!.map((name, at) => [name, cells[at]!])))
}

const linesOf = (count: number) => Array.from({ length: count }, (_, at) => `1,https://example.com/${at},100`)
const linksOf = () => panel.orders.map(({ fields }) => fields['link'])

describe('before anything is ordered', () => {
  test('the file is checked, and its price told', async () => {
    const { mass, json } = await shop({}, [...linesOf(3), '2,https://example.com/c,'], 'service,link,quantity')
    const { code, err } = await mass('--dry-run')
    expect(code).toBe(2)
    expect(err).toContain('line 5: comments is missing (Custom Comments)')
    expect(err).toContain('1 lines are wrong: nothing was ordered. --skip-faulty orders the others.')
    expect(await json('--dry-run', '--skip-faulty')).toMatchObject({
      lines: 4,
      to_order: 3,
      faulty: 1,
      charge: '0.27',
      balance: '100.00000',
      keeps_retry_keys: true,
    })
    expect(panel.orders).toEqual([])
  })

  const faults: readonly (readonly [row: string, fault: string])[] = [
    ['9,https://example.com,100', 'there is no service 9'],
    [',https://example.com,100', 'service is missing'],
    ['1,,100', 'link is missing (Default)'],
    ['1,https://example.com,', 'quantity is missing (Default)'],
    ['1,https://example.com,10.9', 'quantity is no whole number: 10.9'],
    ['1,https://example.com,1e3', 'quantity is no whole number: 1e3'],
    ['1,https://example.com,49', 'quantity: 49 is less than 50'],
    ['1,https://example.com,10001', 'quantity: 10001 is more than 10000'],
    ['1,https://example.com', '2 cells, but 3 columns'],
  ]
  for (const [row, fault] of faults) {
    test(`a line is wrong: ${fault}`, async () => {
      const { json } = await shop({}, [row])
      expect((await json('--dry-run')).faults).toEqual([{ line: 2, error: fault }])
    })
  }

  test('a dry run leaves no file, and without --yes nothing is ordered', async () => {
    const { mass, journal } = await shop({}, linesOf(2))
    expect(await mass('--dry-run')).toMatchObject({ code: 0 })
    expect(await mass()).toMatchObject({ code: 0, err: expect.stringContaining('Nothing was ordered: --yes orders.') })
    expect(panel.orders).toEqual([])
    expect(existsSync(journal)).toBe(false)
    expect(existsSync(`${journal}.lock`)).toBe(false)
  })

  test('what is no file of orders is told so', async () => {
    const { file, yes } = await shop({}, ['x'], 'link')
    expect(await yes()).toMatchObject({ code: 2, err: expect.stringContaining('one of them is "service"') })
    await writeFile(file, 'service,link,quantity\n')
    expect(await yes()).toMatchObject({ code: 2, err: expect.stringContaining('no orders in it') })
    await writeFile(file, 'service,link\n1,"https')
    expect(await yes()).toMatchObject({ code: 2, err: expect.stringContaining('line 2: a quote is not closed') })
    await writeFile(file, Buffer.from('service,link\n1,caf\xE9', 'latin1'))
    expect(await yes()).toMatchObject({ code: 2, err: expect.stringContaining('not UTF-8') })
    expect(await line.type(['order', 'mass', line.file('nowhere.csv')])).toMatchObject({ code: 2 })
  })
})

describe('ordering', () => {
  test('each line is ordered once; the result has its columns, the order, its charge and what was wrong', async () => {
    const { yes, result } = await shop(
      {},
      [...linesOf(450), '1,https://example.com/few,7'].map((row) => `${row},mine`),
      'Service,Link,Quantity,my own',
    )
    const { code, out, err } = await yes('--skip-faulty')
    expect({ code, out }).toEqual({ code: 3, out: expect.stringMatching(/^450 placed, 0 refused, 0 unknown, 1 faulty, 0 left\nResult: /) })
    expect(err).toContain('Not sent, only kept in the result: my own')
    expect(new Set(linksOf()).size).toBe(450)
    expect(panel.orders).toHaveLength(450)
    const rows = await result()
    expect(rows).toHaveLength(451)
    for (const row of rows.slice(0, 450)) {
      const order = panel.orders.find(({ id }) => String(id) === row['order'])!
      expect(row).toEqual({
        Service: '1',
        Link: order.fields['link'],
        Quantity: '100',
        'my own': 'mine',
        order: String(order.id),
        charge: '0.09000',
        state: 'placed',
        error: '',
      })
    }
    expect(rows.at(-1)).toMatchObject({ order: '', state: 'faulty', error: 'quantity: 7 is less than 50' })
  })

  test('what spreadsheets write is read: a mark at the beginning, semicolons, quotes, lines within a cell, CRLF', async () => {
    const text =
      '\uFEFFservice;link;quantity;comments\r\n2;https://example.com/c;;"Nice; ""really"", yes\nSecond"\r\n\r\n1;https://example.com/p;100;\r\n'
    const { file, yes, result } = await shop({}, [])
    await writeFile(file, text)
    expect(await yes()).toMatchObject({ code: 0 })
    expect(panel.orders.map(({ fields, quantity }) => [fields['comments'], quantity])).toEqual([['Nice; "really", yes\nSecond', 2], [undefined, 100]]) // prettier-ignore
    expect((await result()).map(({ comments }) => comments)).toEqual(['Nice; "really", yes\nSecond', ''])
  })

  test('the same file again orders nothing; under the name of another batch it is ordered once more', async () => {
    const { yes, result, journal } = await shop({}, linesOf(5))
    await yes()
    expect(await yes()).toMatchObject({ code: 0, err: expect.stringContaining('Nothing is left to order') })
    expect(panel.orders).toHaveLength(5)
    // Also where the journal was lost: the panel knows the retry keys.
    await writeFile(journal, '')
    expect(await yes()).toMatchObject({ code: 0 })
    expect(panel.orders).toHaveLength(5)
    expect(await yes('--batch', 'june')).toMatchObject({ code: 0 })
    expect(panel.orders).toHaveLength(10)
    expect((await result(`orders-${files}.june.result.csv`)).map(({ order }) => order)).toHaveLength(5)
  })

  test('a file that was changed is not gone on with: its lines would be ordered again', async () => {
    const { file, yes } = await shop({}, linesOf(3))
    await yes()
    await writeFile(file, `service,link,quantity\n${linesOf(4).join('\n')}\n`)
    expect(await yes()).toMatchObject({ code: 2, err: expect.stringContaining('it has been changed since') })
    expect(panel.orders).toHaveLength(3)
  })

  test('it stops when the balance is used up, and goes on after a payment', async () => {
    const { yes, result, journal } = await shop({ balance: '0.27' }, linesOf(6))
    const { code, err } = await yes('--at-once', '1')
    expect(code).toBe(3)
    expect(err).toContain('The balance is not enough for all of it')
    expect(err).toContain('Stopped: Not enough funds on balance. The same command goes on from here.')
    expect((await result()).map(({ state, charge }) => `${state} ${charge}`)).toEqual([
      ...Array(3).fill('placed 0.09000'),
      ...Array(3).fill('open '),
    ])
    expect(await readFile(journal, 'utf8')).not.toContain(panel.key)
  })

  test('a line that the panel refuses is told with its words, and is ordered again only when asked', async () => {
    const { yes, result } = await shop(
      {},
      ['1,https://example.com/1,100,0.01', '1,https://example.com/2,100,'],
      'service,link,quantity,max_charge',
    )
    expect(await yes()).toMatchObject({ code: 3 })
    expect((await result()).map(({ state, error }) => [state, error])).toEqual([['refused', 'Price is now 0.09000'], ['placed', '']]) // prettier-ignore
    const asked = panel.calls.length
    await yes()
    expect(panel.calls.slice(asked).filter(({ action }) => action === 'add')).toEqual([])
    await yes('--retry-refused')
    expect(panel.calls.slice(asked).filter(({ action }) => action === 'add')).toHaveLength(1)
  })
})

describe('answers that are lost', () => {
  test('at a panel with retry keys each is asked for again: each line is ordered once, and known', async () => {
    const { yes, result } = await shop({}, linesOf(60))
    for (const fault of ['lost reply', 'error page', 'too many requests', 'no connection'] as const) panel.fail(fault, 'add', 8)
    expect(await yes('--patience', '100000')).toMatchObject({ code: 0 })
    expect(new Set(linksOf()).size).toBe(60)
    expect(panel.orders).toHaveLength(60)
    expect((await result()).every(({ state }) => state === 'placed')).toBe(true)
  })

  test('at a panel without them nobody knows: said before, kept as unknown, never sent again, and the others go on', async () => {
    const { yes, result } = await shop({ keepsRetryKeys: false }, linesOf(40))
    panel.fail('lost reply', 'add', 3)
    const first = await yes()
    expect(first.code).toBe(4)
    expect(first.err).toContain('This panel keeps no retry keys: when an answer is lost, nobody can order that line again')
    expect(first.err).toContain('an unknown line cannot be repeated safely')
    expect(panel.orders).toHaveLength(40)
    const rows = await result()
    expect(rows.filter(({ state }) => state === 'unknown').map(({ order, error }) => `${order}${error}`)).toEqual(
      Array(3).fill('No answer: ECONNRESET'),
    )
    expect(rows.filter(({ state }) => state === 'placed')).toHaveLength(37)
    expect(await yes()).toMatchObject({ code: 4 })
    expect(panel.orders).toHaveLength(40)
  })

  test('there, what was certainly not done is sent again', async () => {
    const { yes } = await shop({ keepsRetryKeys: false }, linesOf(20))
    panel.fail('no connection', 'add', 5)
    panel.fail('too many requests', 'add', 5)
    expect(await yes()).toMatchObject({ code: 0 })
    expect(panel.orders).toHaveLength(20)
    expect(new Set(linksOf()).size).toBe(20)
  })

  test('there, it stops when answers are lost one after the other', async () => {
    const { yes, result } = await shop({ keepsRetryKeys: false }, linesOf(100))
    panel.fail('error page', 'add', 100)
    const { code, err } = await yes('--at-once', '1')
    expect(code).toBe(4)
    expect(err).toContain('Stopped: 20 answers in a row were lost')
    expect((await result()).filter(({ state }) => state === 'open')).toHaveLength(80)
  })

  test('a line that was on its way when the program was killed is unknown there', async () => {
    const { yes, result, journal } = await shop({ keepsRetryKeys: false }, linesOf(3))
    await yes()
    // As a kill between the call and its answer leaves it: the intention is the last that was written of line 3, and half of another record.
    const text = await readFile(journal, 'utf8')
    const kept = text.split('\n').filter((each) => each !== '' && !(each.includes('"number":2') && each.includes('placed')))
    await writeFile(journal, `${kept.join('\n')}\n{"number":2,"li`)
    expect(await yes()).toMatchObject({ code: 4 })
    expect(panel.orders).toHaveLength(3)
    expect((await result()).map(({ state }) => state)).toEqual(['placed', 'placed', 'unknown'])
  })

  test('a panel that gives no answer at all is waited for, and then it stops', async () => {
    const { yes, result } = await shop({}, linesOf(3))
    panel.fail('no connection', 'add', 1000)
    const began = time
    const { code, err } = await yes('--patience', '300')
    expect(time - began).toBeGreaterThan(300_000)
    expect(code).toBe(6)
    expect(err).toContain('The same command goes on from here.')
    expect((await result()).map(({ state }) => state)).toEqual(['open', 'open', 'open'])
  })
})

test('two runs of one file at once: the second is turned away', async () => {
  const { yes, journal } = await shop({}, linesOf(2))
  await writeFile(`${journal}.lock`, String(process.ppid))
  expect(await yes()).toMatchObject({ code: 1, err: expect.stringContaining('Another run places these orders already') })
  expect(panel.orders).toEqual([])
})
