import { describe, expect, test } from 'vitest'
import { Docket, type Options } from '../../sdk/src/index.ts'

type Answer = Response | Error | ((init: RequestInit) => Promise<Response>)

/** A client whose answers come one after the other; the last stays. Tells what was sent and how long was waited. */
function client(answers: readonly Answer[], options: Partial<Options> = {}) {
  const sent: { url: string; init: RequestInit }[] = []
  const waits: number[] = []
  const fetch = async (url: string, init: RequestInit) => {
    const answer = answers[Math.min(sent.length, answers.length - 1)]!
    sent.push({ url, init })
    if (answer instanceof Error) throw answer
    return typeof answer === 'function' ? answer(init) : answer.clone()
  }
  const wait = async (ms: number) => {
    waits.push(ms)
  }
  return { docket: new Docket({ url: 'https://panel.example/api/v2', key: 'sécret', fetch, wait, ...options }), sent, waits }
}

const json = (value: unknown, init?: ResponseInit) => new Response(JSON.stringify(value), init)
const balance = json({ balance: '1.00000', currency: 'USD' })
const never = ({ signal }: RequestInit) =>
  new Promise<Response>((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error)))

describe('a question', () => {
  test('is a form with the key in its body, and no redirect is followed', async () => {
    const { docket, sent } = client([balance])
    await docket.balance()
    expect(sent).toMatchObject([
      { url: 'https://panel.example/api/v2', init: { method: 'POST', redirect: 'manual', body: 'key=s%C3%A9cret&action=balance' } },
    ])
  })

  test('is asked again after pauses that double, and gives up in the end', async () => {
    const { docket, sent, waits } = client([new Response('<h1>502</h1>', { status: 502 })])
    await expect(docket.balance()).rejects.toMatchObject({ name: 'NoAnswer', reason: 'server', message: 'HTTP 502: <h1>502</h1>' })
    expect(sent).toHaveLength(5)
    for (const [at, ms] of waits.entries()) {
      expect(ms).toBeGreaterThanOrEqual(250 * 2 ** at)
      expect(ms).toBeLessThanOrEqual(500 * 2 ** at)
    }
  })

  test('waits as long as the panel asks, in seconds or until a date', async () => {
    const busy = (retryAfter: string) => json({ error: 'Too many requests' }, { status: 429, headers: { 'retry-after': retryAfter } })
    const { docket, waits } = client([busy('7'), busy(new Date(Date.now() + 30_000).toUTCString()), balance])
    expect(await docket.balance()).toEqual({ balance: '1.00000', currency: 'USD' })
    expect(waits[0]).toBe(7000)
    expect(waits[1]).toBeGreaterThan(20_000)
    expect(waits[1]).toBeLessThanOrEqual(30_000)
  })

  test('is not asked again when the panel asks for a longer pause than is wanted', async () => {
    const { docket, sent } = client([json({ error: 'Too many requests' }, { status: 429, headers: { 'retry-after': '3600' } })])
    await expect(docket.balance()).rejects.toMatchObject({ code: 'too_many_requests', retryAfter: 3600 })
    expect(sent).toHaveLength(1)
  })

  test('is not asked again when the answer was a no', async () => {
    const { docket, sent } = client([json({ error: 'Invalid API key' })])
    await expect(docket.balance()).rejects.toMatchObject({ code: 'invalid_key', about: 'caller' })
    expect(sent).toHaveLength(1)
  })

  test('that is not answered in time is asked again', async () => {
    const { docket, sent } = client([never, balance], { timeoutMs: 20 })
    expect(await docket.balance()).toMatchObject({ balance: '1.00000' })
    expect(sent).toHaveLength(2)
  })

  test('ends with the caller’s own signal, while it is asked and while it waits', async () => {
    const asked = client([never])
    const stop = new AbortController()
    const balance = asked.docket.balance({ signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(balance).rejects.toThrow('enough')
    await expect(asked.docket.balance({ signal: stop.signal })).rejects.toThrow('enough')
    expect(asked.sent).toHaveLength(1)

    const waiting = new AbortController()
    const fetch = async () => {
      setImmediate(() => waiting.abort(new Error('enough')))
      return new Response('', { status: 500 })
    }
    const docket = new Docket({ url: 'https://panel.example', key: 'k', fetch })
    await expect(docket.balance({ signal: waiting.signal })).rejects.toThrow('enough')
  })

  test('never shows the key in an error', async () => {
    const { docket } = client([json({ error: 'Invalid API key sécret' })])
    await expect(docket.balance()).rejects.toThrow('Invalid API key (key)')
    const broken = client([new TypeError('cannot reach https://x/?key=s%C3%A9cret')], { retries: 0 })
    await expect(broken.docket.balance()).rejects.toThrow('cannot reach https://x/?key=(key)')
  })
})

describe('values', () => {
  test('money keeps every digit, however it is written', async () => {
    const amounts = { '0.90': '"0.90"', '0.3': '0.30000000000000004', '12345678.12345': '12345678.12345', '1234.50': '"1,234.50"', '0.000025': '2.5e-5', '2.5': '"2,5"' } // prettier-ignore
    for (const [read, written] of Object.entries(amounts)) {
      const { docket } = client([new Response(`{"balance":${written}}`)])
      expect([written, Number((await docket.balance()).balance)]).toEqual([written, Number(read)])
    }
    const { docket } = client([new Response('{"balance":99999999999999.12345}')])
    expect((await docket.balance()).balance).toBe('99999999999999.12345')
  })

  test('an id of nineteen digits keeps them all', async () => {
    const { docket } = client([new Response('{"order":9007199254740993123}')])
    expect(await docket.orders.add({ service: 1, link: 'x', quantity: 1 })).toBe('9007199254740993123')
  })

  test('what is not whole, or would be two comments, is not sent', async () => {
    const { docket, sent } = client([json({ order: 1 })])
    for (const quantity of [10.9, Number.NaN, 1e21])
      await expect(docket.orders.add({ service: 1, link: 'x', quantity })).rejects.toThrow(TypeError)
    await expect(docket.orders.add({ type: 'Custom Comments', service: 1, link: 'x', comments: ['one\ntwo'] })).rejects.toThrow(TypeError)
    expect(sent).toHaveLength(0)
    await docket.orders.add({ type: 'Custom Comments', service: 1, link: 'x', comments: ['Nice one, really', 'two'] })
    expect(new URLSearchParams(sent[0]!.init.body as string).get('comments')).toBe('Nice one, really\ntwo')
  })

  test('any other action can be called, and is sent once', async () => {
    const { docket, sent } = client([new Response('{"lines":[{"line":5,"amount":-1.44219}]}')])
    expect(await docket.call('ledger', { cursor: '4' })).toEqual({ lines: [{ line: '5', amount: '-1.44219' }] })
    expect(sent[0]!.init.body).toBe('key=s%C3%A9cret&action=ledger&cursor=4')
  })
})
