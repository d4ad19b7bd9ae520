import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parseUnits } from '../../server/ledger/money.ts'
import { LARGEST_PICTURE, redrawn } from '../../server/payments/pictures.ts'
import { manual } from '../../server/payments/gateways/manual.ts'
import { startPayment } from '../../server/payments/start.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { chunk } from '../support/png.ts'
import { offer, openPaymentDocket, paymentsOf } from '../payments/world.ts'
import type { GatewayCase } from '../payments/gateway-case.ts'

const docket = openPaymentDocket()
const PNG = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  chunk('IHDR', Buffer.from([0, 0, 0, 40, 0, 0, 0, 20, 8, 0, 0, 0, 0])),
  chunk('IDAT', deflateSync(Buffer.alloc(41 * 20))),
  chunk('IEND', Buffer.alloc(0)),
])

async function transfer() {
  const me = await ownPages(docket, { balance: '0' })
  const method = await offer(docket, { gateway: manual } as unknown as GatewayCase, { account: 'DE89370400440532013000' })
  const payment = await startPayment(await paymentsOf(docket), {
    account: { id: me.account, currency: 'USD', email: null },
    methodId: method.id,
    amount: parseUnits('50'),
    coupon: null,
    startKey: `form ${me.account}`,
    by: 'customer',
    language: 'en',
    about: 'Balance',
  })
  return { me, payment, page: `/funds/payments/${payment.id}` }
}

async function send(me: OwnPages, page: string, file: Buffer, csrf?: string) {
  const { html } = await me.get(page)
  const form = new FormData()
  form.set('csrf', csrf ?? me.hidden(html, 'csrf'))
  form.set('picture', new Blob([new Uint8Array(file)], { type: 'image/png' }), 'proof.png')
  const headers = { cookie: `docket-session=${me.token}; language=en`, origin: docket.node.url! }
  const response = await fetch(`${docket.node.url}${page}/proof`, { method: 'POST', body: form, headers, redirect: 'manual' })
  return { status: response.status, html: await response.text() }
}

describe('the picture of a transfer', () => {
  test('its customer sends it, sees it again, and sends another one instead; the payment waits for staff and does not end by itself', async () => {
    const { me, payment, page } = await transfer()
    expect((await me.get(`${page}/proof`)).status).toBe(404)
    expect((await send(me, page, PNG)).status).toBe(303)
    const shown = await me.get(`${page}/proof`)
    expect(shown.status).toBe(200)
    expect(Object.fromEntries(shown.response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    expect((await send(me, page, await redrawn(PNG))).status).toBe(303)
    const { rows } = await docket.db.query('select state from payments where id = $1', [payment.id])
    expect(rows).toEqual([{ state: 'seen' }])
    expect((await docket.db.query('select from payment_proofs where payment_id = $1', [payment.id])).rowCount).toBe(1)
    expect((await me.get(page)).html).toContain(`href="${page}/proof"`)
  })

  test('nobody else sees it or sends one', async () => {
    const { me, page } = await transfer()
    await send(me, page, PNG)
    const stranger = await ownPages(docket)
    expect((await stranger.get(`${page}/proof`)).status).toBe(404)
    const { html } = await stranger.get('/order')
    expect((await send(stranger, page, PNG, stranger.hidden(html, 'csrf'))).status).toBe(404)
    expect((await send(me, page, PNG, 'x'.repeat(43))).status).toBe(403)
    const visitor = await fetch(`${docket.node.url}${page}/proof`, { redirect: 'manual' })
    expect(visitor.status).toBe(303)
  })

  test.each([
    ['a page', Buffer.from('<script>alert(1)</script>'), 'not a picture we can read'],
    ['nothing', Buffer.alloc(0), 'not a picture we can read'],
    ['100 MB', Buffer.alloc(100_000_000), 'too large'],
    ['one byte too many', Buffer.alloc(LARGEST_PICTURE + 1), 'too large'],
  ])('%s is refused on the form, and nothing is kept', async (_, file, words) => {
    const { me, payment, page } = await transfer()
    const answer = await send(me, page, file)
    expect(answer.status).toBe(422)
    expect(answer.html).toContain(words)
    expect((await docket.db.query('select from payment_proofs where payment_id = $1', [payment.id])).rowCount).toBe(0)
  })

  test('a payment that is decided takes none', async () => {
    const { me, payment, page } = await transfer()
    const { html } = await me.get(page)
    await docket.db.query(`update payments set state = 'failed' where id = $1`, [payment.id])
    const answer = await send(me, page, PNG, me.hidden(html, 'csrf'))
    expect(answer.status).toBe(422)
    expect((await docket.db.query('select from payment_proofs where payment_id = $1', [payment.id])).rowCount).toBe(0)
  })
})
