import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { addAllCommands } from '../../cli/commands/all.ts'
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { eventually } from '../support/clients.ts'
import { ask as askPanel } from '../panels/world.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { send } from '../support/docket.ts'
import { ask, cleanUp, makeDirectory, processesIn } from '../../packages/embedded-postgres/test/support/users.ts'
import { commandEnvironment, docket as program, endServers, serve, type ServerProcess, watch } from '../support/server-process.ts'

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command as a shell would; its data is in a directory of the test. */
async function docket(directory: string, args: readonly string[], input = '', settings: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { env: { ...commandEnvironment(), DOCKET_DATA: directory, ...settings } })
  child.stdin.end(input)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: code as number, out, err }
}

const services = [
  {
    service: 7,
    name: 'Page visits',
    type: 'Default',
    category: 'Ads',
    rate: '0.90',
    min: '50',
    max: '10000',
    dripfeed: false,
    refill: true,
    cancel: true,
  },
  { service: '8', name: 'Followers', type: 'Package', category: 'Ads', rate: 8, min: '1', max: '1' },
]

const everyCommand = [
  ['serve'], ['demo'], ['account', 'add'], ['account', 'list'], ['account', 'set'], ['account', 'suspend'], ['account', 'resume'], ['fund'],
  ['account', 'invite'], ['account', 'log'], ['account', 'sign-out'], ['account', 'remove-codes'], ['account', 'note'], ['account', 'view-as'], ['mail', 'list'], ['mail', 'show'],
  ['key', 'add'], ['key', 'list'], ['key', 'set'], ['key', 'revoke'], ['service', 'import'], ['service', 'list'], ['service', 'set'], ['service', 'words'], ['service', 'bind'], ['subscription', 'child'], ['webhook', 'rotate'], ['promises'],
  ['service', 'rates'], ['supplier', 'add'], ['supplier', 'list'], ['supplier', 'set'], ['supplier', 'try'], ['supplier', 'remove'], ['supplier', 'import'], ['supplier', 'sync'], ['supplier', 'prices'], ['alerts', 'acknowledge'], ['trace'], ['hand-off', 'list'], ['staff', 'add'], ['staff', 'list'], ['staff', 'set'], ['staff', 'end'], ['staff', 'rescue'], ['staff-token', 'add'], ['staff-token', 'list'], ['staff-token', 'revoke'], ['staff-key', 'add'], ['house-rule', 'add'], ['log'], ['log', 'verify'], ['order', 'set'], ['order', 'complete'], ['order', 'partial'], ['order', 'cancel'], ['order', 'send-to'], ['order', 'note'], ['job', 'add'], ['job', 'list'], ['job', 'result'], ['job', 'stop'], ['approval', 'list'], ['approval', 'accept'], ['approval', 'decline'], ['hand-off', 'decide'], ['audit'], ['migrate'], ['backup'], ['restore'],
] // prettier-ignore

