import { describe, expect, test } from 'vitest'
import { accountViewAs } from '../../server/acts/account-view-as.ts'
import { ticketMerge } from '../../server/acts/ticket-merge.ts'
import { ticketNote } from '../../server/acts/ticket-note.ts'
import { ticketReply } from '../../server/acts/ticket-reply.ts'
import { LARGEST_PICTURE } from '../../server/payments/pictures.ts'
import { findTicket } from '../../server/support/tickets.ts'
import { partsOfText } from '../../server/web/ui/plain-text.tsx'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { pngOf } from '../support/png.ts'
import { opened, usualFor } from '../support/tickets.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)

const PNG = pngOf(40, 20, Buffer.alloc(41 * 20))

/** Sends a form with pictures. */
async function send(me: OwnPages, path: string, fields: Record<string, string>, pictures: readonly Buffer[] = []) {
  const { html } = await me.get('/support/new')
  const form = new FormData()
  for (const [name, value] of Object.entries({ csrf: me.hidden(html, 'csrf'), once: me.hidden(html, 'once'), ...fields }))
    form.set(name, value)
  for (const picture of pictures) form.append('pictures', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'picture.png')
  const headers = { cookie: `docket-session=${me.token}; language=en`, origin: docket.node.url! }
  const response = await fetch(docket.node.url + path, { method: 'POST', body: form, headers, redirect: 'manual' })
  return { status: response.status, html: await response.text(), location: response.headers.get('location') }
}

const ticketsOf = async (me: OwnPages) => (await docket.db.query('select id from tickets where account_id = $1', [me.account])).rowCount

describe('a new ticket', () => {
  test('is about orders that were found, ticked or pasted, and is read by its customer only', async () => {
    const me = await ownPages(docket)
    const service = await onSale(docket, { name: 'Likes' })
    const [a, b] = [await placed(docket, me.key, { service, quantity: 10 }), await placed(docket, me.key, { service, quantity: 20 })]
    const found = await send(me, '/support/new', { step: 'find', find: String(a), kind: 'count', orders: String(b), text: 'Only 3 came' })
    expect(found.status).toBe(200)
    expect(found.html).toContain(`name="order-${a}"`)
    expect(found.html).toMatch(new RegExp(`name="order-${b}" value="on" checked`))
    expect(found.html).toContain('Only 3 came')
    const sent = await send(me, '/support/new', {
      step: 'write',
      kind: 'count',
      [`order-${a}`]: 'on',
      orders: `#${b}`,
      text: 'Only 3 came',
    })
    expect(sent).toMatchObject({ status: 303, location: expect.stringMatching(/^\/support\/\d+\?done=opened$/) })
    const page = await me.get(sent.location!)
    for (const words of ['Your ticket is open', 'Wrong count', `Order ${a}`, `Order ${b}`, 'Only 3 came'])
      expect(page.html).toContain(words)
    const stranger = await ownPages(docket)
    expect((await stranger.get(sent.location!)).status).toBe(404)
    expect((await send(stranger, `${sent.location!.split('?', 1)[0]}/reply`, { text: 'Mine' })).status).toBe(404)
  })

  test.each([
    ['no kind', { text: 'Hello' }, 'Choose what it is about.'],
    ['no text', { kind: 'other' }, 'Write what it is about.'],
    ['a foreign order', { kind: 'count', orders: '999999', text: 'Hello' }, 'You have no order 999999.'],
    ['what is no number', { kind: 'count', orders: 'x1', text: 'Hello' }, 'These are no numbers of orders: x1'],
    [
      'too many orders',
      { kind: 'count', orders: Array.from({ length: 101 }, (_, at) => at + 1).join(' '), text: 'Hello' },
      'Choose at most 100 orders.',
    ],
    ['too long a text', { kind: 'other', text: 'x'.repeat(5001) }, 'At most 5,000 characters.'],
    ['nothing to cancel', { step: 'do', kind: 'cancel' }, 'Choose at least one order.'],
  ])('with %s is shown again with what is wrong', async (_, fields, words) => {
    const me = await ownPages(docket)
    const answer = await send(me, '/support/new', fields)
    expect(answer.status).toBe(422)
    expect(answer.html).toContain(words)
    expect(await ticketsOf(me)).toBe(0)
  })

  test('sent twice is one ticket', async () => {
    const me = await ownPages(docket)
    const fields = { kind: 'other', text: 'Hello', once: '00000000-0000-4000-8000-000000000000' }
    const [one, other] = await Promise.all([send(me, '/support/new', fields), send(me, '/support/new', fields)])
    expect(one.location).toBe(other.location)
    expect(await ticketsOf(me)).toBe(1)
  })

  test('filled with text only is plain text on its page, with addresses that can be opened', async () => {
    const me = await ownPages(docket)
    const text = '<script>alert(1)</script> https://example.com/a?b=1&c="x" javascript:alert(1) (http://example.org).'
    const { location } = await send(me, '/support/new', { kind: 'other', text })
    const { html } = await me.get(location!)
    expect(html).toContain('&lt;script>alert(1)&lt;/script>')
    expect(html).toContain('<a href="https://example.com/a?b=1&amp;c=" target="_blank" rel="noopener noreferrer nofollow ugc">')
    expect(html).toContain('<a href="http://example.org" ')
    expect(html).not.toContain('href="javascript:')
  })
})

