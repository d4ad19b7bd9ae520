import { type AddressInfo, createServer, type Server } from 'node:net'
import { buildConnector } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { mayConnect } from '../../server/outgoing/address.ts'
import { openOutgoing, type Outgoing, type OutgoingSettings } from '../../server/outgoing/fetch.ts'
import { type FakeSupplier, type FaultName, openFakeSupplier } from '../support/fake-supplier.ts'

const PUBLIC = '93.184.216.34'
const SECRET = 'secret-key-4711'
const form = { key: SECRET, action: 'balance' }

const toClose: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of toClose.splice(0).toReversed()) await each.close()
})

function open(settings: Partial<OutgoingSettings> = {}): Outgoing {
  const outgoing = openOutgoing({ allowPrivate: true, ...settings })
  toClose.push(outgoing)
  return outgoing
}

async function fakeSupplier(): Promise<FakeSupplier> {
  const supplier = await openFakeSupplier()
  toClose.push(supplier)
  return supplier
}

/** Notes which addresses are dialled, and leads every one of them to this machine. */
function recordingDial() {
  const dialled: { address: string; servername: string | undefined }[] = []
  const connect = buildConnector({})
  const dial: buildConnector.connector = (target, done) => {
    dialled.push({ address: target.hostname, servername: target.servername })
    connect({ ...target, hostname: '127.0.0.1' }, done)
  }
  return { dialled, dial }
}

function portOf(supplier: FakeSupplier): string {
  return new URL(supplier.url).port
}

async function rawServer(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  toClose.push({ close: () => new Promise((resolve) => server.close(resolve)) })
  return (server.address() as AddressInfo).port
}

const inside = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '239.255.255.255',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::7f00:1',
  '::a00:1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  '64:ff9b:1::a00:1',
  '2001:0:7f00:1::',
  '2001:db8::1',
  '2002:7f00:1::',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
]

test.each(inside)('S5 the address %s is never connected to for a customer', (address) => {
  expect(mayConnect(address, false)).toBe(false)
})

test.each(['localhost', 'example.com', '', '127.0.0.1:80', '999.1.1.1'])('S5 what is no address ("%s") is not connected to', (address) => {
  expect(mayConnect(address, false)).toBe(false)
  expect(mayConnect(address, true)).toBe(false)
})

test.each([PUBLIC, '1.1.1.1', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34'])(
  'the public address %s is connected to',
  (address) => {
    expect(mayConnect(address, false)).toBe(true)
  },
)

test.each(['127.0.0.1', '10.1.2.3', '192.168.1.1', '::1', 'fd12::1', '100.64.0.1'])('an operator may have a supplier at %s', (address) => {
  expect(mayConnect(address, true)).toBe(true)
})

test.each(['169.254.169.254', '::ffff:169.254.169.254', '168.63.129.16', 'fd00:ec2::254', '224.0.0.1', '255.255.255.255', '0.0.0.0', '::'])(
  'S5 %s is no supplier even where private networks are allowed',
  (address) => {
    expect(mayConnect(address, true)).toBe(false)
  },
)

const literals = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '0x7f.1',
  '0x7f000001',
  '2130706433',
  '017700000001',
  '0177.0.0.1',
  '%31%32%37.0.0.1',
  '１２７.0.0.1',
  '0',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
]

test.each(literals)('S5 the literal %s in a URL reaches nobody, though a server listens there', async (host) => {
  const supplier = await fakeSupplier()
  const { dial, dialled } = recordingDial()
  const outgoing = open({ allowPrivate: false, dial })
  const url = `http://${host}:${portOf(supplier)}/api/v2`

  expect(await outgoing.post(url, form)).toMatchObject({ kind: 'not sent', reason: 'address' })
  expect(await outgoing.check(url)).toContain('is not on the public internet')
  expect(dialled).toEqual([])
  expect(supplier.connections()).toBe(0)
})

