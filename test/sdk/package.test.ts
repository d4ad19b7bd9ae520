import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, transform } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serviceTypes } from '../../contract/service-types.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { eventually } from '../support/clients.ts'
import { freshFixture } from '../support/contract-fixture.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { shownExamples } from '../web/docs-page.ts'
import { type Packed, packSdk, root, run } from './packed.ts'

let packed: Packed
beforeAll(async () => {
  packed = await packSdk()
})
afterAll(() => packed?.remove())

const inProject = (...parts: string[]) => path.join(packed.project, ...parts)
const write = async (name: string, text: string) => {
  await writeFile(inProject(name), text)
  return inProject(name)
}

describe('the package', () => {
  test('is whole: its entries, its types, nothing besides', async () => {
    const pkgDir = inProject('node_modules/@docket/sdk')
    const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
    const own = JSON.parse(await readFile(path.join(pkgDir, 'package.json'), 'utf8')) as { dependencies?: object }
    expect(own.dependencies).toBeUndefined()
  })

  test('has types that are those of its programs, however it is found', async () => {
    const attw = path.join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
    const { stdout } = await run(process.execPath, [attw, packed.tarball, '--format', 'json'])
    expect((JSON.parse(stdout) as { problems?: unknown }).problems ?? []).toEqual({})
  })

  test('is less than 10 KB in a bundle, all of it, and needs nothing of Node', async () => {
    const entry = await write('all.mjs', `export * from '@docket/sdk'`)
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'browser',
    })
    expect(gzipSync(outputFiles[0]!.contents, { level: 9 }).length).toBeLessThan(10_000)
  })

  test('types: what is no order does not compile', async () => {
    const order = (fields: string) => `docket.orders.add({ ${fields} })`
    const link = `service: 1, link: 'x'`
    const right = [
      `${link}, quantity: 10`,
      `type: 'Poll', ${link}, quantity: '10', answer_number: 2`,
      `type: 'Web Traffic', ${link}, quantity: 10n, country: 'US', device: 5, type_of_traffic: 1, google_keyword: 'soap'`,
      `type: 'Web Traffic', ${link}, quantity: 10, country: 'US', device: 5, type_of_traffic: 3`,
      `type: 'Subscriptions', service: '1', username: 'u', min: 1, max: 2, delay: 30`,
      `type: 'Custom Comments', ${link}, comments: ['one', 'two']`,
    ]
    const wrong = [
      link,
      `type: 'Poll', ${link}, quantity: 10`,
      `type: 'Livestream', ${link}, quantity: 10`,
      `type: 'Poll', ${link}, quantity: 'ten', answer_number: 2`,
      `type: 'Package', ${link}, quantity: 10`,
      `type: 'Web Traffic', ${link}, quantity: 10, country: 'US', device: 5, type_of_traffic: 1`,
      `type: 'Subscriptions', service: 1, username: 'u', min: 1, max: 2, delay: 7`,
    ]
    const code = [
      `import { Docket, type OrderOf, PanelRefusal } from '@docket/sdk'`,
      `import { mockPanel } from '@docket/sdk/mock'`,
      `const panel = mockPanel()`,
      `const docket = new Docket({ url: panel.url, key: panel.key, fetch: panel.fetch })`,
      ...right.map((fields) => `void ${order(fields)}`),
      ...wrong.map((fields) => `// @ts-expect-error\nvoid ${order(fields)}`),
      `export const poll: OrderOf<'Poll'> = { type: 'Poll', service: 1, link: 'x', quantity: 1, answer_number: 1 }`,
      `export const isBroke = (error: unknown) => error instanceof PanelRefusal && error.code === 'not_enough_funds'`,
      `// @ts-expect-error\nexport const isMistyped = (error: PanelRefusal) => error.code === 'no_enough_funds'`,
      `export const balance: Promise<string> = docket.balance().then(({ balance }) => balance)`,
    ].join('\n')
    await write('types.mts', code)
    await write('types.cts', code)
    expect(await complaints(['types.mts', 'types.cts'], '--module', 'nodenext')).toBe('')
    expect(await complaints(['types.mts'], '--module', 'esnext', '--moduleResolution', 'bundler', '--types', '')).toBe('')
  })
})

/** What the compiler says, the package’s types included. */
async function complaints(files: string[], ...options: string[]): Promise<string> {
  const compiler = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable']
  const { stdout } = await run(process.execPath, [compiler, ...strict, ...options, ...files], { cwd: packed.project }).catch(
    (error: unknown) => error as { stdout: string },
  )
  return stdout
}