describe('what is requested at once', () => {
  test('needs no ticket, and says for each order what came of it, also when the page is loaded again', async () => {
    const me = await ownPages(docket)
    const service = await onSale(docket, { cancel: true })
    await usualFor(docket, service)
    const [late, ended] = [await placed(docket, me.key, { service, quantity: 10 }), await placed(docket, me.key, { service, quantity: 10 })]
    await tell(docket, ended, 'Completed')
    const early = await placed(docket, me.key, { service: await onSale(docket), quantity: 10 })
    docket.clock.forward({ hours: 2 })
    const hurried = await send(me, '/support/new', { step: 'do', kind: 'speed up', orders: `${late} ${ended} ${early}` })
    expect(hurried.status).toBe(303)
    for (let time = 0; time < 2; time += 1) {
      const { html } = await me.get(hurried.location!)
      for (const words of ['Speed-up requested.', 'The order has ended.', 'Too few orders of this service']) expect(html).toContain(words)
      expect(html).toContain(`/support/new?kind=other&amp;orders=${ended}%2C${early}`)
    }
    const cancelled = await send(me, '/support/new', { step: 'do', kind: 'cancel', orders: `${late}` })
    expect((await me.get(cancelled.location!)).html).toContain('Canceled')
    expect(await ticketsOf(me)).toBe(0)
  })

  test('stands on the page of the order: a speed-up while it is late, and the way to a ticket', async () => {
    const me = await ownPages(docket)
    const service = await onSale(docket)
    await usualFor(docket, service)
    const order = await placed(docket, me.key, { service, quantity: 10 })
    expect((await me.get(`/orders/${order}`)).html).not.toContain(`/orders/${order}/speed-up`)
    docket.clock.forward({ hours: 2 })
    const { html } = await me.get(`/orders/${order}`)
    expect(html).toContain(`action="/orders/${order}/speed-up"`)
    expect(html).toContain(`href="/support/new?orders=${order}"`)
    expect(await me.post(`/orders/${order}/speed-up`, {})).toMatchObject({ status: 303, location: `/orders/${order}?done=speed-up` })
    const again = await me.post(`/orders/${order}/speed-up`, {})
    expect([again.status, again.html.includes('The speed-up was requested already.')]).toEqual([422, true])
    const id = await opened(docket, me.account, { orders: [order] })
    expect((await me.get(`/orders/${order}`)).html).toContain(`href="/support/${id}"`)
    const stranger = await ownPages(docket)
    expect((await stranger.post(`/orders/${order}/speed-up`, {})).status).toBe(404)
  })
})

describe('a ticket', () => {
  test('shows the answers of staff under the name of the house, never who wrote them nor their notes, and is seen by that', async () => {
    const me = await ownPages(docket)
    const id = await opened(docket, me.account)
    await run(house(), ticketNote, { ticket: Number(id), note: 'A secret of staff' })
    await run(house(), ticketReply, { ticket: Number(id), text: 'It is on its way' })
    expect((await me.get('/')).html).toContain('There is an answer in a ticket of yours.')
    expect((await me.get('/support')).html).toContain('New answer')
    const { html } = await me.get(`/support/${id}`)
    expect(html).toContain('It is on its way')
    expect(html).not.toContain('A secret of staff')
    expect(html).not.toContain('tester')
    expect((await me.get('/support')).html).not.toContain('New answer')
    expect((await me.get('/')).html).not.toContain('There is an answer in a ticket of yours.')
  })

  test('is not seen by staff who look at the pages of its customer, and who write nothing there', async () => {
    const me = await ownPages(docket)
    const id = await opened(docket, me.account)
    await run(house(), ticketReply, { ticket: Number(id), text: 'It is on its way' })
    const view = await run(house(), accountViewAs, { account: me.account, reason: 'to look' })
    const link = await fetch(docket.node.url + new URL((view as { link: string }).link).pathname, { redirect: 'manual' })
    const cookie = link.headers
      .getSetCookie()
      .map((each) => each.split(';', 1)[0])
      .join('; ')
    const page = await fetch(`${docket.node.url}/support/${id}`, { headers: { cookie }, redirect: 'manual' })
    expect([page.status, (await page.text()).includes('It is on its way')]).toEqual([200, true])
    expect((await findTicket(docket.db, id))!.seenByCustomer).toBeLessThan(
      (await docket.db.query('select max(id) as id from ticket_messages')).rows[0].id,
    )
    const written = await fetch(`${docket.node.url}/support/${id}/reply`, {
      method: 'POST',
      body: new FormData(),
      headers: { cookie, origin: docket.node.url! },
    })
    expect(written.status).toBe(403)
  })

  test('that was merged leads to the one that goes on with it, from every address', async () => {
    const me = await ownPages(docket)
    const [one, two] = [await opened(docket, me.account), await opened(docket, me.account)]
    await run(house(), ticketMerge, { ticket: Number(one), into: Number(two) })
    const { status, response } = await me.get(`/support/${one}`)
    expect([status, response.headers.get('location')]).toEqual([303, `/support/${two}`])
    expect((await me.get(`/support?find=${one}`)).html).toContain(`href="/support/${two}"`)
  })

  test('is closed and reopened by its customer, and found by its number and by that of its order', async () => {
    const me = await ownPages(docket)
    const order = await placed(docket, me.key, { service: await onSale(docket), quantity: 10 })
    const id = await opened(docket, me.account, { orders: [order] })
    expect(await me.post(`/support/${id}/close`, {})).toMatchObject({ status: 303, location: `/support/${id}?done=closed` })
    expect((await findTicket(docket.db, id))!.state).toBe('closed')
    await me.post(`/support/${id}/reopen`, {})
    expect((await findTicket(docket.db, id))!.state).toBe('waiting')
    for (const number of [id, order]) expect((await me.get(`/support?find=${number}`)).html).toContain(`href="/support/${id}"`)
    const stranger = await ownPages(docket)
    for (const path of ['close', 'reopen']) expect((await stranger.post(`/support/${id}/${path}`, {})).status).toBe(404)
    expect((await stranger.get(`/support?find=${order}`)).html).not.toContain(`href="/support/${id}"`)
  })
})

