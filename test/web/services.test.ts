import { beforeAll, describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { MOST_FAVOURITES } from '../../server/catalog/favourites.ts'
import { importServices, readServiceList, setCustomRate } from '../../server/catalog/import.ts'
import { openDocket } from '../support/docket.ts'
import { catalogueIsHeard, change, MARK, onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { asScript } from '../support/page-script.ts'
import { statementsOf } from '../support/statements.ts'
import { wideOffer } from '../support/wide-offer.ts'

const docket = openDocket()
const FIRST = 10_001

/** The services of a page, as they stand. */
async function listed(me: OwnPages, query = ''): Promise<number[]> {
  const { html } = await me.get(`/services${query}`)
  const ids = [...html.matchAll(/<li id="service-(\d+)"/g)].map(([, id]) => Number(id))
  return ids.filter((id) => id !== MARK)
}
const countOf = async (me: OwnPages, query: string) => / role="status">([\d,]+) service/.exec((await me.get(`/services${query}`)).html)?.[1]
const star = (me: OwnPages, service: number, keep: 'yes' | 'no', back = '') => me.post(`/services/${service}/favourite`, { keep, back })

describe('the list of services', () => {
  let me: OwnPages
  beforeAll(async () => {
    await importServices(docket.db, readServiceList(JSON.stringify(wideOffer(400))))
    me = await ownPages(docket)
    await catalogueIsHeard(docket)
  })

  test('words in any order, without capitals and accents, in number, name and category', async () => {
    const accented = await onSale(docket, { name: 'Señales de prueba — 4K/día', category: 'Éxito' })
    expect(await listed(me, '?find=DIA+senales')).toEqual([accented])
    expect(await listed(me, '?find=exito+4k')).toEqual([accented])
    expect(await listed(me, `?find=${FIRST}`)).toEqual([FIRST])
    expect(await countOf(me, '?find=followers+instagram')).toBe('4')
    expect(await listed(me, '?find=nothing-is-called-so')).toEqual([])
  })

  test('only what has all the marks that are asked for', async () => {
    const ids = await listed(me, '?dripfeed=yes&refill=yes&cancel=yes')
    expect(ids.slice(0, 3)).toEqual([FIRST, FIRST + 30, FIRST + 60])
    expect(await countOf(me, '?refill=yes')).toBe('134')
    expect(await countOf(me, '?refill=yes&category=Instagram+followers')).toBe('2')
  })

  test('is ordered by price at the own rates, equals as the house lists them, and keeps its order from page to page', async () => {
    const reader = await ownPages(docket)
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, reader.account, FIRST + 300, '0.001'))
    await catalogueIsHeard(docket)

    const pages = [await listed(reader, '?sort=price&find=batch'), await listed(reader, '?sort=price&find=batch&page=2')]

    expect(pages[0]!.slice(0, 4)).toEqual([FIRST + 300, FIRST, FIRST + 1, FIRST + 2])
    expect(new Set(pages.flat()).size).toBe(100)
    expect((await listed(me, '?sort=name&find=batch'))[0]).toBe((await listed(me, '?sort=name&find=facebook'))[0])
  })

  test('a star is kept and taken back, leads back to where it was pressed, and is nobody else’s', async () => {
    const [mine, other] = [await ownPages(docket), await ownPages(docket)]
    const back = 'find=followers&page=2&next=//elsewhere.example'

    expect(await star(mine, FIRST + 7, 'yes', back)).toMatchObject({
      status: 303,
      location: `/services?find=followers&page=2#service-${FIRST + 7}`,
    })
    expect(await listed(mine, '?favourites=yes')).toEqual([FIRST + 7])
    expect((await mine.get(`/services?find=${FIRST + 7}`)).html).toMatch(/value="no" class="star" aria-pressed="true"/)
    expect(await listed(other, '?favourites=yes')).toEqual([])
    expect((await mine.get('/order')).html).toContain(`data-favourites="${FIRST + 7}"`)

    await star(other, FIRST + 7, 'no')
    expect(await listed(mine, '?favourites=yes')).toEqual([FIRST + 7])
    await star(mine, FIRST + 7, 'no')
    expect(await listed(mine, '?favourites=yes')).toEqual([])
  })

  test('stars beyond the stated number are refused in a sentence, to people and to the page’s script', async () => {
    const keen = await ownPages(docket)
    for (let at = 0; at < MOST_FAVOURITES; at += 1) await asScript(docket, keen, `/services/${FIRST + at}/favourite`, { keep: 'yes' })

    const page = await star(keen, FIRST + 200, 'yes')
    const data = await asScript(docket, keen, `/services/${FIRST + 200}/favourite`, { keep: 'yes' })

    expect(page.status).toBe(422)
    expect(page.html).toContain('You can have up to 100 favourites: remove one first.')
    expect(data).toEqual({ status: 422, data: { fault: 'You can have up to 100 favourites: remove one first.' } })
    expect(await asScript(docket, keen, `/services/${FIRST}/favourite`, { keep: 'no' })).toEqual({ status: 200, data: { kept: false } })
    expect(await countOf(keen, '?favourites=yes')).toBe('99')
  })

  test('a star without our token, for a service that is not there, or by a stranger, is refused', async () => {
    expect((await me.post(`/services/${FIRST}/favourite`, { keep: 'yes' }, 'wrong')).status).toBe(403)
    expect((await star(me, 99, 'yes')).status).toBe(422)
    expect((await star(me, 0, 'yes')).status).toBe(422)
    expect((await fetch(`${docket.node.url}/services/${FIRST}/favourite`, { method: 'POST', redirect: 'manual' })).status).toBe(403)
    expect(await listed(me, '?favourites=yes')).toEqual([])
  })

  test('takes as many statements for thousands of services as for one', async () => {
    await me.get('/services')
    const statements = await statementsOf(() => me.get('/services?find=real&sort=price'))
    expect(statements.length).toBeLessThanOrEqual(6)
  })
})

