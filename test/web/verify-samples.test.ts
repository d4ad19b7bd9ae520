import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { makeWebhookSecret, signedHeaders } from '../../server/webhooks/signature.ts'
import { verifySamples } from '../../server/web/customer/hooks/verify-samples.ts'

const run = promisify(execFile)

interface Language {
  readonly program: string
  readonly words: (code: string) => string[]
  /** A program that prints whether the sample takes this message. */
  readonly ask: (code: string, headers: object, body: string, secret: string) => string
}

const base64 = (value: string) => Buffer.from(value).toString('base64')

const languages: Readonly<Record<(typeof verifySamples)[number]['id'], Language>> = {
  node: {
    program: process.execPath,
    words: (code) => ['--input-type=module', '-e', code],
    ask: (code, headers, body, secret) =>
      `${code}\nconsole.log(isGenuine(${JSON.stringify(headers)}, ${JSON.stringify(body)}, ${JSON.stringify(secret)}))`,
  },
  python: {
    program: 'python3',
    words: (code) => ['-c', code],
    ask: (code, headers, body, secret) =>
      `${code}\nimport json\nprint(str(is_genuine(json.loads(base64.b64decode('${base64(JSON.stringify(headers))}')), base64.b64decode('${base64(body)}'), '${secret}')).lower())`,
  },
  php: {
    program: 'php',
    words: (code) => ['-r', code.replace('<?php', '')],
    ask: (code, headers, body, secret) =>
      `${code}\necho json_encode(is_genuine(json_decode(base64_decode('${base64(JSON.stringify(headers))}'), true), base64_decode('${base64(body)}'), '${secret}'));`,
  },
}

function isHere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('how to check our signature', () => {
  const secret = makeWebhookSecret()
  const other = makeWebhookSecret()
  const body = '{"type":"order.completed","data":{"order":1,"link":"https://example.com/ü"}}'
  const now = new Date()
  const signed = (secrets: string[], at = now) => ({ ...signedHeaders(secrets, 'msg_7_1042', at, body) })

  for (const { id, name, code } of verifySamples) {
    const { program, words, ask } = languages[id]
    const here = isHere(program)
    const takes = async (headers: object, text = body) => JSON.parse((await run(program, words(ask(code, headers, text, secret)))).stdout)

    test.skipIf(!here)(`${name} takes what is ours, and nothing else${here ? '' : ` (not on this machine: ${program})`}`, async () => {
      expect(await takes(signed([secret]))).toBe(true)
      expect(await takes(signed([other, secret]))).toBe(true)
      expect(await takes(signed([other]))).toBe(false)
      expect(await takes(signed([secret]), body.replace('1', '2'))).toBe(false)
      expect(await takes({ ...signed([secret]), 'webhook-id': 'msg_7_1043' })).toBe(false)
      expect(await takes(signed([secret], new Date(now.getTime() - 600_000)))).toBe(false)
      expect(await takes({})).toBe(false)
      expect(await takes({ ...signed([secret]), 'webhook-signature': 'v1,' })).toBe(false)
    })
  }
})