describe.skipIf(process.platform !== 'linux')('the command docket', () => {
  let directory: string
  let data: string
  let held: EmbeddedDatabase | undefined

  beforeAll(async () => {
    directory = await makeDirectory()
    data = join(directory, 'data')
  })
  afterAll(async () => {
    await endServers()
    await held?.close()
    await cleanUp()
  })

  /** A command that must succeed; its JSON. */
  async function json(...args: string[]): Promise<any> {
    const ended = await docket(data, [...args, '--json'])
    expect(ended).toMatchObject({ code: 0, err: '' })
    return JSON.parse(ended.out)
  }

  test('every command explains itself without a database', async () => {
    // One process of each kind of start; how the others explain themselves is read without one, as each start costs half a second.
    const everyStart = [['serve'], ['account', 'add'], ['audit'], ['hand-off', 'decide']]
    await fewAtOnce(everyStart, async (command) => {
      const { code, out, err } = await docket(data, [...command, '--help'])
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(out).toContain(`Usage: docket ${command.join(' ')}`)
    })
    const program = new Command('docket')
    await addAllCommands(program)
    for (const words of everyCommand) {
      const found = words.reduce<Command | undefined>((from, word) => from?.commands.find((each) => each.name() === word), program)
      const explained = found?.helpInformation() ?? ''
      expect(explained).toContain(`Usage: docket ${words.join(' ')}`)
      expect(explained).toContain(words[0] === 'serve' || words[0] === 'demo' ? '--port' : '--json')
    }
    await expect(stat(data)).rejects.toThrow('ENOENT')
  })

  test('a first command makes the database and leaves', async () => {
    expect(await json('account', 'add', '--email', 'anna@example.com', '--balance', '100')).toEqual({
      account: 1,
      key: expect.stringMatching(/^dk_live_[\w-]{32}$/),
    })
    expect(processesIn(data)).toEqual([])
    // From here on the test keeps the database running, so that each command only joins it.
    held = await openEmbeddedDatabase({ directory: data })
  })

  test('S6 migrate is done once and then nothing', async () => {
    expect(await json('migrate')).toEqual({ applied: [], routines: [] })
    const { code, out } = await docket(data, ['migrate'])
    expect([code, out]).toEqual([0, 'The schema is the newest already\n'])
  })

  test('S6 migrate tells which migrations and which routines it applied', async () => {
    const name = `${inject('template')}_told`
    await onServer(inject('serverUrl'), `create database "${name}"`)
    const { code, out } = await docket(data, ['migrate'], '', { DATABASE_URL: withDatabase(inject('serverUrl'), name) })
    expect(code).toBe(0)
    expect(out).toMatch(
      /^Applied 0001-create-customers, .*\nMade anew or dropped: function add_order_event, .*trigger transfers_are_append_only on transfers.*\n$/,
    )
  })

  test('accounts are opened, listed, changed, suspended', async () => {
    const other = await docket(data, ['account', 'add', '--email', 'bob@example.com', '--currency', 'EUR'])
    expect(other.out).toMatch(/^Account 2\nKey {5}dk_live_\S+\nThe key is shown this once: keep it\.\n$/)
    expect(await json('account', 'set', '--account', '2', '--discount', '7.5', '--repeat-window', '60')).toEqual({
      account: 2,
      discount_percent: 7.5,
      repeat_window_seconds: 60,
    })
    expect(await json('account', 'suspend', '--account', '2')).toEqual({ account: 2, suspended: true })
    expect(await json('account', 'list')).toEqual([
      { account: 1, email: 'anna@example.com', balance: '100.00000', currency: 'USD', discount_percent: 0, suspended: false },
      { account: 2, email: 'bob@example.com', balance: '0.00000', currency: 'EUR', discount_percent: 7.5, suspended: true },
    ])
    expect(await json('account', 'resume', '--account', '2')).toEqual({ account: 2, suspended: false })
    expect((await docket(data, ['account', 'list'])).out).toMatch(
      /^account +email +balance +discount\n1 +anna@example\.com +100\.00000 USD +0%\n2 +bob/,
    )
  })

  test('M11 a payment told twice is booked once', async () => {
    const told = ['fund', '--account', '1', '--amount', '25.5', '--reference', 'invoice 7', '--note', 'bank']
    const first = await json(...told)
    expect(first).toEqual({ account: 1, line: 2, balance: '125.50000', currency: 'USD' })
    expect(await json(...told)).toEqual(first)
    const [one, other] = await Promise.all(
      [0, 1].map(() => docket(data, ['fund', '--account', '1', '--amount', '1', '--note', 'bank', '--reference', 'invoice 8', '--json'])),
    )
    expect(JSON.parse(one!.out)).toEqual(JSON.parse(other!.out))
    expect(await json('fund', '--account', '1', '--amount', '-26.5', '--note', 'mistake')).toMatchObject({ balance: '100.00000' })
    expect(await docket(data, [...told.slice(0, 4), '1', ...told.slice(5)])).toMatchObject({
      code: 1,
      err: 'docket: Reference invoice 7 was booked before with another amount\n',
    })
    expect(await docket(data, ['fund', '--account', '1', '--amount', '-1000', '--note', 'mistake'])).toMatchObject({
      code: 1,
      err: 'docket: The balance is too low to take that much\n',
    })
  })

  test('keys are added, listed without secret, revoked', async () => {
    const added = await json('key', 'add', '--account', '1', '--label', 'shop')
    expect(added).toEqual({ id: expect.any(Number), key: expect.stringMatching(/^dk_live_/) })
    const sandbox = await json('key', 'add', '--account', '1', '--test')
    expect(sandbox.key).toMatch(/^dk_test_/)
    expect((await json('key', 'add', '--account', '1', '--test')).key).toMatch(/^dk_test_/)
    expect(await json('key', 'revoke', String(added.id))).toEqual({ id: added.id, revoked: true })
    expect(await json('key', 'revoke', '--id', String(sandbox.id))).toEqual({ id: sandbox.id, revoked: true })
    const listed = await docket(data, ['key', 'list', '--account', '1', '--json'])
    expect(listed.out).not.toContain(added.key)
    expect(JSON.parse(listed.out).find((key: { id: number }) => key.id === added.id)).toMatchObject({
      account: 1, prefix: added.key.slice(0, 12), label: 'shop', test: false, revoked: expect.any(String),
    }) // prettier-ignore
  })

  test('a person is invited by a link that is printed and mailed', async () => {
    const invited = await json('account', 'invite', '--account', '1')
    expect(invited).toEqual({
      account: 1,
      email: 'anna@example.com',
      link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8080\/reset\//),
      mailed: false,
    })
    const [mail] = await json('mail', 'list', '--account', '1')
    expect(mail).toMatchObject({ recipient: 'anna@example.com', name: 'invite', state: 'waiting' })
    const shown = await docket(data, ['mail', 'show', String(mail.id)])
    expect(shown.out).toMatch(/^To: anna@example\.com\nSubject: Your account at Docket\n\n/)
    expect(shown.out).toContain(invited.link)
    const toPeople = await docket(data, ['account', 'invite', '--account', '1'], '', { DOCKET_PUBLIC_URL: 'https://panel.example/' })
    expect(toPeople.out).toMatch(/^For anna@example\.com, once, within a week:\n\n {2}https:\/\/panel\.example\/reset\/[\w-]{43}\n/)
    expect(await json('account', 'sign-out', '--account', '1')).toEqual({ account: 1, ended: 0 })
    expect(await docket(data, ['account', 'remove-codes', '--account', '1'])).toMatchObject({
      code: 1,
      err: 'docket: Account 1 has no second factor\n',
    })
    const acts = (await json('account', 'log', '--account', '1')).map((line: { by: string; act: string }) => `${line.by} ${line.act}`)
    expect(acts.slice(0, 3)).toEqual(['staff all sessions ended', 'staff invited', 'staff invited'])
    expect(acts).toContain('staff key revoked')
  })

  test('services are imported as the answer shows them', async () => {
    const file = join(directory, 'services.json')
    await writeFile(file, JSON.stringify(services))
    expect(await json('service', 'import', file)).toEqual({ added: 2, updated: 0 })
    const again = await docket(data, ['service', 'import', '-', '--json'], JSON.stringify(services))
    expect(again).toMatchObject({ code: 0, out: '{"added":0,"updated":2}\n' })
    expect(await json('service', 'set', '7', '--rate', '0.95', '--supplier', 'simulated', '--one-active-link', 'yes')).toEqual({
      service: 7,
      changed: true,
    })
    expect(await json('service', 'set', '8', '--state', 'hidden', '--account', '1', '--custom-rate', '7')).toEqual({
      service: 8,
      changed: true,
    })
    expect(await json('service', 'list')).toEqual([
      expect.objectContaining({ service: 7, rate: '0.95', min: 50, max: 10_000, state: 'on sale', supplier: 1, refill: true }),
      expect.objectContaining({ service: 8, rate: '8', type: 'Package', state: 'hidden', supplier: null }),
    ])
  })

  test('promises and refills of a service are set, shown and taken back', async () => {
    const set = ['service', 'set', '7', '--start-within', '60', '--finish-within', '1440', '--when-missed', '7.5%', '--refill-count', '2']
    expect(await json(...set)).toEqual({ service: 7, changed: true })
    const shown = async () => (await json('service', 'list')).find((each: { service: number }) => each.service === 7)
    const promised = { start_within: 60, finish_within: 1440, when_missed: 'compensate', compensation_basis_points: 750, refill_count: 2 }
    expect(await shown()).toMatchObject({ ...promised, start_time: null, finish_time: null, rate: '0.95' })
    await json('service', 'set', '7', '--finish-within', 'none', '--when-missed', 'cancel', '--refill-count', 'none')
    expect(await shown()).toMatchObject({
      ...promised,
      finish_within: null,
      when_missed: 'cancel',
      compensation_basis_points: null,
      refill_count: null,
    })
    for (const [args, words] of [
      [['--when-missed', '101%'], /share of the charge up to 100%/],
      [['--when-missed', '0%'], /share of the charge up to 100%/],
      [['--start-within', '0'], /positive whole number, or none/],
      [['--finish-within', '59'], /^docket: Nothing was changed\. An order cannot finish before it starts/],
      [['--start-within', '525601'], /1 to 525600 minutes/],
    ] as const) {
      const { code, err } = await docket(data, ['service', 'set', '7', ...args])
      expect([code, err]).toEqual([1, expect.stringMatching(words)])
    }
    await json('service', 'set', '7', '--start-within', 'none')
    expect(await json('promises', '--since', '24h')).toEqual([])
    expect((await docket(data, ['promises'])).out).toBe('No promise was missed since then\n')
  })

  test('a service is said in another language, shown, and taken back', async () => {
    const words = ['service', 'words', '7']
    expect((await docket(data, words)).out).toBe('Service 7 is said in no other language yet\n')
    expect(await json(...words, '--language', 'pt-br', '--name', 'Visitas à página', '--description', 'Rápido.')).toEqual({
      service: 7,
      language: 'pt-BR',
      words: { name: 'Visitas à página', description: 'Rápido.' },
      services: 1,
    })
    const whole = await docket(data, [...words, '--language', 'sl', '--category', 'Oglasi', '--whole-category'])
    expect(whole.out).toBe('Service 7 in sl: named as in the catalogue; 2 services changed\n')
    expect(await json(...words, '--language', 'pt-BR', '--name', 'none', '--description', 'none')).toMatchObject({ words: {} })
    expect(await json(...words)).toEqual({ service: 7, translations: { sl: { category: 'Oglasi' } } })
    for (const [args, told] of [
      [['--name', 'x'], /language: It says which language the words are in/],
      [['--language', 'slovene', '--name', 'x'], /^docket: "slovene" is not a valid language code: write it like sl, zh-HK or pt-BR/],
      [['--language', 'sl', '--name', ' '], /^docket: The name is empty: "none" removes it/],
      [['--language', 'sl', '--name', 'x', '--whole-category'], /^docket: Services of a category share only the name of the category/],
    ] as const) {
      const { code, err } = await docket(data, [...words, ...args])
      expect([code, err]).toEqual([1, expect.stringMatching(told)])
    }
    expect((await docket(data, ['service', 'words', '99', '--language', 'sl', '--name', 'x'])).err).toMatch(
      /^docket: There is no service 99/,
    )
  })

  test('a supplier’s key comes from standard input or the environment; among the arguments it is taken with a warning', async () => {
    const add = (name: string, more: string[], input = '', settings: Record<string, string> = {}) =>
      docket(data, ['supplier', 'add', name, '--url', 'https://panel.example/api/v2', ...more], input, settings)
    expect(await add('typed', ['--key', '-'], 'theirs\n')).toMatchObject({ code: 0, err: '' })
    expect(await add('set', [], '', { DOCKET_SUPPLIER_KEY: 'theirs' })).toMatchObject({ code: 0, err: '' })
    expect(await add('shown', ['--key', 'theirs'])).toMatchObject({ code: 0, err: expect.stringContaining('list of processes') })
    expect(await add('none', ['--key', '-'])).toMatchObject({ code: 1, err: 'docket: There is no key on standard input\n' })
  })

  test('an exchange rate is set and taken back', async () => {
    const added = await docket(
      data,
      ['supplier', 'add', 'acme', '--url', 'https://panel.example/api/v2', '--key', '-', '--json'],
      'theirs\n',
    )
    expect(added).toMatchObject({ code: 0, err: '' })
    for (const exchange of ['EUR=1.08', 'none']) {
      const inForce = { margin: '0%', add: '0', round: '0.0001', exchange: exchange === 'none' ? null : exchange, hourly: true }
      expect(await json('supplier', 'prices', 'acme', '--exchange', exchange)).toEqual({ name: 'acme', changed: true, ...inForce })
    }
  })

  test('the margin in force is shown, and who pays a rate of their own', async () => {
    await json('supplier', 'prices', 'acme', '--margin', '20%', '--hourly', 'no')
    expect(await json('supplier', 'prices', 'acme')).toMatchObject({
      changed: false,
      margin: '20%',
      add: '0',
      round: '0.0001',
      hourly: false,
    })
    const { out } = await docket(data, ['supplier', 'prices', 'acme'])
    expect(out).toBe('acme: cost + 20% + 0, rounded up to 0.0001; its list is not read by itself\n')
    expect((await docket(data, ['supplier', 'prices', 'shown'])).out).toMatch(/^The list of shown was never read and no margin is set/)
    const rate = { account: 1, email: 'anna@example.com', service: 8, name: 'Followers', custom_rate: '7', rate: '8' }
    expect(await json('service', 'rates')).toEqual([rate])
    expect(await json('service', 'rates', '--account', '2')).toEqual([])
  })

  test('a change that names nothing is refused, and nothing is said to be changed', async () => {
    await fewAtOnce(
      [
        ['service', 'set', '7'],
        ['supplier', 'set', 'acme'],
        ['key', 'set', '1'],
      ],
      async (args) => {
        const ended = await docket(data, args)
        expect(ended).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^docket: Nothing was changed: say what to change/) })
      },
    )
  })

  test('a reader that has seen enough, like head, ends a list without a fault', async () => {
    const child = spawn(process.execPath, [program, 'service', 'list'], { env: { ...commandEnvironment(), DOCKET_DATA: data } })
    child.stdout.destroy()
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect({ err, code }).toEqual({ err: '', code: 0 })
  })

  test('a supplier’s address is mended, and one that was never worked with is removed', async () => {
    await json('supplier', 'set', 'typed', '--url', 'https://other.example/api/v2', '--private-network', 'yes', '--currency', 'eur')
    const named = async (name: string) => (await json('supplier', 'list')).find((each: { name: string }) => each.name === name)
    expect(await named('typed')).toMatchObject({ url: 'https://other.example/api/v2' })
    const tried = await json('supplier', 'try', 'typed')
    expect(tried).toEqual({ name: 'typed', tried: 0, account: { kind: 'no answer', words: expect.any(String) } })
    expect(await json('supplier', 'remove', 'typed')).toMatchObject({ name: 'typed' })
    expect(await named('typed')).toBeUndefined()
    await fewAtOnce(['try', 'remove'], async (verb) => {
      expect(await docket(data, ['supplier', verb, 'typed'])).toMatchObject({ code: 1, err: expect.stringContaining('typed') })
    })
  })

  test('staff close an alert, decide an order that nobody knows of, and read all that is known of it', async () => {
    await json('service', 'bind', '7', '--supplier', 'set', '--position', '1')
    const server = await serve({ DOCKET_DATA: data, DOCKET_ROLE: 'http' })
    const { key } = await json('key', 'add', '--account', '1')
    const asked = { key, action: 'add', service: '7', link: 'https://example.com/unknown', quantity: '100' }
    const { order } = (await (await send(server.url, asked)).json()) as { order: number }
    expect(await server.stop()).toBe(0)
    const { supplier } = (await json('supplier', 'list')).find((each: { name: string }) => each.name === 'set')
    await ask(
      held!.url,
      `update orders set sent = true where id = ${order};
       insert into hand_offs (order_id, supplier_id, due_at, state, claimed_at, words, maybe_there)
         values (${order}, ${supplier}, 'infinity', 'unconfirmed', now(), 'its answer was lost', true);
       insert into alerts (kind, supplier_id, words, first_at, last_at) values ('supplier away', ${supplier}, 'it is away', now(), now())`,
    )
    const [alert] = await json('alerts')
    expect(alert).toMatchObject({ kind: 'supplier away', supplier: 'set' })
    expect(await json('alerts', 'acknowledge', String(alert.id))).toEqual({ alert: alert.id, closed: true })
    expect(await json('alerts')).toEqual([])
    expect(await json('hand-off', 'list')).toMatchObject([{ order, state: 'unconfirmed', supplier: 'set' }])

    const decide = ['hand-off', 'decide', String(order)]
    const away = await docket(data, [...decide, '--they-have-it', '77'])
    expect(away).toMatchObject({ code: 1, err: expect.stringMatching(/^docket: The supplier cannot be asked now .*or add --unasked\n$/) })
    expect(await json(...decide, '--they-have-it', '77', '--unasked')).toEqual({
      order,
      decided: 'watched',
      found: null,
      their_remains: null,
    })
    const traced = await docket(data, ['trace', String(order)])
    expect(traced.out).toMatch(/hand-off sent, their id 77 +confirmed by staff/)
    expect(await json(...decide, '--cancel')).toMatchObject({ decided: 'cancelled' })
    expect(await json('trace', String(order))).toContainEqual(expect.objectContaining({ status: 'Canceled' }))
    await json('service', 'set', '7', '--supplier', 'simulated')
  })

  test('the secret of a webhook is changed by hand', async () => {
    const { webhook, secret } = await json('webhook', 'add', '--account', '1', '--url', 'https://93.184.216.34/hook')
    const changed = await json('webhook', 'rotate', String(webhook), '--keep-old', '2')
    expect(changed).toEqual({ webhook, secret: expect.stringMatching(/^whsec_/), old_secret_until: expect.any(String) })
    expect(changed.secret).not.toBe(secret)
    expect(await json('webhook', 'list')).toMatchObject([{ webhook, old_secret_until: changed.old_secret_until }])
    const ended = await docket(data, ['webhook', 'rotate', String(webhook), '--keep-old', '0'])
    expect(ended.out).toMatch(/^Secret {2}whsec_\S+\nThe secret is shown this once: keep it\. The old one signs no more\.\n$/)
    expect(await docket(data, ['webhook', 'rotate', '99'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no webhook 99'),
    })
    await json('webhook', 'remove', String(webhook))
  })

  test('a key is handed out with limits, which are changed and taken away', async () => {
    const limits = [
      '--scopes',
      'read,order',
      '--daily-cap',
      '2.5',
      '--services',
      '7-8',
      '--addresses',
      '203.0.113.9/24',
      '--expires',
      '2099-12-31',
    ]
    const { id } = await json('key', 'add', '--account', '1', '--label', 'agency', ...limits)
    const listed = async () => (await json('key', 'list')).find((key: { id: number }) => key.id === id)
    const all = {
      scopes: ['read', 'order'],
      daily_cap: '2.50000',
      spent_today: '0.00000',
      services: [7, 8],
      addresses: ['203.0.113.0/24'],
      expires: '2099-12-31T23:59:59.000Z',
    }
    expect(await listed()).toMatchObject({ label: 'agency', ...all })
    await json('key', 'set', String(id), '--daily-cap', '3', '--services', 'any', '--expires', 'any')
    expect(await listed()).toMatchObject({ ...all, daily_cap: '3.00000', services: null, expires: null })
    expect((await docket(data, ['key', 'list'])).out).toContain('read+order; 0.00000 of 3.00000 spent today; from 203.0.113.0/24')
    await json('key', 'set', String(id), '--scopes', 'everything', '--daily-cap', 'any', '--addresses', 'any')
    expect(await listed()).toMatchObject({ scopes: null, daily_cap: null, addresses: null })
    const faults: [string[], RegExp][] = [
      [['key', 'add', '--account', '1', '--scopes', 'fly'], /^docket: There is no scope "fly": everything, balance, /],
      [['key', 'add', '--account', '1', '--services', '7,99'], /^docket: There is no service 99\n$/],
      [['key', 'add', '--account', '1', '--addresses', '1.2.3'], /^docket: "1\.2\.3" is not a valid address or network/],
      [['key', 'add', '--account', '1', '--expires', '2020-01-01'], /^docket: The expiry date of a key must be in the future\n$/],
      [['key', 'set', '99', '--scopes', 'read'], /^docket: There is no key 99/],
    ]
    await fewAtOnce(faults, async ([args, sentence]) => {
      expect(await docket(data, args)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(sentence) })
    })
  })

  test('faults are one sentence and exit code 1', async () => {
    const broken = join(directory, 'broken.json')
    await writeFile(broken, '[{"service":9,"name":"x","rate":"1,5"}]')
    const faults: [string[], RegExp][] = [
      [['account', 'add', '--email', 'anna@example.com'], /^docket: There is an account for anna@example\.com already/],
      [['account', 'add', '--email', 'nobody'], /^docket: "nobody" is not a valid e-mail address\n$/],
      [['fund', '--account', '99', '--amount', '1', '--note', 'bank'], /^docket: There is no account 99/],
      [['key', 'revoke', '99'], /^docket: There is no key 99/],
      [['service', 'set', '99', '--rate', '1'], /^docket: There is no service 99/],
      [['service', 'set', '7', '--supplier', 'nobody'], /^docket: There is no supplier "nobody": "docket supplier list" shows all\n$/],
      [['service', 'import', broken], /^docket: Nothing was imported\. entry 1, service 9: rate "1,5" must be digits and one dot/],
      [['service', 'import', join(directory, 'missing.json')], /^docket: .*missing\.json/],
      [['restore', join(directory, 'missing.backup')], /^docket: .+/],
    ]
    await fewAtOnce(faults, async ([args, sentence]) => {
      const { code, out, err } = await docket(data, args)
      expect({ code, out }).toEqual({ code: 1, out: '' })
      expect(err).toMatch(sentence)
      expect(err.trim().split('\n')).toHaveLength(1)
    })
    const inJson = await docket(data, ['key', 'revoke', '99', '--json'])
    expect(JSON.parse(inJson.out)).toEqual({ error: expect.stringMatching(/^There is no key 99/) })
    const unknown = await docket(data, ['fund', '--account', 'x', '--amount', '1', '--note', 'bank'])
    expect(unknown).toMatchObject({ code: 1, out: '', err: expect.stringContaining('It must be a positive whole number.') })
    const amount = await docket(data, ['account', 'add', '--email', 'c@example.com', '--balance', '1e3'])
    expect(amount).toMatchObject({ code: 1, out: '', err: expect.stringContaining('"1e3" is not a valid amount') })
    const setting = await docket(data, ['account', 'list'], '', { DOCKET_PORT: 'x' })
    expect(setting).toMatchObject({ code: 1, err: 'docket: DOCKET_PORT must be a whole number.\n' })
    const nobody = await docket(data, ['account', 'list'], '', { DATABASE_URL: 'postgres://docket@localhost:1/docket' })
    expect(nobody.code).toBe(1)
    expect(nobody.err).toMatch(/^docket: .{10,}\n$/)
  })

  test('commands work beside a running server at once', async () => {
    const server = await serve({ DOCKET_DATA: data, DOCKET_COLOUR: '' })
    expect(server.written()).toContain(
      'DOCKET_COLOUR is empty, so the default is used; in an env file put a value that contains # in quotes',
    )
    const { link } = await json('account', 'invite', '--account', '1')
    expect(link).toContain(`${server.url}/reset/`)
    const { key } = await json('key', 'add', '--account', '1')
    const call = async (parameters: Record<string, string>): Promise<any> => (await send(server.url, { key, ...parameters })).json()
    expect(await call({ action: 'balance' })).toEqual({ balance: '100.00000', currency: 'USD' })
    await json('fund', '--account', '1', '--amount', '10', '--note', 'bank')
    expect(await call({ action: 'balance' })).toEqual({ balance: '110.00000', currency: 'USD' })
    await json('service', 'set', '7', '--rate', '2')
    const { order } = await call({ action: 'add', service: '7', link: 'https://example.com', quantity: '1000' })
    expect(await call({ action: 'status', order })).toMatchObject({ charge: '2.00000' })
    await json('account', 'suspend', '--account', '1')
    expect(await call({ action: 'balance' })).toEqual({ error: 'Invalid API key' })
    await json('account', 'resume', '--account', '1')
    expect(await call({ action: 'balance' })).toEqual({ balance: '108.00000', currency: 'USD' })
    expect(await json('audit')).toMatchObject({ ok: true })

    const taken = await docket(data, ['serve', '--port', new URL(server.url).port])
    expect(taken).toMatchObject({ code: 1, err: expect.stringMatching(/^docket: Port \d+ is taken: /) })
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(await server.stop()).toBe(0)
  })

  test('the settings of the example file mean what they say there', async () => {
    const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8')
    // A value that contains # is in quotes, also where the line has to be uncommented first.
    const file = join(directory, 'uncommented.env')
    await writeFile(file, example.replaceAll(/^# (?=DOCKET_)/gm, ''))
    const child = spawn(process.execPath, [`--env-file=${file}`, '-p', 'process.env.DOCKET_COLOUR'], { env: commandEnvironment() })
    expect(await text(child.stdout)).toBe('#1f6f5c\n')
  })

  test('a taken port leaves nothing running behind', async () => {
    const listener = createServer()
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    const { port } = listener.address() as { port: number }
    const elsewhere = join(directory, 'elsewhere')
    for (const command of ['serve', 'demo']) {
      const { code, err } = await docket(elsewhere, [command, '--port', String(port)])
      expect({ code, err }).toEqual({
        code: 1,
        err: `docket: Port ${port} is taken: stop what listens there or choose another with --port.\n`,
      })
    }
    expect(processesIn(elsewhere)).toEqual([])
    await new Promise((resolve) => listener.close(resolve))
  })

  test('a backup restored elsewhere audits the same', async () => {
    const file = join(directory, 'books.backup')
    const other = join(directory, 'other')
    const written = await json('backup', file)
    const secretFile = join(data, 'secret')
    expect(written).toMatchObject({ file, rows: expect.any(Number), tables: expect.any(Number), keep: `the file ${secretFile}` })
    const spoken = await docket(data, ['backup', join(directory, 'spoken.backup')])
    expect(spoken.out).toMatch(
      /\nKeep the file .*secret too, elsewhere: without it the restored house cannot open the keys of its suppliers\n$/,
    )
    expect(await docket(data, ['restore', file])).toMatchObject({ code: 1, err: expect.stringMatching(/^docket: .+\n$/) })

    const restored = await docket(other, ['restore', file, '--json'])
    expect(restored).toMatchObject({
      code: 0,
      err: expect.stringMatching(
        /^docket: the secret here does not open \d keys of suppliers.*: put the one that belongs to the backup in place of the file /,
      ),
    })
    expect(JSON.parse(restored.out)).toMatchObject({ rows: written.rows, tables: written.tables })
    const whole = join(directory, 'whole')
    await mkdir(whole)
    await copyFile(secretFile, join(whole, 'secret'))
    const complete = await docket(whole, ['restore', file])
    expect(complete).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/ restored\. The secret opens all that is sealed in it\.\n$/),
    })
    const [here, there] = [await docket(data, ['audit', '--json']), await docket(other, ['audit', '--json'])]
    expect(JSON.parse(there.out)).toEqual(JSON.parse(here.out))
    expect(there.code).toBe(0)
    expect(processesIn(other)).toEqual([])
  })

  test('audit names the row that was tampered with', async () => {
    const clean = await docket(data, ['audit'])
    expect(clean).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/The books are clean\.\n$/) })
    await ask(held!.url, `set session_replication_role = replica; update transfers set amount = amount + 1 where book_id = 1 and line = 2`)

    const { code, out } = await docket(data, ['audit'])
    expect(code).toBe(1)
    expect(out).toMatch(/FAULT balances_equal_transfers/)
    expect(out).toMatch(/FAULT running_balances_add_up: .*\n +\{"book":1,"line":"2"/)
    expect(out).toMatch(/The books are NOT clean/)
    const inJson = await docket(data, ['audit', '--json'])
    expect(inJson.code).toBe(1)
    expect(JSON.parse(inJson.out)).toMatchObject({ ok: false })

    await ask(held!.url, `set session_replication_role = replica; update transfers set amount = amount - 1 where book_id = 1 and line = 2`)
    expect((await docket(data, ['audit'])).code).toBe(0)
  })

  test('demo twice on the same data keeps it', async () => {
    const demo = join(directory, 'demo')
    let order: number | undefined
    let firstKey: string | undefined
    for (let time = 0; time < 2; time += 1) {
      const server = await startDemo(demo)
      const written = await eventually('it has told how to order', () =>
        server.written().includes('Ctrl-C') ? server.written() : undefined,
      )
      const key = /Key +(dk_live_\S+)/.exec(written)![1]!
      const testKey = /Test key +(dk_test_\S+)/.exec(written)![1]!
      const call = async (parameters: Record<string, string | number>): Promise<any> =>
        (await send(server.url, { key, ...parameters })).json()
      if (order === undefined) {
        expect(await call({ action: 'balance' })).toEqual({ balance: '100.00000', currency: 'USD' })
        order = (await call({ action: 'add', service: 101, link: 'https://example.com/post/1', quantity: 500 })).order
        // A month of orders was there before it.
        expect(order).toBeGreaterThan(400)
        expect(written).toMatch(/Desk +\S+\/desk +as owner@docket\.example/)
        firstKey = key
      } else {
        expect(await call({ action: 'balance' })).toEqual({ balance: '99.55000', currency: 'USD' })
        expect(await call({ action: 'status', order })).toMatchObject({ charge: '0.45000' })
        expect(key).toBe(firstKey)
        expect(written).toContain('-d action=status -d order=NUMBER')
      }
      await hasChildPanel(demo, written, server.url)
      expect(await call({ key: testKey, action: 'balance' })).toEqual({ balance: '10000.00000', currency: 'USD' })
      expect(await server.stop()).toBe(0)
      expect(processesIn(demo)).toEqual([])
    }
    expect((await docket(demo, ['audit'])).code).toBe(0)
  })
})

