import { describe, expect, test } from 'vitest'
import { staffKeyAdd } from '../../server/acts/staff-key-add.ts'
import { transaction } from '../../server/db/pool.ts'
import { listSavedReplies } from '../../server/support/saved-replies.ts'
import { findTicket, lockTicket } from '../../server/support/tickets.ts'
import { writeNote } from '../../server/support/write.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { opened, replied } from '../support/tickets.ts'
import { type Answer, ask } from './staff-client.ts'

describe('tickets for bots', () => {
  const docket = openDocket()

  async function bot(tickets = true) {
    const { key } = await run(houseOf(docket.db, docket.clock.now), staffKeyAdd, { label: 'bot', tickets })
    const get = (path: string): Promise<Answer> => ask(docket, path, { headers: { 'x-api-key': key } })
    const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
      ask(docket, path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'x-api-key': key, ...headers } }) // prettier-ignore
    return { key, get, post }
  }

  async function customer() {
    const { account } = await docket.account()
    const { rows } = await docket.db.query<{ email: string }>('select email from accounts where id = $1', [account])
    return { account, email: rows[0]!.email }
  }

  const lines = async (act: string) =>
    (await docket.db.query<{ account: number; input: any }>('select account_id as account, input from staff_log where act = $1 order by line desc', [act])).rows // prettier-ignore

  test('a key without the right neither reads nor writes any', async () => {
    const { get, post } = await bot(false)
    const { account, email } = await customer()
    const ticket = await opened(docket, account)
    const answers = [
      await get('/tickets'),
      await get(`/tickets/${ticket}`),
      await post('/tickets/add', { username: email, message: 'x' }),
      await post(`/tickets/${ticket}/reply`, { message: 'x' }),
    ]
    expect(answers.map(({ status, data }) => [status, data])).toEqual(Array.from({ length: 4 }, () => [403, null]))
    expect((await findTicket(docket.db, ticket))!.state).toBe('waiting')
  })

  test('a bot reads what waits, the longest first, and answers it once', async () => {
    const { get, post } = await bot()
    const { account, email } = await customer()
    const first = await opened(docket, account, { text: 'First', subject: 'Late' })
    docket.clock.forward({ minutes: 5 })
    const second = await opened(docket, account, { text: 'Second', kind: 'money' })
    const waiting = await get(`/tickets?status=pending&username=${encodeURIComponent(email)}`)
    expect(waiting.data).toMatchObject({
      count: 2,
      list: [
        { id: Number(second), subject: 'money', kind: 'money' },
        { id: Number(first), ticket_id: Number(first), subject: 'Late', status: 'pending', user: { id: account, username: email } },
      ],
    })
    const queue = (await get('/tickets?status=pending&limit=100')).data.list.map(({ id }: { id: number }) => id)
    expect(queue.indexOf(Number(first))).toBeLessThan(queue.indexOf(Number(second)))

    await transaction(
      docket.db,
      async (tx) =>
      writeNote(tx, await lockTicket(tx, first), { who: 'Ana', staffId: null, text: 'Pays late.', pictures: [], form: null }, docket.clock.now()), // prettier-ignore
    )
    const once = { 'idempotency-key': 'answer 1' }
    const answer = await post(`/tickets/${first}/reply`, { message: 'We look at it.' }, once)
    expect(answer.data).toMatchObject({ id: Number(first), status: 'answered', message_id: expect.any(Number) })
    expect((await post(`/tickets/${first}/reply`, { message: 'We look at it.' }, once)).data).toEqual(answer.data)
    const read = await get(`/tickets/${first}`)
    expect(read.data.messages).toMatchObject([
      { message: 'First', is_staff: false, is_note: false },
      { message: 'Pays late.', is_staff: true, is_note: true },
      { message: 'We look at it.', is_staff: true, is_note: false },
    ])
    const written = await lines('adminapi tickets/reply')
    expect(written.filter((line) => line.account === account)).toEqual([
      { account, input: { ticket: Number(first), message: 'We look at it.', close: false } },
    ])
    expect((await post(`/tickets/${first}/reply`, { message: 'Done.', close: true })).data.status).toBe('closed')
  })

  test('a bot opens one for a customer, about own orders only, and once for a name of the call', async () => {
    const { get, post } = await bot()
    const { account, email } = await customer()
    const asked = { username: email, subject: 'Your order', message: 'We have looked.' }
    const once = { 'idempotency-key': 'open 1' }
    const added = await post('/tickets/add', asked, once)
    expect(added.data).toMatchObject({ ticket_id: expect.any(Number), status: 'answered', subject: 'Your order', user: { id: account } })
    expect((await post('/tickets/add', asked, once)).data).toEqual(added.data)
    expect((await lines('adminapi tickets/add')).filter((line) => line.account === account)).toHaveLength(1)
    const refused = await post('/tickets/add', { ...asked, orders: '999999999' })
    expect([refused.status, refused.data]).toEqual([200, null])
    expect((await get(`/tickets?username=${account}`)).data.count).toBe(1)
  })

  test('the links to other pages ask for the same tickets, and a page of one customer is full of the state that was asked for', async () => {
    const { get } = await bot()
    const { account, email } = await customer()
    const ids: bigint[] = []
    for (let at = 0; at < 4; at += 1) {
      ids.unshift(await opened(docket, account, { text: `No. ${at}` }))
      docket.clock.forward({ minutes: 1 })
    }
    const answered = [await opened(docket, account), await opened(docket, account)]
    await docket.db.query(`update tickets set state = 'answered', waiting_since = null where id = any($1::bigint[])`, [answered])
    const walk = async (first: string) => {
      const pages: number[][] = []
      for (let next = first; next !== '';) {
        const { data } = await get(next.replace('/adminapi/v2', ''))
        pages.push(data.list.map(({ id }: { id: number }) => id))
        next = data.pagination.next_page_href
      }
      return pages
    }
    const wanted = ids.map(Number)
    const halves = [wanted.slice(0, 2), wanted.slice(2)]
    expect(await walk(`/tickets?status=pending&limit=2&username=${encodeURIComponent(email)}`)).toEqual(halves)
    expect(await walk(`/tickets?limit=2&ids=${ids.join(',')}`)).toEqual(halves)
    expect(await walk(`/tickets?limit=2&status=pending&ids=${[...answered, ...ids].join(',')}`)).toEqual(halves)
    const behind = (await get(`/tickets?limit=2&offset=2&ids=${ids.join(',')}`)).data
    expect((await get(behind.pagination.prev_page_href.replace('/adminapi/v2', ''))).data.list.map(({ id }: { id: number }) => id)).toEqual(
      halves[0],
    )
  })

  test('what is wrong is named', async () => {
    const { get, post } = await bot()
    const { account, email } = await customer()
    const ticket = await opened(docket, account)
    const faults = [
      await get('/tickets?status=lost'),
      await get('/tickets/999999999'),
      await get('/tickets/no'),
      await post('/tickets/add', { username: email }),
      await post('/tickets/add', { username: 'nobody@example.com', message: 'x' }),
      await post(`/tickets/${ticket}/reply`, { message: 'x'.repeat(5001) }),
      await post(`/tickets/${ticket}/reply`, { message: '  ' }),
      await post(`/tickets/${ticket}/reply`, { message: ['x'] }),
    ]
    expect(faults.map(({ error_message: message }) => message)).toEqual([
      'Incorrect status',
      'There is no ticket 999999999',
      'There is no ticket 0',
      'message is required',
      'User not found',
      'A message has at most 5000 characters',
      'Incorrect message',
      'Incorrect message',
    ])
    expect(faults.every(({ status, data }) => status === 200 && data === null)).toBe(true)
    expect(await listSavedReplies(docket.db)).toEqual([])
  })

  test('the number of a merged ticket leads to the one that goes on; pages are counted', async () => {
    const { get, post } = await bot()
    const { account } = await customer()
    const [from, into] = [await opened(docket, account), await opened(docket, account)]
    await docket.db.query(`update tickets set state = 'closed', waiting_since = null, closed_at = now(), merged_into = $2 where id = $1`, [from, into]) // prettier-ignore
    expect((await get(`/tickets/${from}`)).data.id).toBe(Number(into))
    expect((await post(`/tickets/${from}/reply`, { message: 'Here.' })).data.id).toBe(Number(into))
    await replied(docket, account, into, 'Thanks')
    await opened(docket, account)
    const page = await get('/tickets?limit=1&offset=1')
    expect(page.data).toMatchObject({ count: 1, list: [{ id: Number(into) }] })
    expect(page.data.pagination.prev_page_href).toBe('/adminapi/v2/tickets?limit=1&offset=0')
  })
})
