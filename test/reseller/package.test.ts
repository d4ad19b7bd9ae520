import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/clients.ts'
import { freshFixture } from '../support/contract-fixture.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { blocksOf } from '../docs/markdown.ts'
import { serviceTypes } from '../../contract/service-types.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { exec, type Packed, packCommand } from './packed.ts'

/** RESELLER_LINES=100000 takes some minutes. */
const LINES = Number(process.env['RESELLER_LINES'] ?? 2000)

const docket = openDocket()
let packed: Packed
beforeAll(async () => {
  packed = await packCommand()
})
afterAll(() => packed?.remove())

/** The environment of a user who has nothing but Node. */
const environment = (more: Record<string, string> = {}) => ({
  PATH: `${packed.folder}/bin:${process.env['PATH']}`,
  HOME: packed.folder,
  XDG_CONFIG_HOME: path.join(packed.folder, 'config'),
  ...more,
})
const start = (words: readonly string[], more: Record<string, string>) =>
  spawn(process.execPath, [packed.command, ...words], { cwd: packed.folder, env: environment(more) })

async function ended(child: ReturnType<typeof start>) {
  const [out, err, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { out, err, code: code as number | null, signal: signal as string | null }
}

describe('the package', () => {
  test('is a command, its licence and nothing besides, and needs nothing but Node', async () => {
    expect(packed.files.toSorted()).toEqual(['README.md', 'dist/docket-order.js', 'docket-order.mjs', 'package.json'])
    const own = JSON.parse(await readFile(path.join(packed.folder, 'installed/package.json'), 'utf8')) as Record<string, unknown>
    expect(own['dependencies']).toBeUndefined()
    const { stdout } = await exec(process.execPath, [packed.command, '--version'], { env: environment() })
    expect(stdout).toBe('0.1.0\n')
    // The parser of its arguments is in it, and asks for its licence to be kept.
    expect(await readFile(path.join(packed.folder, 'installed/dist/docket-order.js'), 'utf8')).toContain('TJ Holowaychuk')
  })

  test('tells an old Node in one sentence which one is needed', async () => {
    const older = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"18.20.4"}})'
    await expect(exec(process.execPath, ['--import', older, packed.command, '--version'])).rejects.toMatchObject({
      code: 1,
      stderr: 'docket-order: Node 20 or newer is needed; this is Node 18.20.4.\n',
    })
  })

  test('its README works as it stands there', async () => {
    const key = await freshFixture(docket.db, docket.clock.now())
    const comments = serviceTypes.find(({ name }) => name === 'Custom Comments')!.example['service']
    const entry = { service: Number(comments), name: 'Comments', type: 'Custom Comments', category: '', rate: '1', min: 1, max: 100 }
    await importServices(docket.db, readServiceList(JSON.stringify([entry])))
    await eventually('the node sells it', async () => {
      const list = (await docket.call({ key, action: 'services' })) as { service: number }[]
      return list.some(({ service }) => service === entry.service)
    })
    await exec('mkdir', ['-p', path.join(packed.folder, 'bin')])
    await chmod(packed.command, 0o755)
    await symlink(packed.command, path.join(packed.folder, 'bin/docket-order'))
    await writeFile(path.join(packed.folder, 'acme.key'), `${key}\n`)
    const readme = await readFile(fileURLToPath(new URL('../../reseller/README.md', import.meta.url)), 'utf8')
    let run = 0
    for (const { language, text: block } of blocksOf(readme)) {
      if (language === 'csv') await writeFile(path.join(packed.folder, 'orders.csv'), block)
      if (language !== 'sh') continue
      const here = block.replaceAll('https://panel.example', docket.node.url!)
      const said = await ended(spawn('bash', ['-euo', 'pipefail', '-c', here], { cwd: packed.folder, env: environment() }))
      expect({ block, ...said }).toMatchObject({ block, code: 0 })
      expect(said.out + said.err).not.toContain(key)
      run += 1
    }
    expect(run).toBe(5)
    expect(await readFile(path.join(packed.folder, 'orders.result.csv'), 'utf8')).toMatch(
      /^service,link,quantity,my reference,order,charge,state,error\r\n1448,https:\/\/example.com\/p\/1,1000,A-1,\d+,0.90000,placed,\r\n/,
    )
  })

  const shells: readonly (readonly [shell: string, script: string])[] = [
    ['bash', 'COMP_WORDS=(docket-order order mass --ski); COMP_CWORD=3; _docket_order; echo "${COMPREPLY[@]}"'],
    [
      'zsh',
      '_describe() { print -l -- ${(P)${@[-1]}} | grep -o -- "^--ski[a-z-]*" }; words=(docket-order order mass --ski); CURRENT=4; _docket_order',
    ],
    ['fish', 'complete -C "docket-order order mass --ski" | string split -f1 \\t'],
  ]
  for (const [shell, script] of shells) {
    const isHere = spawnSync(shell, ['--version']).status === 0
    test.skipIf(!isHere)(`${shell} completes its words${isHere ? '' : ' (not on this machine)'}`, async () => {
      const file = path.join(packed.folder, `completion.${shell}`)
      await writeFile(file, (await exec(process.execPath, [packed.command, 'completion', shell], { env: environment() })).stdout)
      const load = shell === 'zsh' ? `compdef() { :; }; source ${file}` : `source ${file}`
      const bare = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] }[shell]!
      const { stdout } = await exec(shell, [...bare, '-c', `${load}; ${script}`], { env: environment() })
      expect(stdout.trim()).toBe('--skip-faulty')
    })
  }
})

