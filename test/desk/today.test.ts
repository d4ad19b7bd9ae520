import { beforeAll, describe, expect, test } from 'vitest'
import { raiseAlert } from '../../server/loops/alerts.ts'
import { openAddingUp } from '../../server/reports/add-up.ts'
import { workExport } from '../../server/acts/export-worker.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { readsOnPrimary } from '../../server/db/long-reads.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

// The files are written by the test.
const docket = openDocket({ DOCKET_ROLE: 'http' })
const { clock } = docket
let service: number

async function addUp() {
  const adding = openAddingUp(docket.db, clock.now)
  while (!(await adding.round()));
}

beforeAll(async () => {
  service = await onSale(docket, { rate: '2', cancel: true, category: 'Follow, "me"', name: '=1+1' })
  const { key } = await docket.account({ balance: '50' })
  const euro = await docket.account({ balance: '7', currency: 'EUR' })
  await placed(docket, key, { service, quantity: 1000 })
  await placed(docket, euro.key, { service, quantity: 1000 })
  clock.forward({ days: 7 })
  const order = await placed(docket, key, { service, quantity: 3000 })
  await tell(docket, order, 'Partial', { remains: 1000 })
  clock.forward({ hours: 1 })
  await addUp()
})

describe('Today', () => {
  test('shows what was sold and given back today, against the same hours a week before, and what is owed', async () => {
    const { html } = await (await openDesk(docket)).get('/desk')
    expect(html).toMatch(/\$6\.00/)
    expect(html).toContain('+200% until 13:00')
    expect(html).toMatch(
      /<dt>Owed to customers<\/dt><dd><a href="\/desk\/money\/owed\?day=2026-03-08"><bdi class="figure" dir="ltr">\$44\.00/,
    )
    expect(html).toMatch(/<dt>Given back<\/dt><dd><a[^>]*><bdi class="figure" dir="ltr">\$2\.00/)
    expect(html).toContain('class="compared"')
    expect(html).toContain('Everything is counted up to')
    expect(html).toContain('Nothing needs you.')
  })

  test('opens the rows behind each of its numbers', async () => {
    const desk = await openDesk(docket)
    const { html } = await desk.get('/desk')
    const numbers = [...html.matchAll(/<a href="([^"]*)"><bdi class="figure" dir="ltr">[^<]*<\/bdi><\/a>/g)]
    expect(numbers.map(([, href]) => /^\/desk\/[a-z/]+/.exec(href!)![0])).toEqual(
      ['orders', 'reports', 'reports', 'reports', 'money', 'money/owed'].map((path) => `/desk/${path}`),
    )
    const cells = [...html.matchAll(/<td[^>]*>(<a href="([^"]*)">)?/g)]
    expect(cells.filter(([, link]) => link === undefined)).toEqual([])
    const hrefs = new Set(
      [...numbers.map(([, href]) => href!), ...cells.map(([, , href]) => href!)].map((href) => href.replaceAll('&amp;', '&')),
    )
    for (const href of hrefs) expect([href, (await desk.get(href)).status]).toEqual([href, 200])
    const ofHour = [...hrefs].find((href) => href.includes('orders?hour=2026-03-08T12'))!
    expect((await desk.get(ofHour)).html.match(/<tr[^>]*data-row/g)).toHaveLength(1)
    expect((await desk.get('/desk/orders?hour=2026-03-08T11')).html).not.toMatch(/<tr[^>]*data-row/)
    expect((await desk.get('/desk/money?cause=refund&until=2026-03-08')).html).toContain('$2.00')
  })

  test('shows one currency at a time', async () => {
    const { html } = await (await openDesk(docket)).get('/desk?currency=EUR')
    expect(html).toContain('€5.00')
    expect(html).toMatch(/href="\/desk\?currency=USD"/)
  })

  test('tells what needs a person above the figures, a line per kind that leads to it', async () => {
    await raiseAlert(docket.db, { kind: 'supplier away', supplierId: null, orderId: null, words: 'test' }, clock.now())
    const { html } = await (await openDesk(docket)).get('/desk/today')
    expect(html).toMatch(/<a href="\/desk\/attention\?kind=supplier"><strong class="figure">1<\/strong> Suppliers and their answers/)
    await docket.db.query('update alerts set closed_at = now()')
  })

  test('leaves out money for those who may not see it, and works all the same', async () => {
    const { status, html } = await (await openDesk(docket, { role: 'fulfilment' })).get('/desk')
    expect(status).toBe(200)
    expect(html).not.toContain('Owed to customers')
    expect(html).toContain('Nothing needs you.')
    expect(html.includes('/desk/reports')).toBe(false)
  })
})

/** The file of a report, written by the job as soon as it was asked for. */
async function takenOut(desk: DeskPages, fields: Record<string, string>): Promise<string> {
  const asked = await desk.post('/desk/reports/export', fields)
  expect(asked.location).toMatch(/^\/desk\/files\?told=\d+$/)
  await workExport({ db: docket.db, longReads: readsOnPrimary, now: clock.now })
  const [, href] = /href="(\/desk\/files\/\d+\/file)"/.exec((await desk.get(asked.location!)).html)!
  return (await desk.raw(href!)).toString()
}

describe('Reports', () => {
  test.each([
    ['by=day&from=2026-03-01&to=2026-03-08', ['Sun, Mar 1', 'Sun, Mar 8', '$8.00']],
    ['by=hour&from=2026-03-08&to=2026-03-08', ['2026-03-08 12:00']],
    ['by=month&from=2026-03-01&to=2026-03-31', ['2026-03']],
    ['by=service&from=2026-03-01&to=2026-03-08', ['=1+1', 'Total (EUR)', 'Total (USD)']],
    ['by=category&from=2026-03-01&to=2026-03-08', ['Follow, &quot;me&quot;']],
    ['by=customer&from=2026-03-01&to=2026-03-08', ['customer1@example.com']],
    ['by=supplier&from=2026-03-01&to=2026-03-08&sort=margin', ['Total (USD)']],
    ['by=customer&service=1', ['No sums are kept of these together']],
    ['by=what&from=yesterday&after=nonsense&sort=-', ['Days']],
    ['by=day&from=2020-01-01&to=2020-01-02', ['Nothing was sold or given back']],
  ])('%s', async (query, words) => {
    const { status, html } = await (await openDesk(docket, { role: 'money' })).get(`/desk/reports?${query}`)
    expect(status).toBe(200)
    for (const word of words) expect(html).toContain(word)
  })

  test('are taken out as a file, which the log tells', async () => {
    const desk = await openDesk(docket, { role: 'money' })
    const fields = { by: 'service', from: '2026-03-01', to: '2026-03-08', currency: 'USD', category: 'Follow, "me"' }
    const csv = await takenOut(desk, { ...fields, format: 'csv' })
    expect(csv).toBe(
      '\uFEFFservice,name,currency,orders,sold,refunds,given_back,cost,cost_said,margin,orders_without_cost\r\n' +
        `${service},'=1+1,USD,2,8.00000,1,2.00000,0.00000,0.00000,6.00000,2\r\n`,
    )
    const lines = await takenOut(desk, { ...fields, format: 'jsonl' })
    expect(JSON.parse(lines)).toMatchObject({ service: String(service), sold: '8.00000', given_back: '2.00000' })
    const { rows } = await docket.db.query(
      `select act, who, after ->> 'format' as format from staff_log where act = 'report export' order by line`,
    )
    expect(rows).toEqual([
      { act: 'report export', who: desk.email, format: 'csv' },
      { act: 'report export', who: desk.email, format: 'jsonl' },
    ])
  })

  test('turn pages by a cursor', async () => {
    const desk = await openDesk(docket)
    const first = (await desk.get('/desk/reports?by=service&from=2026-03-01&to=2026-03-08&sort=sold')).html
    expect(first).not.toContain('after=')
    const after = encodeURIComponent(`800000|USD|${service}`)
    const second = (await desk.get(`/desk/reports?by=service&from=2026-03-01&to=2026-03-08&sort=sold&after=${after}`)).html
    expect(second).not.toContain('800000')
    expect(second).toContain('€2.00')
  })

  test('tell what was owed to customers on a past day', async () => {
    const desk = await openDesk(docket, { role: 'money' })
    const { html } = await desk.get('/desk/money/owed?day=2026-03-01')
    expect(html).toMatch(/\$48\.00/)
    expect(html).toMatch(/\$44\.00/)
    expect((await desk.get('/desk/reports/owed?day=2026-03-01')).location).toBe('/desk/money/owed?day=2026-03-01')
    expect((await (await openDesk(docket, { role: 'fulfilment' })).get('/desk/reports')).status).toBe(403)
  })
})
