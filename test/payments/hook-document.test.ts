import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import type { Call } from '../../server/payments/gateway.ts'
import { signedHook } from '../../server/payments/gateways/signed-hook.ts'
import { blocksOf, readPage } from '../docs/markdown.ts'
import { openWith } from './opened.ts'

const run = promisify(execFile)

/** A server that answers 200 and keeps what it got. */
async function openHook(): Promise<{ readonly url: string; readonly calls: Call[] }> {
  const calls: Call[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      calls.push({ method: request.method ?? '', body: Buffer.concat(chunks), headers, query: new URLSearchParams(), address: '127.0.0.1' })
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/payments/token`, calls }
}

test.each([
  ['js', process.execPath, ['--input-type=module', '--eval'], { id: 'FT26032500017', amount: { digits: 10310n, places: 2 } }],
  ['bash', 'bash', ['-c'], { id: 'FT26032500018', amount: { digits: 50n, places: 0 } }],
] as const)('the example in %s of docs/payments-hook.md sends a transfer that is credited', async (language, command, options, receipt) => {
  const hook = await openHook()
  const secret = `whsec_${randomBytes(24).toString('base64')}`
  const block = blocksOf(await readPage('docs/payments-hook.md')).find((each) => each.language === language)
  const { stdout } = await run(command, [...options, block!.text], { env: { ...process.env, HOOK: hook.url, SECRET: secret } })
  expect(stdout.trim()).toBe('200')
  const open = openWith(signedHook, { account: 'DE89370400440532013000', secrets: secret })
  expect(open.heard(hook.calls[0]!)).toMatchObject({
    kind: 'heard',
    told: { reference: 'K7MP3XQ9RT4W', state: 'paid', receipts: [receipt] },
  })
})
