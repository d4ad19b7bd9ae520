import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { ticketClose } from '../../server/acts/ticket-close.ts'
import { ticketMerge } from '../../server/acts/ticket-merge.ts'
import { ticketNote } from '../../server/acts/ticket-note.ts'
import { ticketReply } from '../../server/acts/ticket-reply.ts'
import { addKey, revokeKey } from '../../server/customers/keys.ts'
import { NO_LIMITS } from '../../server/customers/key-rights.ts'
import { findTicket, ordersOfTicket } from '../../server/support/tickets.ts'
import { ticketAnswer, ticketExample, ticketParameters } from '../../contract/tickets.ts'
import { Docket as Client } from '../../sdk/src/index.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { opened } from '../support/tickets.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)

async function customer(scopes: string[] | null = ['tickets'], isTest = false) {
  const { account, key: whole } = await docket.account({ balance: '100' })
  const limits = { ...NO_LIMITS, scopes }
  const { key, id } = await addKey(docket.db, account, { test: isTest, label: 'robot', limits }, docket.clock.now())
  return { account, whole, key, id }
}

interface Answered {
  readonly status: number
  readonly body: any
}

async function post(key: string, path: string, fields: Record<string, string> = {}): Promise<Answered> {
  const headers = { authorization: `Bearer ${key}` }
  const response = await fetch(`${docket.node.url}/api/v2/tickets${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) })
  return { status: response.status, body: await response.json() }
}

async function get(key: string, path = ''): Promise<Answered> {
  const response = await fetch(`${docket.node.url}/api/v2/tickets${path}`, { headers: { authorization: `Bearer ${key}` } })
  return { status: response.status, body: await response.json() }
}

const ticketsOf = async (account: number) => (await docket.db.query('select from tickets where account_id = $1', [account])).rowCount
const messagesOf = async (ticket: number) =>
  (await docket.db.query(`select from ticket_messages where ticket_id = $1 and side = 'customer'`, [ticket])).rowCount

describe('a ticket by API', () => {
  test('is opened about own orders, and answers exactly the documented fields', async () => {
    const { key, account, whole } = await customer()
    const order = await placed(docket, whole, { service: await onSale(docket), quantity: 1000 })
    const { status, body } = await post(key, '', {
      text: ' It stopped.\r\nWhy? ',
      kind: 'count',
      orders: String(order),
      subject: 'Stopped',
    })
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(ticketAnswer.map(({ name }) => name))
    const at = docket.clock.now().toISOString()
    expect(body).toEqual({
      ticket: expect.any(Number),
      kind: 'count',
      subject: 'Stopped',
      state: 'waiting',
      created: at,
      changed: at,
      page: `${docket.node.url}/support/${body.ticket}`,
      orders: [order],
      messages: [{ message: expect.any(Number), from: 'customer', text: 'It stopped.\nWhy?', at, pictures: 0 }],
      older: null,
    })
    expect(await get(key, `/${body.ticket}`)).toEqual({ status: 200, body })
    expect(await findTicket(docket.db, BigInt(body.ticket))).toMatchObject({ accountId: account, kind: 'count', priority: 'usual' })
    expect(await ordersOfTicket(docket.db, BigInt(body.ticket))).toEqual([BigInt(order)])
  })

  test('is opened once for a retry key, also by two calls at once and after the API key was changed; with another text it is refused', async () => {
    const { key, account } = await customer()
    const asked = { text: 'Where is it?', idempotency_key: 'case 1' }
    const [one, two] = await Promise.all([post(key, '', asked), post(key, '', asked)])
    expect(two).toEqual(one)
    const { key: other } = await addKey(docket.db, account, { test: false, label: 'new', limits: NO_LIMITS }, docket.clock.now())
    expect(await post(other, '', asked)).toEqual(one)
    expect(await ticketsOf(account)).toBe(1)
    expect(await post(key, '', { ...asked, text: 'Something else' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
    expect(await ticketsOf(account)).toBe(1)
    // It is asked again by the same name when it has gone on in another ticket meanwhile.
    const into = await opened(docket, account)
    await run(house(), ticketMerge, { ticket: one.body.ticket, into: Number(into) })
    expect((await post(key, '', asked)).body.ticket).toBe(Number(into))
    expect(await ticketsOf(account)).toBe(2)
  })

  test('is written in once for a retry key, also when it was merged between two calls', async () => {
    const { key, account } = await customer()
    const { ticket } = (await post(key, '', { text: 'One' })).body
    const asked = { text: 'Two', idempotency_key: 'two' }
    const answers = await Promise.all([post(key, `/${ticket}/reply`, asked), post(key, `/${ticket}/reply`, asked)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await messagesOf(ticket)).toBe(2)
    expect(await post(key, `/${ticket}/reply`, { ...asked, text: 'Three' })).toMatchObject({ status: 422 })
    const into = await opened(docket, account)
    await run(house(), ticketMerge, { ticket, into: Number(into) })
    const again = await post(key, `/${ticket}/reply`, asked)
    expect(again.body).toMatchObject({ ticket: Number(into) })
    expect([await messagesOf(ticket), await messagesOf(Number(into))]).toEqual([2, 1])
  })

  test('shows what staff answered and never what they noted, and goes on and is closed by its customer', async () => {
    const { key } = await customer()
    const { ticket } = (await post(key, '', { text: 'One' })).body
    await run(house(), ticketNote, { ticket, note: 'Pays late' })
    await run(house(), ticketReply, { ticket, text: 'We look at it.' })
    const read = (await get(key, `/${ticket}`)).body
    expect(read).toMatchObject({ state: 'answered', messages: [{ from: 'customer' }, { from: 'staff', text: 'We look at it.' }] })
    expect(JSON.stringify(read)).not.toContain('Pays late')
    expect((await post(key, `/${ticket}/reply`, { text: 'Thanks' })).body).toMatchObject({ state: 'waiting' })
    expect((await post(key, `/${ticket}/close`)).body).toMatchObject({ state: 'closed' })
    expect((await post(key, `/${ticket}/close`)).body).toMatchObject({ state: 'closed' })
    expect((await post(key, `/${ticket}/reply`, { text: 'Once more' })).body).toMatchObject({ state: 'waiting' })
  })

  test('lists by keyset, the last changed first, of one state too; older messages follow a page', async () => {
    const { key, account } = await customer()
    const ids: number[] = []
    for (let at = 0; at < 53; at += 1) {
      docket.clock.forward({ minutes: 4 })
      ids.unshift(Number(await opened(docket, account, { text: `No. ${at}` })))
      if (at < 10) await run(house(), ticketClose, { ticket: ids[0]! })
    }
    const first = (await get(key)).body
    expect(first.tickets).toHaveLength(50)
    const next = (await get(key, `?before=${first.next}`)).body
    expect([...first.tickets, ...next.tickets].map(({ ticket }: { ticket: number }) => ticket)).toEqual(ids)
    expect(next.next).toBeNull()
    const closed = (await get(key, '?state=closed')).body
    expect(closed.tickets.map(({ ticket }: { ticket: number }) => ticket)).toEqual(ids.slice(-10))
    await docket.db.query(
      `insert into ticket_messages (ticket_id, side, who, text, at) select $1, 'staff', 'Ana', 'M' || n, $2 from generate_series(1, 120) n`,
      [ids[0], docket.clock.now()],
    )
    const newest = (await get(key, `/${ids[0]}`)).body
    const older = (await get(key, `/${ids[0]}?before=${newest.older}`)).body
    expect([...older.messages, ...newest.messages].map(({ text }: { text: string }) => text)).toEqual([
      'No. 52',
      ...Array.from({ length: 120 }, (_, at) => `M${at + 1}`),
    ])
    expect(older.older).toBeNull()
  })

  test('is of its account only: another one finds none, writes in none and closes none', async () => {
    const { key, account } = await customer()
    const { whole: other, account: otherAccount } = await customer()
    const ticket = await opened(docket, account)
    const answers = [
      await get(other, `/${ticket}`),
      await post(other, `/${ticket}/reply`, { text: 'x' }),
      await post(other, `/${ticket}/close`),
      await get(other, '/999999999'),
      await get(other, '/no'),
    ]
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array.from({ length: 5 }, () => [404, 'unknown_ticket']))
    expect((await get(other)).body).toEqual({ tickets: [], next: null })
    const order = await placed(docket, other, { service: await onSale(docket), quantity: 1000 })
    expect(await post(key, '', { text: 'x', orders: String(order) })).toMatchObject({ status: 400, body: { code: 'order_of_nobody' } })
    expect([await ticketsOf(account), await ticketsOf(otherAccount)]).toEqual([1, 0])
    expect(await messagesOf(Number(ticket))).toBe(1)
    expect((await findTicket(docket.db, ticket))!.state).toBe('waiting')
  })

  test('needs a key that may: its scope, a live key, and one that still holds', async () => {
    const reader = await customer(['read'])
    expect((await get(reader.key)).status).toBe(200)
    expect(await post(reader.key, '', { text: 'x' })).toMatchObject({ status: 403, body: { code: 'action_not_allowed' } })
    const orders = await customer(['order'])
    expect((await get(orders.key)).status).toBe(403)
    const { whole } = await customer()
    expect((await post(whole, '', { text: 'x' })).status).toBe(200)
    const played = await customer(null, true)
    expect(await post(played.key, '', { text: 'x' })).toMatchObject({ status: 403, body: { code: 'ticket_of_test_key' } })
    expect((await get(played.key)).body).toEqual({ tickets: [], next: null })
    const gone = await customer()
    await revokeKey(docket.db, gone.id, docket.clock.now())
    for (const answer of [await get(gone.key), await post(gone.key, '', { text: 'x' }), await get('x'), await post('', '', { text: 'x' })])
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_key' } })
    expect(await ticketsOf(gone.account)).toBe(0)
  })

  test('names what is wrong and writes nothing', async () => {
    const { key, account } = await customer()
    const faults = [
      await post(key, ''),
      await post(key, '', { text: 'x'.repeat(5001) }),
      await post(key, '', { text: 'x', kind: 'lost' }),
      await post(key, '', { text: 'x', orders: '5,six' }),
      await post(key, '', { text: 'x', orders: Array.from({ length: 101 }, (_, at) => at + 1).join(',') }),
      await post(key, '', { text: 'x', subject: 'x'.repeat(201) }),
      await post(key, '', { text: 'x', idempotency_key: 'x'.repeat(256) }),
      await get(key, '?state=lost'),
      await get(key, '?before=x'),
    ]
    expect(faults.map(({ status, body }) => [status, body.code])).toEqual(
      [
        'ticket_needs_text', 'ticket_text_too_long', 'incorrect_field', 'incorrect_field', 'ticket_has_too_many_orders', 'ticket_subject_too_long',
        'incorrect_idempotency_key', 'incorrect_field', 'incorrect_field',
      ].map((code) => [400, code]),
    ) // prettier-ignore
    expect(await ticketsOf(account)).toBe(0)
  })

  test('is limited: twenty an hour, and thirty messages an hour', async () => {
    const { key, account } = await customer()
    const opens = await Promise.all(Array.from({ length: 24 }, (_, at) => post(key, '', { text: `No. ${at}` })))
    expect(opens.filter(({ status }) => status === 200)).toHaveLength(20)
    expect(opens.filter(({ status, body }) => status === 429 && body.code === 'too_many_tickets')).toHaveLength(4)
    expect(await ticketsOf(account)).toBe(20)
    const ticket = opens.find(({ status }) => status === 200)!.body.ticket as number
    const replies = await Promise.all(Array.from({ length: 33 }, (_, at) => post(key, `/${ticket}/reply`, { text: `No. ${at}` })))
    expect(replies.filter(({ body }) => body.code === 'too_many_ticket_messages')).toHaveLength(4)
    expect(await messagesOf(ticket)).toBe(30)
  })

  test('is answered as the OpenAPI document says, and every field stands on the page, in llms.txt and in the collection', async () => {
    const document = (await (await fetch(`${docket.node.url}/openapi.json`)).json()) as object
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema(document, 'openapi')
    const faults = (schema: string, value: unknown) => {
      const validate = ajv.getSchema(`openapi#/components/schemas/${schema}`)!
      return validate(value) ? [] : validate.errors
    }
    const { key } = await customer()
    const { body } = await post(key, '', { text: 'x' })
    expect(faults('Ticket', body)).toEqual([])
    expect(faults('Ticket', ticketExample.answer)).toEqual([])
    expect(faults('Tickets', (await get(key)).body)).toEqual([])
    expect(faults('NewTicket', ticketExample.parameters)).toEqual([])
    expect(faults('TicketRefusal', (await post(key, '')).body)).toEqual([])
    expect(faults('Ticket', {})).not.toEqual([])
    for (const path of ['/en/api', '/llms.txt']) {
      const text = await (await fetch(docket.node.url + path)).text()
      for (const { name } of [...ticketParameters, ...ticketAnswer]) expect(text, `${name} in ${path}`).toContain(name)
      expect(text).toContain('/api/v2/tickets')
    }
    const collection = (await (await fetch(`${docket.node.url}/api/postman.json`)).json()) as {
      item: { name: string; item: { request: any }[] }[]
    }
    const requests = collection.item.find(({ name }) => name === 'tickets')!.item.map(({ request }) => `${request.method} ${request.url}`)
    expect(requests).toEqual([
      'POST {{url}}/tickets',
      'GET {{url}}/tickets',
      'GET {{url}}/tickets/:id',
      'POST {{url}}/tickets/:id/reply',
      'POST {{url}}/tickets/:id/close',
    ])
  })
})