describe('pictures', () => {
  test('are drawn anew and seen by their customer only', async () => {
    const me = await ownPages(docket)
    const polyglot = Buffer.concat([PNG, Buffer.from('PK\x03\x04<script>alert(1)</script>')])
    const { location } = await send(me, '/support/new', { kind: 'other', text: 'Look' }, [PNG, polyglot])
    const { html } = await me.get(location!)
    const addresses = [...html.matchAll(/<img src="([^"]+)"/g)].map(([, address]) => address!)
    expect(addresses).toHaveLength(2)
    const stranger = await ownPages(docket)
    for (const address of addresses) {
      const { status, response } = await me.get(address)
      expect(status).toBe(200)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'image/jpeg',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'private, no-store',
      })
      expect((await stranger.get(address)).status).toBe(404)
      const other = await opened(docket, stranger.account)
      expect((await stranger.get(address.replace(/^\/support\/\d+/, `/support/${other}`))).status).toBe(404)
    }
    const { rows } = await docket.db.query('select picture from ticket_pictures')
    for (const { picture } of rows) expect(picture.includes('script')).toBe(false)
  })

  test.each([
    ['a page', [Buffer.from('<script>alert(1)</script>')], 'not a picture we can read'],
    ['100 MB', [Buffer.alloc(100_000_000)], 'too large'],
    ['one byte too many', [Buffer.alloc(LARGEST_PICTURE + 1)], 'too large'],
    ['a bomb of a hundred million pixels', [pngOf(10_000, 10_000, Buffer.alloc(10_001 * 100))], 'too large'],
    ['a GIF', [Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;')], 'not a picture we can read'],
    ['an SVG', [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')], 'not a picture we can read'],
    ['four pictures', [PNG, PNG, PNG, PNG], 'At most 3 pictures'],
  ])('%s is refused on the form, which keeps its text, and nothing is kept', async (_, files, words) => {
    const me = await ownPages(docket)
    const answer = await send(me, '/support/new', { kind: 'other', text: 'My words' }, files)
    expect(answer.status).toBe(422)
    expect(answer.html).toContain(words)
    expect(answer.html).toContain('My words')
    expect(await ticketsOf(me)).toBe(0)
  })

  test('of many forms at once are held a few at a time, and the others are told to try again', async () => {
    const me = await ownPages(docket)
    const large = Buffer.alloc(2_000_000)
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(me, '/support/new', { kind: 'other', text: 'Hello' }, [large])))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422]))
    // Whatever came of them, the next form has room again.
    expect((await send(me, '/support/new', { kind: 'other', text: 'Hello' }, [PNG])).status).toBe(303)
  })
})

describe('addresses in a text', () => {
  test.each([
    ['see https://example.com/a.', ['see ', 'https://example.com/a', '.']],
    ['(http://example.com/a_(b)).', ['(', 'http://example.com/a_(b)', ').']],
    ['ftp://example.com javascript:alert(1)', ['ftp://example.com javascript:alert(1)']],
    ['http:// https://', ['http:// https://']],
    ['a https://x.com b https://y.com', ['a ', 'https://x.com', ' b ', 'https://y.com']],
    ['', []],
  ])('%s', (text, parts) => {
    expect(partsOfText(text).map((part) => part.text)).toEqual(parts)
  })
})