test('S5 a name that resolves to this machine reaches nobody', async () => {
  const supplier = await fakeSupplier()
  const outgoing = open({ allowPrivate: false })

  const outcome = await outgoing.post(`http://localhost:${portOf(supplier)}/api/v2`, form)

  expect(outcome).toMatchObject({ kind: 'not sent', reason: 'address' })
  expect(supplier.connections()).toBe(0)
})

test('S5 one private address among public ones refuses the name', async () => {
  const { dial, dialled } = recordingDial()
  const outgoing = open({ allowPrivate: false, dial, resolve: async () => [PUBLIC, '10.0.0.5'] })

  expect(await outgoing.post('http://panel.example/api/v2', form)).toMatchObject({ kind: 'not sent', reason: 'address' })
  expect(dialled).toEqual([])
})

test('S5 exactly the address that was checked is dialled, and the name stays for Host and TLS', async () => {
  const supplier = await fakeSupplier()
  const { dial, dialled } = recordingDial()
  let asked = 0
  const outgoing = open({
    allowPrivate: false,
    dial,
    resolve: async () => {
      asked += 1
      return asked === 1 ? [PUBLIC] : ['127.0.0.1']
    },
  })

  const outcome = await outgoing.post(`http://panel.example:${portOf(supplier)}/api/v2`, form)

  expect(outcome).toMatchObject({ kind: 'answered', status: 200 })
  expect(dialled).toEqual([{ address: PUBLIC, servername: 'panel.example' }])
  expect(asked).toBe(1)
})

test('S5 a name that answers public first and private second is refused at the second connection', async () => {
  const supplier = await fakeSupplier()
  const { dial, dialled } = recordingDial()
  const answers = [[PUBLIC], ['127.0.0.1']]
  const outgoing = open({ allowPrivate: false, dial, resolve: async () => answers.shift() ?? [] })
  const url = `http://rebinding.example:${portOf(supplier)}/api/v2`

  const first = await outgoing.post(url, form, { fresh: true })
  const second = await outgoing.post(url, form, { fresh: true })

  expect(first.kind).toBe('answered')
  expect(second).toMatchObject({ kind: 'not sent', reason: 'address' })
  expect(dialled.map(({ address }) => address)).toEqual([PUBLIC])
  expect(supplier.calls).toHaveLength(1)
})

test('the next address is tried when the first takes no connection', async () => {
  const supplier = await fakeSupplier()
  const outgoing = open({ resolve: async () => ['127.0.0.2', '127.0.0.1'] })

  const outcome = await outgoing.post(`http://panel.example:${portOf(supplier)}/api/v2`, form)

  expect(outcome.kind).toBe('answered')
})

test('a supplier in the operator’s own network is called where that is allowed', async () => {
  const supplier = await fakeSupplier()
  const outgoing = open({ allowPrivate: true })

  expect(await outgoing.post(supplier.url, { ...form, key: supplier.key })).toMatchObject({
    kind: 'answered',
    status: 200,
    contentType: 'application/json',
    text: '{"balance":"100.84292","currency":"USD"}',
  })
  expect(await outgoing.check(supplier.url)).toBeNull()
})

test.each([
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:70/',
  'javascript:alert(1)',
  'no address',
  '',
  '//example.com/api',
  'http://',
  `http://user:${SECRET}@127.0.0.1/`,
])('S5 only plain web addresses are called, not "%s"', async (url) => {
  const outcome = await open().post(url, form)

  expect(outcome).toMatchObject({ kind: 'not sent', reason: 'url' })
  expect(JSON.stringify(outcome)).not.toContain(SECRET)
})

test('S5 a redirect is an answer, and nobody follows it', async () => {
  const supplier = await fakeSupplier()
  supplier.fail('redirect', 'balance')

  expect(await open().post(supplier.url, form)).toMatchObject({ kind: 'answered', status: 302 })
  expect(supplier.strays()).toBe(0)
  expect(supplier.calls).toHaveLength(1)
})