describe('the SDK', () => {
  test('opens, reads, answers and closes tickets; an answer that is lost is asked for again and writes nothing twice', async () => {
    const { key, account } = await customer()
    let lose = 1
    const lossy = async (url: string, init: RequestInit) => {
      const response = await fetch(url, init)
      if (init.method === 'POST' && lose-- > 0) throw new TypeError('the connection was reset')
      return response
    }
    const panel = new Client({ url: `${docket.node.url}/api/v2`, key, fetch: lossy, wait: async () => {} })
    const ticket = await panel.tickets.open({ text: 'Where is it?', kind: 'speed_up' }, { retryKey: 'mine' })
    expect(ticket).toMatchObject({
      kind: 'speed_up',
      state: 'waiting',
      orders: [],
      messages: [{ from: 'customer', text: 'Where is it?', pictures: 0 }],
    })
    expect(await ticketsOf(account)).toBe(1)
    await run(house(), ticketReply, { ticket: Number(ticket.ticket), text: 'It begins now.' })
    expect(await panel.tickets.list({ state: 'answered' })).toMatchObject({ tickets: [{ ticket: ticket.ticket }], next: null })
    lose = 1
    const replied = await panel.tickets.reply(ticket.ticket, 'Thanks', { retryKey: 'thanks' })
    expect(replied.messages.map(({ text }) => text)).toEqual(['Where is it?', 'It begins now.', 'Thanks'])
    expect(await panel.tickets.close(ticket.ticket)).toMatchObject({ state: 'closed' })
    expect(await panel.tickets.read(ticket.ticket)).toMatchObject({ state: 'closed', older: null })
    await expect(panel.tickets.read(999999999)).rejects.toMatchObject({ name: 'PanelRefusal', message: 'There is no ticket 999999999' })
  })
})