const hasTerminal = spawnSync('script', ['--version']).status === 0
describe.skipIf(!hasTerminal)(`at a terminal${hasTerminal ? '' : ' (no script on this machine)'}`, () => {
  /** The command at a terminal of its own; `typed` is typed once it asks. Answers what the terminal showed. */
  async function typedAt(words: string, asks: string, typed: string, more: Record<string, string> = {}) {
    const child = spawn('script', ['-qec', `"${process.execPath}" "${packed.command}" ${words}`, '/dev/null'], {
      cwd: packed.folder,
      env: environment(more),
    })
    let shown = ''
    child.stdout.on('data', (part: Buffer) => void (shown += part.toString()))
    await eventually('it asks', () => shown.includes(asks) || undefined)
    child.stdin.write(typed)
    const [code] = await once(child, 'close')
    return { code: code as number, shown }
  }

  test('a key that is typed is not shown', async () => {
    const { key } = await docket.account({ balance: '12' })
    const { code, shown } = await typedAt(`login typed --url ${docket.node.url}/api/v2`, 'API key for', `${key}\r`)
    expect({ code, shown }).toMatchObject({ code: 0, shown: expect.stringContaining('Balance: 12.00000 USD') })
    expect(shown).not.toContain(key)
  })

  test('Ctrl-C at a question ends it, and nothing is kept', async () => {
    const { code, shown } = await typedAt(`login gone --url ${docket.node.url}/api/v2`, 'API key for', '\u0003')
    expect({ code, shown }).toMatchObject({ code: 130, shown: expect.stringContaining('Interrupted') })
  })

  test('a mass order tells its price, asks, and shows how far it is', async () => {
    const { key } = await docket.account({ balance: '12' })
    const service = await onSale(docket, { rate: '1' })
    const rows = Array.from({ length: 300 }, (_, at) => `${service},https://example.com/asked/${at},10`)
    await writeFile(path.join(packed.folder, 'asked.csv'), `service,link,quantity\n${rows.join('\n')}\n`)
    const env = { PANEL_URL: `${docket.node.url}/api/v2`, PANEL_KEY: key }
    const no = await typedAt('order mass asked.csv', 'Order? [y/N]', '\r', env)
    expect(no.code).toBe(0)
    expect(await docket.balance(key)).toBe('12.00000')
    const yes = await typedAt('order mass asked.csv', 'Order? [y/N]', 'y\r', env)
    expect(yes.code).toBe(0)
    expect(yes.shown).toContain('It costs about 3.00 USD')
    expect(yes.shown).toMatch(/Ordering █*░+ \d+\/300, \d+\/s/)
    expect(yes.shown).toContain('300 placed, 0 refused')
    expect(await docket.balance(key)).toBe('9.00000')
  })
})