const broken: readonly [FaultName, string][] = [
  ['lost reply', 'broken'],
  ['reset before reading', 'broken'],
  ['reset in the answer', 'broken'],
  ['too long an answer', 'size'],
  ['too long a header', 'size'],
]
test.each(broken)('H3 after "%s" nobody knows whether the request did its work', async (fault, reason) => {
  const supplier = await fakeSupplier()
  supplier.fail(fault, 'balance')

  expect(await open().post(supplier.url, form)).toMatchObject({ kind: 'unknown', reason })
})

test('H3 an answer cut short of its length is unknown, not an answer', async () => {
  const port = await rawServer(
    createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"order":1}'))
    }),
  )

  expect(await open().post(`http://127.0.0.1:${port}/`, form)).toMatchObject({ kind: 'unknown', reason: 'broken' })
})

test('H3 an answer without its last chunk is unknown, not an answer', async () => {
  const port = await rawServer(
    createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nb\r\n{"order":1}\r\n'))
    }),
  )

  expect(await open().post(`http://127.0.0.1:${port}/`, form)).toMatchObject({ kind: 'unknown', reason: 'broken' })
})

test('H3 a request that was written and not answered in time is unknown', async () => {
  const supplier = await fakeSupplier()
  supplier.fail('no answer', 'balance')

  expect(await open({ timeLimitMs: 3000 }).post(supplier.url, form)).toMatchObject({ kind: 'unknown', reason: 'time' })
  // On a slow machine it is read later than our limit.
  await expect.poll(() => supplier.calls.length, { timeout: 60_000 }).toBe(1)
})

test('the time limit holds for the whole call, however steadily an answer drips', async () => {
  const port = await rawServer(
    createServer((socket) => {
      socket.on('error', () => {})
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 5)
      socket.on('close', () => clearInterval(drip))
    }),
  )

  expect(await open({ timeLimitMs: 80 }).post(`http://127.0.0.1:${port}/`, form)).toMatchObject({ kind: 'unknown', reason: 'time' })
})

test('a call whose turn did not come in time was not sent, and is not sent later', async () => {
  const supplier = await fakeSupplier()
  const outgoing = open({ connections: 1 })
  supplier.fail('no answer', 'first')
  const first = outgoing.post(supplier.url, { action: 'first' }, { timeLimitMs: 200 })

  const second = await outgoing.post(supplier.url, { action: 'second' }, { timeLimitMs: 50 })
  const third = await outgoing.post(supplier.url, { action: 'third' })

  expect(second).toMatchObject({ kind: 'not sent', reason: 'time' })
  expect(await first).toMatchObject({ kind: 'unknown', reason: 'time' })
  expect(third.kind).toBe('answered')
  expect(supplier.calls.map(({ action }) => action)).toEqual(['first', 'third'])
})

test('a refused connection was not sent', async () => {
  const supplier = await openFakeSupplier()
  await supplier.close()

  expect(await open().post(supplier.url, form)).toMatchObject({ kind: 'not sent', reason: 'connect' })
})

test('after its end nothing is sent, whether or not it was used before', async () => {
  const supplier = await fakeSupplier()
  const [used, unused] = [open(), open()]
  expect(await used.post(supplier.url, form)).toMatchObject({ kind: 'answered' })
  for (const each of [used, unused]) {
    await each.close()
    expect(await each.post(supplier.url, form)).toMatchObject({ kind: 'not sent', reason: 'connect' })
  }
  expect(supplier.calls).toHaveLength(1)
})

test('a name that does not resolve was not sent', async () => {
  const outgoing = open({ resolve: () => Promise.reject(new Error(`ENOTFOUND ${SECRET}`)) })

  expect(await outgoing.post('http://nowhere.example/', form)).toEqual({
    kind: 'not sent',
    reason: 'dns',
    words: 'The name nowhere.example does not resolve',
  })
})

