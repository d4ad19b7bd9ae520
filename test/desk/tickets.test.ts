import { beforeEach, describe, expect, test } from 'vitest'
import { savedReplyAdd } from '../../server/acts/saved-reply.ts'
import { ticketMerge } from '../../server/acts/ticket-merge.ts'
import { HOURS_TO_WAIT, priorities } from '../../server/support/kinds.ts'
import { readTroubles } from '../../server/reports/attention.ts'
import { doAtOnce } from '../../server/support/at-once.ts'
import { readMessages } from '../../server/support/messages.ts'
import { listSavedReplies } from '../../server/support/saved-replies.ts'
import { findTicket } from '../../server/support/tickets.ts'
import { houseOf, run } from '../support/acts.ts'
import { type DeskPages, hiddenIn, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { ownPages } from '../support/own-pages.ts'
import { pngOf } from '../support/png.ts'
import { opened, replied, usualFor } from '../support/tickets.ts'

const PNG = pngOf(40, 20, Buffer.alloc(41 * 20))
const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
const house = () => houseOf(docket.db, docket.clock.now)
let ana: DeskPages
// A session of the desk does not last as long as tickets wait.
beforeEach(async () => {
  ana = await openDesk(docket, { role: 'support' })
})

const said = async (id: bigint) =>
  (await readMessages(docket.db, id, { withNotes: true, before: null, most: 100 })).map(({ side, text, who }) => `${side} ${who}: ${text}`)
const ticketOf = async (id: bigint) => (await findTicket(docket.db, id))!
const once = async (id: bigint) => hiddenIn((await ana.get(`/desk/tickets/${id}`)).html, 'once')
const rowsIn = (html: string) => [...html.matchAll(/href="\/desk\/tickets\/(\d+)"/g)].map(([, id]) => BigInt(id!))

describe('the queue of tickets', () => {
  test('is seen and answered by support, seen by fulfilment, and seen by nobody without the permission', async () => {
    const id = await opened(docket, (await docket.account()).account)
    const fulfilment = await openDesk(docket, { role: 'fulfilment' })
    const seen = await fulfilment.get(`/desk/tickets/${id}`)
    expect([seen.status, seen.html.includes('Where is it?'), seen.html.includes(`action="/desk/tickets/${id}/reply"`)]).toEqual([
      200,
      true,
      false,
    ])
    expect((await fulfilment.post(`/desk/tickets/${id}/reply`, { text: 'No', what: 'send' })).status).toBe(403)
    expect((await ana.get('/desk/tickets')).html).toContain(`href="/desk/tickets/${id}"`)
    expect((await ticketOf(id)).seenByStaff).toBe(0n)
  })

  test('finds by the number of a ticket, of an order, of an account, and by an address; a merged number leads on', async () => {
    const { account, key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 10 })
    const id = await opened(docket, account, { orders: [order] })
    const merged = await opened(docket, account)
    await run(house(), ticketMerge, { ticket: Number(merged), into: Number(id) })
    const { rows } = await docket.db.query('select email from accounts where id = $1', [account])
    for (const find of [id, merged, order, account, rows[0].email, `#${id}`])
      expect(rowsIn((await ana.get(`/desk/tickets?find=${encodeURIComponent(String(find))}`)).html)).toContain(id)
    expect((await ana.get(`/desk/tickets/${merged}`)).location).toBe(`/desk/tickets/${id}`)
    expect((await ana.get('/desk/tickets/999999')).status).toBe(404)
  })

  test('is filtered by state, kind and whoever answers; a ticket is taken and closed from its row', async () => {
    const id = await opened(docket, (await docket.account()).account, { kind: 'money' })
    const act = (name: string, more: object = {}) =>
      ana.post('/desk/tickets', { 'form:act': name, 'form:back': '/desk/tickets', ticket: String(id), ...more })
    expect((await act('ticket assign', { staff: String(ana.staffId) })).status).toBe(303)
    const mine = await ana.get(`/desk/tickets?assignee=${ana.staffId}&kind=money`)
    expect(rowsIn(mine.html)).toEqual([id])
    await act('ticket close')
    expect(rowsIn((await ana.get('/desk/tickets?state=closed&kind=money')).html)).toEqual([id])
    await act('ticket reopen')
    expect((await ticketOf(id)).state).toBe('waiting')
  })
})