describe('what changed', () => {
  const rowsOf = (html: string) =>
    [...html.matchAll(/<li><div class="what">(.*?)<\/li>/gs)].map(([, row]) =>
      row!
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )

  test('is told at the caller’s own rates, newest first, and counted on the list', async () => {
    const [plain, agreed] = [await ownPages(docket), await ownPages(docket)]
    const service = await onSale(docket, { name: 'Turning <b>', category: 'Turns', rate: '1' })
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, agreed.account, service, '0.8'))
    await change(docket, service, { rate: '1.25' })
    await change(docket, service, { state: 'disabled' })

    const of = async (who: OwnPages) => rowsOf((await who.get('/services/changes')).html).filter((row) => row.includes('Turning'))
    const told = await of(plain)

    expect(told.map((row) => row.replace(/ · [^·]* UTC/, ''))).toEqual([
      `Removed Turning &lt;b> ${service} · Turns $1.25`,
      `Price up Turning &lt;b> ${service} · Turns $1.00 → $1.25 +25%`,
      `New Turning &lt;b> ${service} · Turns $1.00`,
    ])
    expect((await of(agreed)).map((row) => row.replace(/ · [^·]* UTC/, ''))).toEqual([
      `Removed Turning &lt;b> ${service} · Turns $0.80`,
      `Price down Turning &lt;b> ${service} · Turns $1.00 → $0.80 -20%`,
      `New Turning &lt;b> ${service} · Turns $1.00`,
    ])
  })

  test('goes on page by page without a line told twice', async () => {
    const reader = await ownPages(docket)
    const first = (await reader.get('/services/changes')).html
    const older = /href="(\/services\/changes\?before=\d+)"/.exec(first)![1]!
    const second = (await reader.get(older)).html

    expect(rowsOf(first)).toHaveLength(50)
    expect(rowsOf(second)).toHaveLength(50)
    expect(new Set([...rowsOf(first), ...rowsOf(second)]).size).toBe(100)
    expect(second).toContain('Newest')
  })

  test('stands on the list as a number of the last seven days', async () => {
    const reader = await ownPages(docket)
    const service = await onSale(docket, { rate: '1' })
    const changed = async () => /([\d,]+) services? changed in the last seven days/.exec((await reader.get('/services')).html)?.[1]
    const before = Number((await changed())?.replace(',', '') ?? 0)
    await change(docket, service, { state: 'disabled' })
    const gone = Number((await changed())?.replace(',', '') ?? 0)
    await change(docket, service, { state: 'on sale' })

    // It was new within the week: gone again, it is no change.
    expect(gone).toBe(before - 1)
    expect(Number((await changed())?.replace(',', ''))).toBe(before)
  })

  test('a stranger is asked to sign in', async () => {
    const response = await fetch(`${docket.node.url}/services/changes`, { redirect: 'manual' })
    expect(response.headers.get('location')).toMatch(/^\/sign-in\?next=/)
  })
})