test('a name server that never answers was not sent', async () => {
  const outgoing = open({ resolve: () => new Promise(() => {}), timeLimitMs: 50 })

  expect(await outgoing.post('http://slow.example/', form)).toMatchObject({ kind: 'not sent', reason: 'time' })
})

test('a server that speaks no TLS gets no request', async () => {
  const supplier = await fakeSupplier()

  expect(await open().post(supplier.url.replace('http:', 'https:'), form)).toMatchObject({ kind: 'not sent', reason: 'tls' })
  expect(supplier.calls).toEqual([])
})

test('connections are kept and bounded', async () => {
  const supplier = await fakeSupplier()
  const outgoing = open({ connections: 3 })

  await Promise.all(Array.from({ length: 30 }, () => outgoing.post(supplier.url, form)))

  expect(supplier.calls).toHaveLength(30)
  expect(supplier.connections()).toBeLessThanOrEqual(3)
})

test('a fresh call never uses a kept connection', async () => {
  const supplier = await fakeSupplier()
  const outgoing = open()

  const opened: number[] = []
  for (const fresh of [false, true, false, true, false]) {
    await outgoing.post(supplier.url, form, { fresh })
    opened.push(supplier.connections())
  }

  expect(opened).toEqual([1, 2, 2, 3, 3])
})

const silent: readonly FaultName[] = ['lost reply', 'reset in the answer', 'too long an answer', 'too long a header', 'no answer']
test.each(silent)('after "%s" the words name neither the query nor the form', async (fault) => {
  const supplier = await fakeSupplier()
  supplier.fail(fault, 'balance')

  const outcome = await open({ timeLimitMs: 200 }).post(`${supplier.url}?token=${SECRET}`, form)

  expect(outcome.kind).toBe('unknown')
  expect(JSON.stringify(outcome)).not.toContain(SECRET)
  expect(JSON.stringify(outcome)).not.toContain('token')
})

test('where nothing was sent the words name neither the query nor the form', async () => {
  const supplier = await fakeSupplier()
  const closed = await openFakeSupplier()
  await closed.close()

  const outcomes = [
    await open().post(`${closed.url}?token=${SECRET}`, form),
    await open().post(`https://127.0.0.1:${portOf(supplier)}/?token=${SECRET}`, form),
    await open({ allowPrivate: false }).post(`${supplier.url}?token=${SECRET}`, form),
    await open().post(supplier.url, form, { headers: { 'x-signature': `${SECRET}\n` } }),
  ]

  expect(outcomes.map(({ kind }) => kind)).toEqual(['not sent', 'not sent', 'not sent', 'not sent'])
  expect(JSON.stringify(outcomes)).not.toContain(SECRET)
})

test('a refused name does not tell what it resolves to', async () => {
  const outgoing = open({ allowPrivate: false, resolve: async () => ['10.20.30.40'] })

  expect(await outgoing.check('https://intranet.example/hook')).toBe('intranet.example is not on the public internet')
})

test('a text is posted as it is, with the headers given', async () => {
  let request = ''
  const port = await rawServer(
    createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (chunk) => {
        request += chunk.toString()
        if (request.endsWith('}')) socket.end('HTTP/1.1 204 No Content\r\n\r\n')
      })
    }),
  )

  const outcome = await open().post(`http://127.0.0.1:${port}/hook?a=1`, '{"order":1}', { headers: { 'x-signature': 'abc' } })

  expect(outcome).toMatchObject({ kind: 'answered', status: 204, text: '' })
  expect(request).toMatch(/^POST \/hook\?a=1 HTTP\/1.1\r\n/)
  expect(request).toContain('content-type: application/json\r\n')
  expect(request).toContain('x-signature: abc\r\n')
  expect(request).toMatch(/\r\n\r\n\{"order":1\}$/)
})