describe('at a Docket', () => {
  const docket = openDocket()
  const environment = (more: Record<string, string>) => ({ ...process.env, PANEL_URL: `${docket.node.url}/api/v2`, ...more })
  const work = `
    const docket = new Docket({ url: process.env.PANEL_URL, key: process.env.PANEL_KEY })
    const order = await docket.orders.add({ service: process.env.SERVICE, link: 'https://example.com/p', quantity: 10 }, { retryKey: 'mine' })
    const { status, charge } = await docket.orders.status(order)
    console.log(status, charge, JSON.stringify(await docket.balance()), mockPanel().balance())`
  const said = 'Pending 0.01000 {"balance":"99.99000","currency":"USD"} 100.00000\n'
  const imports = `import { Docket } from '@docket/sdk'\nimport { mockPanel } from '@docket/sdk/mock'`

  const consumers: readonly { name: string; start: () => Promise<readonly [string, ...string[]]>; needs?: readonly [string, string] }[] = [
    { name: 'an ES module', start: async () => [process.execPath, await write('esm.mjs', imports + work)] },
    {
      name: 'CommonJS',
      start: async () => {
        const requires = `const { Docket } = require('@docket/sdk')\nconst { mockPanel } = require('@docket/sdk/mock')`
        return [process.execPath, await write('cjs.cjs', `${requires}\nvoid (async () => {${work}})()`)]
      },
    },
    {
      name: 'a bundle',
      start: async () => {
        const outfile = inProject('bundle.mjs')
        await build({
          entryPoints: [await write('to-bundle.mjs', imports + work)],
          bundle: true,
          minify: true,
          format: 'esm',
          platform: 'node',
          outfile,
        })
        return [process.execPath, outfile]
      },
    },
    {
      name: 'Deno',
      needs: ['deno', '--version'],
      start: async () => [
        'deno',
        'run',
        '-A',
        '--node-modules-dir=manual',
        await write('deno.mjs', imports + work.replaceAll('process.env.', 'Deno.env.toObject().')),
      ],
    },
    { name: 'Bun', needs: ['bun', '--version'], start: async () => ['bun', await write('bun.mjs', imports + work)] },
  ]
  for (const { name, start, needs } of consumers) {
    const isHere = !needs || isInstalled(...needs)
    test.skipIf(!isHere)(`a project orders: ${name}${isHere ? '' : ' (not on this machine)'}`, async () => {
      const { key } = await docket.account({ balance: '100' })
      const service = await onSale(docket, { rate: '1' })
      const [program, ...words] = await start()
      const { stdout } = await run(program, words, { cwd: packed.project, env: environment({ PANEL_KEY: key, SERVICE: String(service) }) })
      expect(stdout).toBe(said)
    })
  }

  /** The contract’s fixture, with a service of every type, once the node sells them. */
  async function shopWithEveryType(): Promise<string> {
    const key = await freshFixture(docket.db, docket.clock.now())
    const sold = serviceTypes
      .map(({ name, example }) => ({ service: Number(example['service']), name, type: name, category: '', rate: '1', min: 1, max: 10_000 }))
      .filter(({ service }) => service !== 1448)
    await importServices(docket.db, readServiceList(JSON.stringify(sold.map((of) => ({ ...of, dripfeed: true })))))
    await eventually('the node hears of the services', async () => {
      const heard = (await docket.call({ key, action: 'services' })) as { service: number }[]
      return sold.every(({ service }) => heard.some((each) => each.service === service))
    })
    return key
  }

  test('the examples of the README compile, and run', async () => {
    const key = await shopWithEveryType()
    const readme = await readFile(path.join(root, 'sdk/README.md'), 'utf8')
    const examples = [...readme.matchAll(/```ts example\n([^]*?)```/g)].map(([, code]) => code!)
    expect(examples).toHaveLength(7)
    const files = await Promise.all(
      examples.map(async (code, at) => {
        await write(`example-${at}.mts`, code)
        await write(`example-${at}.mjs`, (await transform(code, { loader: 'ts' })).code)
        return `example-${at}.mts`
      }),
    )
    expect(await complaints(files, '--module', 'nodenext', '--types', 'node')).toBe('')

    const runner = await write(
      'readme.mjs',
      `for (const at of ${JSON.stringify(Object.keys(examples))}) {
        console.log('--')
        const { receive } = await import('./example-' + at + '.mjs')
        const message = new Request('http://shop.example', { method: 'POST', body: '{}' })
        if (receive) console.log((await receive(message)).status)
      }`,
    )
    const { stdout } = await run(process.execPath, [runner], {
      cwd: packed.project,
      env: environment({ PANEL_KEY: key, HOOK_SECRET: 'whsec_AAAA' }),
    })
    expect(stdout.split('--\n').slice(1)).toEqual([
      expect.stringMatching(/^\d+ Pending 1000 0\.90000\n$/),
      expect.stringMatching(/^\{ balance: '[\d.]+', currency: 'USD' \} 1512\n$/),
      'quantity_above_max - Quantity more than maximum 10000\n',
      '1 Partial\n10 Incorrect order ID\n100 In progress\n100 true\n7 Incorrect order ID\n',
      expect.stringMatching(/^1 Partial\n2 [A-Z].*\n$/),
      '400\n',
      '1 9.46000 Partial\n',
    ])
  })

  test('the programs of the docs page that use it compile, and run', async () => {
    const key = await shopWithEveryType()
    const shown = shownExamples(await (await fetch(`${docket.node.url}/en/api`)).text())
    const programs = new Map(shown.map(({ code, parameters }) => [code['sdk']!.replaceAll('YOUR_KEY', key), parameters]))
    expect(programs.size).toBeGreaterThan(30)
    const files = await Promise.all([...programs.keys()].map((code, at) => write(`page-${at}.mts`, `${code}\nexport {}\n`)))
    await Promise.all([...programs.keys()].map((code, at) => write(`page-${at}.mjs`, code)))
    expect(await complaints(files, '--module', 'nodenext')).toBe('')

    const runner = await write(
      'page.mjs',
      `console.log = () => {}
      for (let at = 0; at < ${programs.size}; at += 1)
        await import('./page-' + at + '.mjs').then(() => console.info('fine'), ({ code, message }) => console.info(code ?? message))`,
    )
    const { stdout } = await run(process.execPath, [runner], { cwd: packed.project })
    const said = stdout.trim().split('\n')
    expect(said.filter((word) => word !== 'fine').toSorted()).toEqual(['incorrect_order', 'price_above_max_charge'])
  })
})

function isInstalled(program: string, ...words: string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