describe('a ticket on the desk', () => {
  test('is answered, closed and noted without a preview; sent twice it is answered once; each is a line in the log', async () => {
    const id = await opened(docket, (await docket.account()).account)
    const fields = { text: 'We have asked them.', what: 'send', once: await once(id) }
    expect(fields.once).toMatch(/^[0-9a-f-]{36}$/)
    await ana.post(`/desk/tickets/${id}/reply`, fields)
    await ana.post(`/desk/tickets/${id}/reply`, fields)
    await ana.post(`/desk/tickets/${id}/reply`, { text: 'Pays late', what: 'note', once: await once(id) })
    await ana.post(`/desk/tickets/${id}/reply`, { text: 'Done', what: 'close', once: await once(id) })
    expect((await said(id)).slice(1)).toEqual([
      `staff ${ana.email}: We have asked them.`,
      `note ${ana.email}: Pays late`,
      `staff ${ana.email}: Done`,
      `event ${ana.email}: closed`,
    ])
    const { rows } = await docket.db.query(`select act, who from staff_log where act like 'ticket %' order by line desc limit 3`)
    expect(rows).toEqual([
      { act: 'ticket reply', who: ana.email },
      { act: 'ticket note', who: ana.email },
      { act: 'ticket reply', who: ana.email },
    ])
  })

  /** Sends the form of an answer with pictures, as a browser does. */
  async function answerWith(id: bigint, what: string, pictures: readonly Buffer[], text = 'Look at it') {
    const { html } = await ana.get(`/desk/tickets/${id}`)
    const form = new FormData()
    for (const [name, value] of Object.entries({ csrf: hiddenIn(html, 'csrf'), once: hiddenIn(html, 'once'), saved: '', what, text }))
      form.set(name, value)
    for (const picture of pictures) form.append('pictures', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'picture.png')
    const headers = { cookie: `${ana.cookie}; language=en`, origin: docket.node.url! }
    const response = await fetch(`${docket.node.url}/desk/tickets/${id}/reply`, { method: 'POST', body: form, headers, redirect: 'manual' })
    return { status: response.status, html: await response.text() }
  }

  test('may have pictures, which are drawn anew and seen by its customer; those of a note never are', async () => {
    const me = await ownPages(docket)
    const id = await opened(docket, me.account)
    const polyglot = Buffer.concat([PNG, Buffer.from('PK\x03\x04<script>alert(1)</script>')])
    expect((await answerWith(id, 'send', [PNG, polyglot])).status).toBe(303)
    expect((await answerWith(id, 'note', [PNG], 'Only for us')).status).toBe(303)
    const [, reply, note] = await readMessages(docket.db, id, { withNotes: true, before: null, most: 9 })
    expect([reply!.pictures.length, note!.pictures.length]).toEqual([2, 1])
    const { rows } = await docket.db.query<{ picture: Buffer }>('select picture from ticket_pictures where message_id = any($1::bigint[])', [[reply!.id, note!.id]]) // prettier-ignore
    for (const { picture } of rows) expect([picture.subarray(0, 3).toString('hex'), picture.includes('script')]).toEqual(['ffd8ff', false])
    const seen = async (picture: bigint) => (await me.get(`/support/${id}/pictures/${picture}`)).status
    expect(await Promise.all([...reply!.pictures, ...note!.pictures].map((picture) => seen(picture.id)))).toEqual([200, 200, 404])
    expect((await ana.get(`/desk/tickets/${id}/pictures/${note!.pictures[0]!.id}`)).status).toBe(200)
    const logged = await docket.db.query(`select input::text from staff_log where act = 'ticket reply' order by line desc limit 1`)
    expect(logged.rows[0].input).not.toContain('pictures')
  })

  test.each([
    ['a page', [Buffer.from('<script>alert(1)</script>')], 'not a picture we can read'],
    ['100 MB', [Buffer.alloc(100_000_000)], 'too large'],
    ['a bomb of a hundred million pixels', [pngOf(10_000, 10_000, Buffer.alloc(10_001 * 100))], 'too large'],
    ['four pictures', [PNG, PNG, PNG, PNG], 'At most 3 pictures'],
  ])('with %s is refused, keeps its text, and sends nothing', async (_, pictures, words) => {
    const id = await opened(docket, (await docket.account()).account)
    const answer = await answerWith(id, 'send', pictures, 'My words')
    expect([answer.status, answer.html.includes(words), answer.html.includes('My words')]).toEqual([422, true, true])
    expect(await said(id)).toHaveLength(1)
  })

  test('shows a refused answer again, with what was typed', async () => {
    const id = await opened(docket, (await docket.account()).account)
    const empty = await ana.post(`/desk/tickets/${id}/reply`, { text: '  ', what: 'send', once: await once(id) })
    expect([empty.status, empty.html.includes('Message')]).toEqual([422, true])
    const long = await ana.post(`/desk/tickets/${id}/reply`, { text: `begin ${'x'.repeat(5001)}`, what: 'send', once: await once(id) })
    expect([long.status, long.html.includes('begin xxx')]).toEqual([422, true])
    expect(await said(id)).toHaveLength(1)
  })

  test('shows the orders with the words of their supplier, and what the customer asked to hurry', async () => {
    const { account, key } = await docket.account()
    const service = await onSale(docket)
    await usualFor(docket, service)
    const order = await placed(docket, key, { service, quantity: 10 })
    docket.clock.forward({ hours: 2 })
    const supplier = (await docket.db.query(`select id from suppliers where protocol = 'simulated'`)).rows[0].id
    await docket.db.query(
      `insert into hand_offs (order_id, supplier_id, reference, due_at, state, words, claimed_at) values ($1, $2, 'r77', 'infinity', 'sent', 'link is private', $3)`,
      [order, supplier, docket.clock.now()],
    )
    await doAtOnce(docket.db, account, { kind: 'speed up', ids: [BigInt(order)] }, docket.clock.now())
    ana = await openDesk(docket, { role: 'support' })
    const id = await opened(docket, account, { kind: 'count', orders: [order] })
    const { html } = await ana.get(`/desk/tickets/${id}`)
    for (const words of [
      `href="/desk/orders/${order}"`,
      'link is private',
      'speed-up requested',
      'Speed-up requested',
      '/desk/do/speed-up-answer?order=',
    ])
      expect(html).toContain(words)
    await ana.do('speed-up-answer', { order: String(order), words: 'They begin tonight.' })
    expect((await ana.get(`/desk/tickets/${id}`)).html).not.toContain('/desk/do/speed-up-answer')
  })

  test('offers saved replies with their values in the language of the customer, the one that is used most first', async () => {
    const { account, key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket, { name: 'Likes' }), quantity: 10 })
    const id = await opened(docket, account, { orders: [order], locale: 'sl' })
    const first = await run(house(), savedReplyAdd, { name: 'First', text: 'Naročilo {order}: {status}' })
    const second = await run(house(), savedReplyAdd, { name: 'Second', text: 'Ostane {remains} od {service}', language: 'sl' })
    await run(house(), savedReplyAdd, { name: 'Spanish', text: 'Hola', language: 'es' })
    const { html } = await ana.get(`/desk/tickets/${id}`)
    expect(html).toContain(`data-text="Naročilo ${order}: Čaka"`)
    expect(html).toContain('data-text="Ostane 10 od Likes"')
    expect(html).not.toContain('>Spanish<')
    // Without script, a link fills it in.
    expect((await ana.get(`/desk/tickets/${id}?saved=${second.reply}`)).html).toContain('>Ostane 10 od Likes</textarea>')
    await ana.post(`/desk/tickets/${id}/reply`, { text: 'Ostane 10', what: 'send', saved: String(second.reply), once: await once(id) })
    expect((await listSavedReplies(docket.db)).map((reply) => reply.id).slice(0, 2)).toEqual([second.reply, first.reply])
    expect((await ana.get('/desk/saved-replies')).html).toContain('Sent: 1')
  })

  test('tells who else is writing, and nobody of oneself', async () => {
    const id = await opened(docket, (await docket.account()).account)
    const ben = await openDesk(docket, { role: 'support' })
    const { rows } = await docket.db.query('select name from staff where id = $1', [ana.staffId])
    await ana.post(`/desk/tickets/${id}/writing`)
    expect((await ben.get(`/desk/tickets/${id}`)).html).toContain(`${rows[0].name} is writing`)
    expect((await ana.get(`/desk/tickets/${id}`)).html).not.toContain('is writing')
    docket.clock.forward({ seconds: 30 })
    expect((await ben.get(`/desk/tickets/${id}`)).html).not.toContain('is writing')
  })

  test('goes to the next that waits for the reader or for nobody', async () => {
    await docket.db.query(`update tickets set state = 'closed', waiting_since = null, closed_at = now() where state = 'waiting'`)
    const [one, two] = [await opened(docket, (await docket.account()).account), await opened(docket, (await docket.account()).account)]
    const next = await ana.post(`/desk/tickets/${one}/reply`, { text: 'Done', what: 'next', once: await once(one) })
    expect(next.location).toMatch(new RegExp(`^/desk/tickets/${two}\\?told=`))
    const last = await ana.post(`/desk/tickets/${two}/reply`, { text: 'Done', what: 'next', once: await once(two) })
    expect(last.location).toMatch(/^\/desk\/tickets\?told=/)
  })

  test('is given to a person and sorted by one form, and its priority is never shown to the customer', async () => {
    const id = await opened(docket, (await docket.account()).account)
    await ana.post(`/desk/tickets/${id}/sort`, { assignee: String(ana.staffId), priority: 'urgent', kind: 'money' })
    expect(await ticketOf(id)).toMatchObject({ assignee: ana.staffId, priority: 'urgent', kind: 'money' })
    await ana.post(`/desk/tickets/${id}/sort`, { assignee: '', priority: 'urgent', kind: 'money' })
    expect(await ticketOf(id)).toMatchObject({ assignee: null, priority: 'urgent' })
  })
})