/** A panel that a customer of the demo has bought: it is open at the address that was told, and its orders are done by the demo. */
async function hasChildPanel(directory: string, written: string, url: string): Promise<void> {
  const [, address] = /Child +(\S+)/.exec(written)!
  const [, link] = /(http\S+:\d+\/desk\/welcome\/\S+)\n +Mails/.exec(written)!
  expect([new URL(address!).hostname, new URL(address!).port]).toEqual(['child.localhost', new URL(url).port])
  expect(link!.startsWith(address!)).toBe(true)
  const page = () => askPanel(url, 'child.localhost', new URL(link!).pathname, { headers: { accept: 'text/html' } })
  await eventually('its owner finds the way to its desk', async () => (await page()).status === 200)
  const listed = async () => JSON.parse((await docket(directory, ['child', 'list', '--json'])).out)
  expect(await listed()).toMatchObject([{ host: 'child.localhost', state: 'open', rent: '10.00000' }])
  // 200 without the rent of a month: what is missing beside it was ordered here by the panel.
  await eventually('its rent is paid, and its orders are charged here', async () => {
    const [{ owed, balance }] = await listed()
    return Number(owed) === 0 && Number(balance) < 190
  })
}

/** Starting a process is most of what a command costs: a few at once, each waiting for nobody. */
async function fewAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
    }),
  )
}

function startDemo(directory: string): Promise<ServerProcess> {
  const env = { ...commandEnvironment(), DOCKET_DATA: directory }
  return watch(spawn(process.execPath, [program, 'demo', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'pipe'] }))
}