describe('a mass order at a Docket', () => {
  /** An account that can pay for a file of as many orders, each with a link of its own. */
  async function prepared(name: string) {
    const { key, account } = await docket.account({ balance: '1000' })
    const service = await onSale(docket, { rate: '1' })
    const lines = Array.from({ length: LINES }, (_, at) => `${service},https://example.com/${name}/${at},10`)
    const file = path.join(packed.folder, `${name}.csv`)
    await writeFile(file, `service,link,quantity\n${lines.join('\n')}\n`)
    const env = { PANEL_URL: `${docket.node.url}/api/v2`, PANEL_KEY: key }
    const placed = async () => {
      const { rows } = await docket.db.query<{ orders: number; links: number }>(
        `select count(*)::int as orders, count(distinct link)::int as links from orders join books on books.id = orders.book_id where books.account_id = $1`,
        [account],
      )
      return rows[0]!
    }
    return { key, file, env, placed, words: ['order', 'mass', file, '--yes'], result: path.join(packed.folder, `${name}.result.csv`) }
  }

  test('killed in the middle and run again, it orders each line once, in less than 150 MB', async () => {
    const { key, env, placed, words, result } = await prepared('killed')
    for (const part of [0.2, 0.6]) {
      const killed = start(words, env)
      await eventually('a part is placed', async () => (await placed()).orders >= LINES * part || undefined)
      killed.kill('SIGKILL')
      expect(await ended(killed)).toMatchObject({ signal: 'SIGKILL' })
    }
    expect((await placed()).orders).toBeLessThan(LINES)
    const atItsEnd = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + ' KiB'))`
    const watcher = `data:text/javascript,${encodeURIComponent(atItsEnd)}`
    const last = await ended(start(words, { ...env, NODE_OPTIONS: `--import ${watcher}` }))
    expect(last).toMatchObject({ code: 0, out: expect.stringMatching(`^${LINES} placed, 0 refused, 0 unknown, 0 faulty, 0 left\n`) })
    expect(last.err).toContain('In earlier runs:')
    expect(Number(/peak (\d+) KiB/.exec(last.err)![1]) / 1024).toBeLessThan(150)
    expect(await placed()).toEqual({ orders: LINES, links: LINES })
    expect(await docket.balance(key)).toBe((1000 - LINES * 0.01).toFixed(5))

    const rows = (await readFile(result, 'utf8')).trimEnd().split('\r\n').slice(1)
    expect(rows).toHaveLength(LINES)
    expect(new Set(rows.map((row) => row.split(',')[3])).size).toBe(LINES)
    expect(rows.every((row) => row.endsWith(',0.01000,placed,'))).toBe(true)
  })

  test('Ctrl-C ends it well: what is on its way is waited for, and the same command goes on', async () => {
    const { env, placed, words } = await prepared('stopped')
    const stopped = start(words, env)
    await eventually('a part is placed', async () => (await placed()).orders >= LINES / 10 || undefined)
    stopped.kill('SIGINT')
    const said = await ended(stopped)
    expect(said).toMatchObject({ code: 130, signal: null })
    const { orders } = await placed()
    expect(said.out).toMatch(new RegExp(`^${orders} placed, 0 refused, 0 unknown, 0 faulty, ${LINES - orders} left\n`))
    expect(await ended(start(words, env))).toMatchObject({ code: 0 })
    expect(await placed()).toEqual({ orders: LINES, links: LINES })
  })
})