describe('what needs a person', () => {
  test('has tickets that wait too long for their priority, and speed-ups', async () => {
    await docket.db.query(`update tickets set state = 'closed', waiting_since = null, closed_at = now() where state = 'waiting'`)
    const waits = async () => (await readTroubles(docket.db, ['ticket'], 50, docket.clock.now())).map(({ ticket }) => ticket)
    for (const priority of priorities) {
      const { account } = await docket.account()
      const id = await opened(docket, account, { text: 'Help' })
      await docket.db.query('update tickets set priority = $2 where id = $1', [id, priorities.indexOf(priority)])
      docket.clock.forward({ minutes: HOURS_TO_WAIT[priority] * 60 - 1 })
      expect(await waits()).not.toContain(id)
      docket.clock.forward({ minutes: 2 })
      ana = await openDesk(docket, { role: 'support' })
      expect(await waits()).toContain(id)
      expect((await ana.get('/desk/attention?kind=ticket')).html).toContain(`href="/desk/tickets/${id}"`)
      await replied(docket, account, id, 'Still here')
      expect(await waits()).toContain(id)
      await ana.post('/desk/attention', { 'form:act': 'ticket close', 'form:back': '/desk/attention', ticket: String(id) })
      expect(await waits()).not.toContain(id)
    }
  })
})
