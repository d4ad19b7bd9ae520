import pino from 'pino'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readMail } from '../../server/mails/mailbox.ts'
import { openSecret } from '../../server/secret.ts'
import { openWebhookWorker } from '../../server/webhooks/worker.ts'
import { signedHeaders } from '../../server/webhooks/signature.ts'
import { openDocket } from '../support/docket.ts'
import { insideParts } from '../support/inside.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { PASSWORD } from '../support/people.ts'
import { openReceiver, type Receiver } from '../webhooks/receiver.ts'
import { move, place, serviceOnSale } from '../webhooks/shop.ts'

const SECRET = 'a secret of at least thirty-two characters'

describe('the pages of webhooks', () => {
  const docket = openDocket({ DOCKET_SECRET: SECRET }, insideParts)
  const outgoing = insideParts.openWebhookOutgoing()
  let service: number
  let receiver: Receiver
  let me: OwnPages

  beforeAll(async () => {
    service = await serviceOnSale(docket)
  })
  beforeEach(async () => {
    receiver = await openReceiver()
    me = await ownPages(docket)
  })
  afterEach(() => receiver.close())

  async function deliver() {
    const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
    const worker = openWebhookWorker({
      db: docket.db,
      now: docket.clock.now,
      log: pino({ level: 'silent' }),
      secret,
      outgoing,
      site: { name: 'Docket', url: 'https://docket.example' },
    })
    await worker.turn()
    await worker.idle()
    await worker.stop()
  }

  const EVENTS = { 'event-order-all': 'on', 'event-refill-all': 'on', 'event-balance-low': 'on' }

  async function sendForm(fields: Record<string, string> = {}) {
    const { html } = await me.get('/webhooks/new')
    const form = { url: receiver.url, money: 'live', form: me.hidden(html, 'form'), ...EVENTS, ...fields }
    return { ...(await me.post('/webhooks/new', form)), again: () => me.post('/webhooks/new', form) }
  }

  async function added(fields: Record<string, string> = {}): Promise<{ id: number; secret: string }> {
    const { status, html } = await sendForm(fields)
    expect(status).toBe(200)
    return { id: Number(/href="\/webhooks\/(\d+)"/.exec(html)![1]), secret: secretIn(html) }
  }

  const secretIn = (html: string) => /whsec_[A-Za-z0-9+/=]+/.exec(html)![0]
  const faultOf = (html: string, name: string) => new RegExp(`id="${name}-fault">([^<]*)<`).exec(html)?.[1]
  const logOf = async () =>
    (
      await docket.db.query<{ act: string }>("select act from account_log where account_id = $1 and act like 'webhook%' order by id", [
        me.account,
      ])
    ).rows

  test('a webhook is added, its secret shown once, and a test message arrives, signed', async () => {
    const { id, secret } = await added()
    const { location } = await me.post(`/webhooks/${id}/test`, {})
    const page = (await me.get(location!)).html
    expect(page).toMatch(/The test message arrived: HTTP 204, \d+ ms\./)
    const [message] = receiver.received
    const sent = signedHeaders([secret], String(message!.headers['webhook-id']), docket.clock.now(), message!.body)
    expect(message!.headers).toMatchObject(sent)
    expect(page).toContain(`webhook-signature: ${sent['webhook-signature']}`)
    expect(page).toContain(`webhook-timestamp: ${sent['webhook-timestamp']}`)
    expect(page).toContain('webhook.test')
    for (const path of ['/webhooks', `/webhooks/${id}`, `/webhooks/${id}/rotate`, '/account/log'])
      expect((await me.get(path)).html).not.toContain(secret)
    expect(await logOf()).toEqual([{ act: 'webhook added' }])
  })

  test('a test message that does not arrive says what came back', async () => {
    const { id } = await added()
    receiver.answer = { status: 500 }
    const { location } = await me.post(`/webhooks/${id}/test`, {})
    expect((await me.get(location!)).html).toContain('The test message did not arrive: HTTP 500')
  })

  test('a form that is sent twice makes one webhook', async () => {
    const first = await sendForm()
    const again = await first.again()
    expect(again.location).toBe('/webhooks?done=sent')
    expect((await me.get(again.location!)).html).toContain('This form was already sent')
    const { rows } = await docket.db.query('select from webhooks where account_id = $1', [me.account])
    expect(rows).toHaveLength(1)
  })

  test('after three failures in a row a webhook is failing: its page, the overview and one mail say so with the last answer', async () => {
    const { id } = await added({ 'event-balance-low': '' })
    receiver.answer = { status: 500 }
    for (let n = 0; n < 4; n += 1) await move(docket, await place(docket, me.key, service), 'Completed')
    await deliver()
    const page = (await me.get(`/webhooks/${id}`)).html
    expect(page).toContain('badge bad">Failing<')
    expect(page).toMatch(/<dt>Last answer<\/dt><dd><bdi dir="ltr">HTTP 500<\/bdi>/)
    expect((await me.get('/')).html).toMatch(/1 webhook cannot be delivered[^<]*Last answer: HTTP 500\./)
    const mails = () => docket.db.query("select id from mails where account_id = $1 and name = 'webhookFailing'", [me.account])
    const { rows } = await mails()
    expect(rows).toHaveLength(1)
    const { text } = await readMail(docket.db, await openSecret({ secret: SECRET, dataDirectory: '' }), rows[0].id)
    expect(text).toContain('Its last answer: HTTP 500.')
    expect(text).toContain(`https://docket.example/webhooks/${id}`)
    receiver.answer = { status: 204 }
    docket.clock.forward({ hours: 1 })
    await deliver()
    expect((await me.get(`/webhooks/${id}`)).html).not.toContain('badge bad">Failing<')
    receiver.answer = { status: 500 }
    for (let n = 0; n < 4; n += 1) await move(docket, await place(docket, me.key, service), 'Completed')
    await deliver()
    expect((await mails()).rows).toHaveLength(1)
  })

  test('address and events of a webhook can be changed, and what waits goes to the new address at once', async () => {
    const { id, secret } = await added({ 'event-balance-low': '' })
    receiver.answer = { status: 500 }
    await move(docket, await place(docket, me.key, service), 'Completed')
    await deliver()
    docket.clock.forward({ minutes: 2 })
    const second = await openReceiver()
    try {
      expect((await me.get(`/webhooks/${id}/edit`)).html).toContain(`value="${receiver.url}"`)
      const wrong = await me.post(`/webhooks/${id}/edit`, { url: '', 'event-order-all': 'on' })
      expect([wrong.status, faultOf(wrong.html, 'url')]).toEqual([422, 'Please fill this in.'])
      const { location } = await me.post(`/webhooks/${id}/edit`, { url: second.url, 'event-order-all': 'on' })
      expect(location).toBe(`/webhooks/${id}?done=edited`)
      await deliver()
      expect(second.received).toHaveLength(1)
      const { headers, body } = second.received[0]!
      expect(headers).toMatchObject(signedHeaders([secret], String(headers['webhook-id']), docket.clock.now(), body))
      expect((await logOf()).map(({ act }) => act)).toEqual(['webhook added', 'webhook changed'])
      expect((await (await ownPages(docket)).post(`/webhooks/${id}/edit`, { url: second.url, 'event-order-all': 'on' })).status).toBe(404)
    } finally {
      await second.close()
    }
  })

  test('what fails is tried again, told with its next try, and sent at once when asked', async () => {
    const { id } = await added({ 'event-balance-low': '' })
    receiver.answer = { status: 503 }
    const order = await place(docket, me.key, service)
    await move(docket, order, 'Completed')
    await deliver()
    const failing = (await me.get(`/webhooks/${id}`)).html
    expect(failing).toMatch(/order\.completed<\/code> <span class="badge">Queued</)
    expect(failing).toMatch(/1 attempt · <bdi[^>]*>HTTP 503 · \d+ ms<\/bdi> · next try <time/)
    receiver.answer = { status: 204 }
    await deliver()
    expect(receiver.received).toHaveLength(1)
    const delivery = /name="delivery" value="(\d+)"/.exec(failing)![1]!
    expect((await me.post(`/webhooks/${id}/again`, { delivery })).location).toBe(`/webhooks/${id}?done=again`)
    await deliver()
    expect(receiver.received).toHaveLength(2)
    expect((await me.get(`/webhooks/${id}`)).html).toMatch(/badge good">Delivered</)
    await me.post(`/webhooks/${id}/again`, { delivery })
    await deliver()
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toHaveLength(3)
    expect(new Set(ids).size).toBe(1)
  })

  test('what was given up is found, and sent again all at once', async () => {
    const { id } = await added()
    receiver.answer = { status: 500 }
    const order = await place(docket, me.key, service)
    await move(docket, order, 'Completed')
    for (let hours = 0; hours < 30; hours += 2) {
      await deliver()
      docket.clock.forward({ hours: 2 })
    }
    const list = (await me.get(`/webhooks/${id}?only=given-up`)).html
    expect(list).toContain('Failed')
    expect(list).toContain('Failing since')
    receiver.answer = { status: 204 }
    await me.post(`/webhooks/${id}/again`, {})
    await deliver()
    expect((await me.get(`/webhooks/${id}?only=given-up`)).html).toContain('No results')
    expect((await me.get(`/webhooks/${id}`)).html).not.toContain('Failing since')
  })

  test('a paused webhook hears nothing, and afterwards all of it or nothing', async () => {
    for (const meanwhile of ['told', 'not']) {
      const { id } = await added()
      const before = receiver.received.length
      await me.post(`/webhooks/${id}/pause`, {})
      const order = await place(docket, me.key, service)
      await move(docket, order, 'In progress')
      await move(docket, order, 'Completed')
      await deliver()
      expect(receiver.received).toHaveLength(before)
      expect((await me.get(`/webhooks/${id}`)).html).toContain('Paused')
      expect((await me.post(`/webhooks/${id}/resume`, { meanwhile })).status).toBe(303)
      await deliver()
      const told = receiver.received.slice(before).map(({ body }) => JSON.parse(body).type)
      expect(told).toEqual(meanwhile === 'told' ? ['order.in_progress', 'order.completed'] : [])
      await me.post(`/webhooks/${id}/remove`, {})
    }
  })

  test('a secret is changed, both sign for a while, and a form sent twice changes it once', async () => {
    const { id, secret } = await added()
    const form = { rotations: me.hidden((await me.get(`/webhooks/${id}/rotate`)).html, 'rotations'), keep_old: '1' }
    const rotated = await me.post(`/webhooks/${id}/rotate`, form)
    const fresh = secretIn(rotated.html)
    expect(fresh).not.toBe(secret)
    const twice = await me.post(`/webhooks/${id}/rotate`, form)
    expect(twice.status).toBe(422)
    expect(twice.html).toContain('This form was already sent')
    const signedBy = async () => {
      await me.post(`/webhooks/${id}/test`, {})
      const { headers, body } = receiver.received.at(-1)!
      const signatures = String(headers['webhook-signature']).split(' ')
      const of = (one: string) => signedHeaders([one], String(headers['webhook-id']), docket.clock.now(), body)['webhook-signature']
      return [signatures.length, signatures.includes(of(fresh)), signatures.includes(of(secret))]
    }
    expect(await signedBy()).toEqual([2, true, true])
    docket.clock.forward({ minutes: 61 })
    expect(await signedBy()).toEqual([1, true, false])
    expect(await logOf()).toEqual([{ act: 'webhook added' }, { act: 'webhook secret changed' }])
  })

  test('what cannot be called is refused at its field, and what was typed stays', async () => {
    const { status, html } = await sendForm({ url: 'ftp://shop.example/x' })
    expect(status).toBe(422)
    expect(faultOf(html, 'url')).toMatch(/^This address cannot be called/)
    expect(html).toContain('value="ftp://shop.example/x"')
    const none = await sendForm({ url: '', 'event-order-all': '', 'event-refill-all': '', 'event-balance-low': '' })
    expect(faultOf(none.html, 'url')).toBe('Please fill this in.')
    expect(faultOf(none.html, 'events')).toBe('Choose at least one.')
    expect(faultOf((await sendForm({ money: 'test' })).html, 'money')).toBe('You have no test key yet.')
  })

  test('a webhook is removed by whoever proves themselves, with its log', async () => {
    const { id } = await added()
    docket.clock.forward({ minutes: 20 })
    expect((await me.post(`/webhooks/${id}/remove`, {})).status).toBe(422)
    expect((await me.post(`/webhooks/${id}/rotate`, { rotations: '0' })).status).toBe(422)
    expect((await me.post(`/webhooks/${id}/remove`, { password: PASSWORD })).location).toBe('/webhooks?done=removed')
    expect((await me.get(`/webhooks/${id}`)).status).toBe(404)
  })

  test('nobody makes this house knock at a door again and again', async () => {
    const { id } = await added()
    let last = 0
    for (let n = 0; n < 25 && last !== 429; n += 1) last = (await me.post(`/webhooks/${id}/test`, {})).status
    expect(last).toBe(429)
    expect(receiver.received.length).toBeLessThanOrEqual(20)
  })

  test('another account’s webhook is not found, whatever is asked of it', async () => {
    const { id } = await added()
    const stranger = await ownPages(docket)
    for (const path of ['', '/rotate', '/remove']) expect((await stranger.get(`/webhooks/${id}${path}`)).status).toBe(404)
    for (const path of ['/test', '/again', '/pause', '/resume', '/rotate', '/remove'])
      expect({ path, status: (await stranger.post(`/webhooks/${id}${path}`, { rotations: '0' })).status }).toEqual({ path, status: 404 })
    expect(receiver.received).toEqual([])
  })

  test('a low balance is set, told, and taken back', async () => {
    await added()
    expect((await me.post('/webhooks/low', { below: 'much' })).status).toBe(422)
    expect((await me.post('/webhooks/low', { below: '100.5' })).location).toBe('/webhooks?done=low')
    expect((await me.get('/webhooks')).html).toContain('value="100.5"')
    await deliver()
    expect(receiver.received.map(({ body }) => JSON.parse(body).type)).toEqual(['balance.low'])
    await me.post('/webhooks/low', { below: '' })
    const { rows } = await docket.db.query('select from balance_alarms a join books b on b.id = a.book_id where b.account_id = $1', [
      me.account,
    ])
    expect(rows).toEqual([])
  })

  test('a long log goes on page by page', async () => {
    const { id } = await added()
    await docket.db.query(
      `insert into webhook_messages (webhook_id, message, type, body, state, due_at, give_up_at, attempts, created_at, ended_at)
       select $1, 'msg_' || n, 'order.completed', '{}', 'delivered', $2, $2, 1, $2, $2 from generate_series(1, 70) as n`,
      [id, docket.clock.now()],
    )
    const seen: string[] = []
    for (let path: string | undefined = `/webhooks/${id}`; path !== undefined;) {
      const { html }: { html: string } = await me.get(path)
      seen.push(...[...html.matchAll(/webhook-id: (msg_\d+)/g)].map((match) => match[1]!))
      path = new RegExp(`href="(/webhooks/${id}\\?before=\\d+)"`).exec(html)?.[1]
    }
    expect(seen).toEqual(Array.from({ length: 70 }, (_, n) => `msg_${70 - n}`))
  })
})

describe('the pages of webhooks, in the open', () => {
  const docket = openDocket({ DOCKET_SECRET: SECRET })

  test('S5 an address inside is refused', async () => {
    const me = await ownPages(docket)
    for (const url of ['http://127.0.0.1:1/x', 'http://10.0.0.5/x', 'http://[::1]/x', 'http://169.254.169.254/latest']) {
      const { html } = await me.get('/webhooks/new')
      const answer = await me.post('/webhooks/new', { url, money: 'live', form: me.hidden(html, 'form'), 'event-order-all': 'on' })
      expect({ url, status: answer.status }).toEqual({ url, status: 422 })
      expect(answer.html).toContain('This address cannot be called')
    }
    const { rows } = await docket.db.query('select from webhooks')
    expect(rows).toEqual([])
  })
})
