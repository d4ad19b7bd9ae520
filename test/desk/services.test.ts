import { beforeAll, describe, expect, test } from 'vitest'
import { serviceBind } from '../../server/acts/service-bind.ts'
import { serviceSet } from '../../server/acts/service-set.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { readServiceLines } from '../../server/staff/log.ts'
import { houseOf, run } from '../support/acts.ts'
import { type DeskPages, hiddenIn, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
let desk: DeskPages
const house = () => houseOf(docket.db, docket.clock.now)
beforeAll(async () => {
  desk = await openDesk(docket)
})

const cell = (service: number, column: string, seen: string, wanted: string) => [service, column, seen, wanted].join('\t')
const is = async (service: number) => (await docket.db.query('select * from services where id = $1', [service])).rows[0]
const unescaped = (html: string) => html.replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** Looks at the preview of edited cells, and confirms it. */
async function save(cells: string[], further: Record<string, string> = {}) {
  const preview = await desk.post('/desk/services/preview', { cells: cells.join('\n'), back: '/desk/services' })
  expect(preview.status).toBe(200)
  const fields = { cells: cells.join('\n'), back: '/desk/services', once: hiddenIn(preview.html, 'once'), ...further }
  return { preview: preview.html, fields, done: await desk.post('/desk/services/save', fields) }
}

describe('the sheet of services', () => {
  test('shows price, cost and margin, in sections by category, and finds by words, state and trouble', async () => {
    const [cheap, plain] = [
      await docket.service({ category: 'Likes', rate: '1', name: 'Fast likes' }),
      await docket.service({ category: 'Views' }),
    ]
    await run(house(), serviceBind, { service: cheap, supplier: 'simulated', cost_rate: '1.25' })
    const { html } = await desk.get('/desk/services')
    expect(html).toContain(`data-service="${cheap}" data-cost="1.25"`)
    expect(html).toContain('-20%')
    expect(html.indexOf('<bdi>Likes</bdi>')).toBeLessThan(html.indexOf('<bdi>Views</bdi>'))
    const shown = async (query: string) => {
      const page = await desk.get(`/desk/services?${query}`)
      return [cheap, plain].filter((id) => page.html.includes(`data-service="${id}"`))
    }
    expect(await shown('q=fast+LIKES')).toEqual([cheap])
    expect(await shown(`q=${plain}`)).toEqual([plain])
    expect(await shown('category=Views')).toEqual([plain])
    expect(await shown('trouble=below+cost')).toEqual([cheap])
    expect(await shown('trouble=no+supplier')).toEqual([plain])
    expect(await shown('state=hidden')).toEqual([])
    expect((await desk.get('/desk/services?q=nothing+is+called+so')).html).toContain('No service is like this')
  })

  test('is read a page of 200 at a time, onwards and back, and never counted', async () => {
    const many = Array.from({ length: 450 }, (_, at) => ({ service: 20_000 + at, name: `Row ${at}`, category: 'Many', rate: '1' }))
    await importServices(docket.db, readServiceList(JSON.stringify(many)))
    const rowsOf = (html: string) => [...html.matchAll(/data-service="(\d+)"/g)].map(([, id]) => Number(id))
    const linkOf = (html: string, way: string) =>
      unescaped(new RegExp(`href="([^"]*[?&]amp;${way}=[^"]*|[^"]*[?]${way}=[^"]*)"`).exec(html)?.[1] ?? '')
    const first = await desk.get('/desk/services?category=Many')
    const second = await desk.get(linkOf(first.html, 'after'))
    const third = await desk.get(linkOf(second.html, 'after'))
    expect([first, second, third].map(({ html }) => rowsOf(html).length)).toEqual([200, 200, 50])
    expect([first, second, third].flatMap(({ html }) => rowsOf(html))).toEqual(many.map(({ service }) => service))
    expect(linkOf(third.html, 'after')).toBe('')
    expect(rowsOf((await desk.get(linkOf(third.html, 'before'))).html)).toEqual(rowsOf(second.html))
    expect(linkOf(first.html, 'before')).toBe('')
  })

  test('saves edited cells after a preview, once, and tells the line, which is undone', async () => {
    const [a, b] = [await docket.service({ rate: '1' }), await docket.service({ rate: '2', max: 100 })]
    const cells = [cell(a, 'rate', '1', '1.10'), cell(b, 'max', '100', '500'), cell(b, 'state', 'on sale', 'hidden')]
    const { preview, fields, done } = await save(cells)
    expect(preview).toContain('2 services would change')
    expect((await desk.post('/desk/services/save', fields)).location).toBe(done.location)
    expect(await is(a)).toMatchObject({ rate: '1.10' })
    expect(await is(b)).toMatchObject({ max: 500n, state: 'hidden' })
    const told = await desk.get(done.location!)
    const line = new URL(done.location!, 'http://desk').searchParams.get('told')!
    expect(told.html).toContain(`/desk/do/service-undo?line=${line}`)
    await desk.do('service-undo', { line })
    expect(await is(b)).toMatchObject({ max: 100n, state: 'on sale' })
  })

  test('asks whether to sell below cost, and previews whom a price does not reach', async () => {
    const service = await docket.service({ rate: '1' })
    await run(house(), serviceBind, { service, supplier: 'simulated', cost_rate: '0.95' })
    const { account } = await docket.account()
    await run(house(), serviceSet, { service, account, custom_rate: '0.98' })
    const { preview, fields, done } = await save([cell(service, 'rate', '1', '0.90')])
    expect(preview).toContain('Yes, sell below the cost')
    expect(preview).toContain('Customers with a rate of their own')
    expect(done.status).toBe(422)
    expect((await is(service)).rate).toBe('1')
    const again = await desk.post('/desk/services/save', { ...fields, once: 'again', below_cost: 'yes' })
    expect(again.status).toBe(303)
    expect((await is(service)).rate).toBe('0.90')
  })

  test('refuses the second of two people at one price with both values, and asks which one stands', async () => {
    const service = await docket.service({ rate: '1' })
    await run(house(), serviceSet, { service, rate: '1.30' })
    const cells = cell(service, 'rate', '1', '1.20')
    const refused = await desk.post('/desk/services/preview', { cells, back: '/desk/services' })
    expect(refused.status).toBe(422)
    for (const value of ['1</bdi>', '1.30</bdi>', '1.20</bdi>', 'tester']) expect(refused.html).toContain(value)
    const take = `take:${service}:rate`
    const theirs = await desk.post('/desk/services/decide', { cells, back: '/desk/services', [take]: 'theirs' })
    expect([theirs.status, theirs.location]).toEqual([303, '/desk/services'])
    const mine = await desk.post('/desk/services/decide', { cells, back: '/desk/services', [take]: 'mine' })
    expect(mine.status).toBe(200)
    expect(hiddenIn(mine.html, 'cells')).toBe(cell(service, 'rate', '1.30', '1.20'))
  })

  test('has new prices by a margin for a category, shown before they are made', async () => {
    const service = await docket.service({ category: 'Repriced', rate: '1' })
    await run(house(), serviceBind, { service, supplier: 'simulated', cost_rate: '1' })
    const form = { category: 'Repriced', by: 'margin', percent: '25', step: '0.01', services: '', back: '/desk/services' }
    const preview = await desk.post('/desk/services/reprice', form)
    expect(preview.html).toContain('1.25')
    expect((await is(service)).rate).toBe('1')
    await desk.post('/desk/services/reprice', { ...form, once: hiddenIn(preview.html, 'once') })
    expect((await is(service)).rate).toBe('1.25')
    const wrong = await desk.post('/desk/services/reprice', { ...form, percent: 'much' })
    expect(wrong.status).toBe(422)
  })

  test('lets a reader without the permission look, and not edit', async () => {
    const service = await docket.service()
    const reader = await openDesk(docket, { role: 'read-only' })
    const { html } = await reader.get(`/desk/services?q=${service}`)
    expect(html).toContain(`data-service="${service}"`)
    expect(html).not.toContain('data-column')
    expect((await reader.post('/desk/services/save', { cells: cell(service, 'max', '1', '2') })).status).toBe(403)
    expect((await reader.get(`/desk/services/${service}`)).html).not.toContain('/desk/do/')
  })
})

describe('the page of a service', () => {
  test('shows words, terms, suppliers, agreed rates and its history, also of changes of many', async () => {
    const [service, other] = [await docket.service({ rate: '1' }), await docket.service()]
    const { account } = await docket.account()
    await run(house(), serviceSet, { service, account, custom_rate: '0.70' })
    await desk.do('service-words', { service: String(service), language: 'sl', name: 'Podnapisi' })
    await desk.do('service-bind', { service: String(service), supplier: 'simulated', cost_rate: '0.5' })
    await save([cell(service, 'max', '1000000', '77'), cell(other, 'max', '1000000', '78')])
    const { html } = await desk.get(`/desk/services/${service}`)
    for (const text of ['Podnapisi', 'simulated', '0.70', '+100%', '1000000</bdi> → <bdi>77</bdi>', '/desk/do/service-undo'])
      expect(html).toContain(text)
    expect(html).not.toContain('<bdi>78</bdi>')
    expect(await readServiceLines(docket.db, service, null, 1)).toMatchObject([{ act: 'service set-many' }])
    expect((await desk.get('/desk/services/history')).html).toContain('<bdi>78</bdi>')
    expect((await desk.get('/desk/services/888888')).status).toBeGreaterThanOrEqual(400)
  })

  test('leads to a form that is filled in', async () => {
    const service = await docket.service({ rate: '1.5', name: 'To edit' })
    const { html } = await desk.get(`/desk/services/${service}/edit`)
    for (const value of ['To edit', '1.5']) expect(html).toContain(`value="${value}"`)
    expect(html).toMatch(/<select[^>]* name="cancel"[^]*?<option value="no" selected>/)
    await desk.do('service-set', { service: String(service), name: 'Edited' })
    expect((await is(service)).name).toBe('Edited')
  })
})

describe('the categories', () => {
  test('are moved by buttons, renamed, and hidden with all their services', async () => {
    const [one, two] = [await docket.service({ category: 'Cat one' }), await docket.service({ category: 'Cat two' })]
    await desk.post('/desk/categories/move', { category: 'Cat two', before: 'Cat one' })
    const { html } = await desk.get('/desk/categories')
    expect(html.indexOf('data-category="Cat two"')).toBeLessThan(html.indexOf('data-category="Cat one"'))
    const { preview } = await desk.do('category-set', { category: 'Cat two', state: 'hidden' })
    expect(preview).toContain(`${two} · State`)
    expect([(await is(one)).state, (await is(two)).state]).toEqual(['on sale', 'hidden'])
    expect((await desk.post('/desk/categories/move', { category: 'Nowhere', to: 'first' })).status).toBe(422)
  })
})

describe('the groups of customers', () => {
  test('are made, given rates and accounts, and shown', async () => {
    const service = await docket.service({ rate: '1' })
    const { account } = await docket.account()
    await desk.do('group-add', { name: 'Resellers', discount: '5' })
    const { html } = await desk.get('/desk/groups')
    const group = /\/desk\/groups\/(\d+)/.exec(html)![1]!
    await desk.do('group-rates', { group, rates: `${service}=0.80` })
    await desk.do('group-move', { group, accounts: String(account) })
    const page = (await desk.get(`/desk/groups/${group}`)).html
    for (const text of ['Resellers', '5 % off', '<bdi>0.80</bdi>', `/desk/customers/${account}`]) expect(page).toContain(text)
    expect((await desk.get(`/desk/services/${service}`)).html).toContain('Resellers')
    expect((await desk.get('/desk/groups/999999')).status).toBeGreaterThanOrEqual(400)
  })
})
