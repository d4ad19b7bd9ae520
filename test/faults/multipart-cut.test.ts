import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { readMultipart } from '../../server/requests/multipart.ts'
import { openChance } from '../fuzz/random.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { ownPages } from '../support/own-pages.ts'

const TYPE = 'multipart/form-data; boundary=b'
const part = (name: string, value: string, more = '') => `--b\r\ncontent-disposition: form-data; ${name}${more}\r\n\r\n${value}\r\n`
const FILE = '; filename="orders.csv"\r\ncontent-type: text/csv'
const FORM = `before\r\n${part('name="csrf"', 'x')}${part('name="file"', '101|a|10\n', FILE)}${part('name="a"', 'é')}${part('x="y"', 'z', FILE)}--b--\r\n`

const waysOfFiles = ['whole', 'streamed', 'skipped'] as const
type Files = (typeof waysOfFiles)[number]

/** What readMultipart made of a body that came in pieces of this size. */
async function read(
  body: Buffer,
  { piece = body.length || 1, files = 'whole' }: { piece?: number; files?: Files } = {},
): Promise<string[] | 'refused'> {
  const pieces = Array.from({ length: Math.ceil(body.length / piece) }, (_, at) => body.subarray(at * piece, (at + 1) * piece))
  const seen: string[] = []
  const reader = {
    limits: { fieldSize: 100, fileSize: 100, files: 2 },
    onField: (name: string, value: string) => void seen.push(`${name}=${value}`),
    ...(files === 'whole' && { onFile: (name: string, bytes: Buffer) => void seen.push(`${name}: ${bytes.toString()}`) }),
    ...(files === 'streamed' && {
      onStream: async (name: string, bytes: AsyncIterable<Buffer>) => {
        const chunks: Buffer[] = []
        for await (const chunk of bytes) chunks.push(chunk)
        seen.push(`${name}: ${Buffer.concat(chunks).toString()}`)
      },
    }),
  }
  return readMultipart(TYPE, Readable.from(pieces), reader).then(
    () => seen,
    () => 'refused',
  )
}

describe('a form with files that is cut off or damaged', () => {
  test('is read or refused wherever it ends, in pieces of any size; nothing is thrown that nobody catches', async () => {
    const whole = Buffer.from(FORM)
    const complete = ['csrf=x', 'file: 101|a|10\n', 'a=é']
    for (const files of ['whole', 'streamed'] as const)
      for (const piece of [1, 7, whole.length]) expect((await read(whole, { piece, files }) as string[]).toSorted()).toEqual(complete.toSorted()) // prettier-ignore
    for (const files of waysOfFiles) {
      for (let end = 0; end < whole.length - '--\r\n'.length; end += 1) {
        for (const piece of [end || 1, 16]) expect([end, await read(whole.subarray(0, end), { piece, files })]).toEqual([end, 'refused'])
      }
    }
  })

  test('is read or refused with any bytes changed, left out or repeated', async () => {
    const chance = openChance(11)
    const outcomes = new Set<string>()
    for (let round = 0; round < 3000; round += 1) {
      let body: Buffer = Buffer.from(FORM)
      for (let count = chance.below(4); count >= 0; count -= 1) body = damaged(body, chance)
      const outcome = await read(body, { piece: chance.below(body.length) + 1, files: chance.one(waysOfFiles) })
      outcomes.add(outcome === 'refused' ? outcome : 'read')
    }
    expect(outcomes).toEqual(new Set(['read', 'refused']))
  })

  test('a file that is streamed comes no faster than it is read, and what its reader leaves is dropped', async () => {
    const large = Buffer.from(part('name="large"', 'x'.repeat(2_000_000), FILE) + part('name="a"', 'é') + '--b--\r\n')
    let sent = 0
    const pieces = async function* () {
      for (let at = 0; at < large.length; at += 10_000) {
        sent = at
        yield large.subarray(at, at + 10_000)
      }
    }
    const seen: string[] = []
    let sentAtFirst = 0
    const onStream = async (name: string, bytes: AsyncIterable<Buffer>) => {
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      sentAtFirst = sent
      for await (const chunk of bytes) {
        seen.push(`${name}: ${chunk.subarray(0, 1).toString()}`)
        break
      }
    }
    const onField = (name: string, value: string) => void seen.push(`${name}=${value}`)
    await readMultipart(TYPE, Readable.from(pieces()), { limits: { fieldSize: 100 }, onField, onStream })
    expect(sentAtFirst).toBeLessThan(large.length / 2)
    expect(seen).toEqual(['large: x', 'a=é'])
  })

  test('a fault of whoever takes a field or a file is told to whoever reads the form', async () => {
    const broken = () => {
      throw new Error('broken')
    }
    const limits = { fieldSize: 100 }
    await expect(readMultipart(TYPE, Buffer.from(FORM), { limits, onField: broken })).rejects.toThrow('broken')
    await expect(readMultipart(TYPE, Buffer.from(FORM), { limits, onField: () => {}, onFile: broken })).rejects.toThrow('broken')
    await expect(readMultipart(TYPE, Buffer.from(FORM), { limits, onField: () => {}, onStream: async () => broken() })).rejects.toThrow('broken') // prettier-ignore
    await expect(readMultipart('multipart/form-data', Buffer.from(FORM), { limits, onField: broken })).rejects.toThrow('Boundary')
  })
})

function damaged(body: Buffer, chance: ReturnType<typeof openChance>): Buffer {
  const [from, to] = [chance.below(body.length + 1), chance.below(body.length + 1)].toSorted((one, other) => one - other) as [
    number,
    number,
  ]
  switch (chance.below(4)) {
    case 0:
      return body.subarray(0, from)
    case 1:
      return Buffer.concat([body.subarray(0, from), body.subarray(to)])
    case 2:
      return Buffer.concat([body.subarray(0, to), body.subarray(from)])
    default: {
      const changed = Buffer.from(body)
      if (changed.length > 0) changed[chance.below(changed.length)] = chance.one([0, 10, 13, 34, 45, 58, 59, 61, 255])
      return changed
    }
  }
}

describe('a form with a file that ends in the middle of the file', () => {
  const docket = openDocket()

  test('is refused on every page that takes one, and by the API, and the node goes on answering', async () => {
    const me = await ownPages(docket)
    const desk = await openDesk(docket)
    const { key } = await docket.account()
    const { html } = await me.get('/order')
    const asCustomer = { cookie: `docket-session=${me.token}; language=en`, 'x-csrf-token': me.hidden(html, 'csrf') }
    const ways = [
      ['/mass-order', asCustomer],
      ['/funds/payments/1/proof', asCustomer],
      ['/desk/settings/look', { cookie: desk.cookie }],
      ['/api/v2', {}],
    ] as const
    const half = part('name="key"', key) + part('name="action"', 'balance') + part('name="file"', 'x'.repeat(3000), FILE).slice(0, -10)
    for (const [path, headers] of ways) {
      const sent = { method: 'POST', body: half, redirect: 'manual', headers: { ...headers, 'content-type': TYPE, origin: docket.node.url! } } // prettier-ignore
      const { status } = await fetch(docket.node.url + path, sent as RequestInit)
      expect([path, status]).toEqual([path, expect.toSatisfy((code: number) => code < 500)])
    }
    expect(await docket.balance(key)).toBe('100.00000')
  })
})
