import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { makeWebhookSecret, signedHeaders } from '../../server/webhooks/signature.ts'
import { verifySamples } from '../../server/web/customer/hooks/verify-samples.ts'

const run = promisify(execFile)

interface Language {
  readonly program: string
  readonly version: string
  /** What the sample says of this message: a program around it prints true or false. */
  readonly says: (code: string, headers: object, body: string, secret: string) => Promise<string>
}

const base64 = (value: string) => Buffer.from(value).toString('base64')
const printed = async (program: string, ...words: string[]) => (await run(program, words)).stdout

const languages: Readonly<Record<(typeof verifySamples)[number]['id'], Language>> = {
  node: {
    program: process.execPath,
    version: '--version',
    says(code, headers, body, secret) {
      const asking = `console.log(isGenuine(${JSON.stringify(headers)}, ${JSON.stringify(body)}, ${JSON.stringify(secret)}))`
      return printed(process.execPath, '--input-type=module', '-e', `${code}\n${asking}`)
    },
  },
  python: {
    program: 'python3',
    version: '--version',
    says: (code, headers, body, secret) =>
      printed(
        'python3',
        '-c',
        `${code}\nimport json\nprint(str(is_genuine(json.loads(base64.b64decode('${base64(JSON.stringify(headers))}')), base64.b64decode('${base64(body)}'), '${secret}')).lower())`,
      ),
  },
  php: {
    program: 'php',
    version: '--version',
    says(code, headers, body, secret) {
      const asking = `echo json_encode(is_genuine(json_decode(base64_decode('${base64(JSON.stringify(headers))}'), true), base64_decode('${base64(body)}'), '${secret}'));`
      return printed('php', '-r', `${code.replace('<?php', '')}\n${asking}`)
    },
  },
  go: {
    program: 'go',
    version: 'version',
    says: (code, headers, body, secret) => withGoProgram(code, (program) => printed(program, JSON.stringify(headers), body, secret)),
  },
}

const GO_ASKING = `package main

import ("encoding/json"; "fmt"; "net/http"; "os")

func main() {
	given := map[string]string{}
	if err := json.Unmarshal([]byte(os.Args[1]), &given); err != nil {
		panic(err)
	}
	header := http.Header{}
	for name, value := range given {
		header.Set(name, value)
	}
	fmt.Print(isGenuine(header, []byte(os.Args[2]), os.Args[3]))
}`
let built: Promise<string> | undefined

/** Built once: a compiler is slow. */
async function withGoProgram<T>(code: string, work: (program: string) => Promise<T>): Promise<T> {
  built ??= (async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'docket-go-'))
    await writeFile(path.join(folder, 'hook.go'), code)
    await writeFile(path.join(folder, 'main.go'), GO_ASKING)
    await run('go', ['build', '-o', 'ask', 'hook.go', 'main.go'], { cwd: folder })
    return path.join(folder, 'ask')
  })()
  return work(await built)
}

afterAll(async () => {
  if (built !== undefined) await rm(path.dirname(await built), { recursive: true, force: true })
})

function isHere(program: string, version: string): boolean {
  try {
    execFileSync(program, [version], { stdio: 'ignore' })
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
    const { program, version, says } = languages[id]
    const here = isHere(program, version)
    const takes = async (headers: object, text = body): Promise<unknown> => JSON.parse(await says(code, headers, text, secret))

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
