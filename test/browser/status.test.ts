import { beforeAll, expect, test } from 'vitest'
import type { ActWith } from '../../server/acts/act.ts'
import { changelogAdd } from '../../server/acts/changelog-set.ts'
import { incidentOpen, incidentSettle, incidentUpdate } from '../../server/acts/incident-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { houseOf, run } from '../support/acts.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { ownPages } from '../support/own-pages.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, picture } from './browser.ts'

const LONG = 'A name that is very long, and longer, and longer'

describeInBrowser('how the house does in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel', DOCKET_SECRET: 'a secret of at least thirty-two characters' })
  const act = (which: ActWith<object>, input: object) => run(houseOf(docket.db, docket.clock.now), which, input)
  let ana: DeskPages
  beforeAll(async () => {
    const now = docket.clock.now()
    await docket.db.query(NINETY_DAYS, [now])
    for (let n = 0; n < 13; n += 1) await docket.db.query(A_SUPPLIER, [`s${n}`, n < 2 ? `${LONG} ${n}` : null, n !== 1, now])
    const services: number[] = []
    for (const category of ['Words', LONG]) {
      services.push(await onSale(docket, { name: `Captions of ${category}`, category }))
      await docket.db.query(SOME_TIMES, [now, category])
    }
    await act(settingsSet, { status_page: true, front_services: true })
    await act(incidentOpen, { title: 'Deposits are late', text: 'Our **provider** is slow.\n\n- Wait', affects: ['deposits'], began: '2026-02-20' })
    await act(incidentUpdate, { incident: 1, title: 'It gets better', text: 'Half of them arrive at once.' })
    await act(incidentSettle, { incident: 1 })
    await act(incidentOpen, { title: 'Slow starts', text: `Orders start late: ${'Wort'.repeat(30)}`, affects: ['orders', 'suppliers'] })
    await docket.db.query(FOUND, [now])
    await change(docket, services[0]!, { min: 5, max: 5000, name: 'Captions renamed', rate: '1.5' })
    await act(changelogAdd, { title: 'Subscriptions end by themselves', text: 'From now on `posts` is **kept**.' })
    docket.clock.forward({ minutes: 1 })
    ana = await openDesk(docket)
  }) // prettier-ignore
  const visit = (path: string, looks: Looks = {}) => browser.visit(docket.node.url + path, browserOf(undefined, docket.node.url!, looks))

  test.each(LOCALES)('its pages are for everybody, in %s', async (locale) => {
    for (const path of ['/status', '/status/incidents', '/api/changelog']) {
      const page = await visit(`/${locale}${path}`, { locale })
      await picture(page, `status ${locale} ${path}`)
      await isForEverybody(page)
      await page.context().close()
    }
    const phone = await visit(`/${locale}/status`, { locale, narrow: true, dark: true })
    await picture(phone, `status ${locale} phone`)
  })

  test('a stranger reads a bar and an incident without script, and a customer is led there', async () => {
    const page = await visit('/en', { script: false })
    await page.getByRole('link', { name: 'Status' }).click()
    const days = page.getByRole('list', { name: 'The last 90 days' }).first()
    expect(await days.getByRole('listitem').count()).toBe(90)
    expect(await days.getByRole('listitem').last().textContent()).toMatch(/Mar 1, 2026: .*available/)
    await page.getByRole('link', { name: 'Slow starts' }).click()
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Slow starts'])
    const me = await ownPages(docket)
    const own = await browser.visit(`${docket.node.url}/services`, browserOf(me, docket.node.url!))
    await isForEverybody(own)
    await picture(own, 'status banner')
    await own.getByRole('link', { name: 'Slow starts' }).click()
    await own.waitForURL(/\/en\/status\/incidents\/2$/)
  })

  test('staff write an incident and an entry of the changelog at the desk', async () => {
    const page = await browser.visit('about:blank', { locale: 'en' })
    const [name, value] = ana.cookie.split('=') as [string, string]
    await page.context().addCookies([{ name, value, url: docket.node.url! }])
    for (const path of ['/desk/incidents', '/desk/incidents/1', '/desk/incidents/1/2/sl', '/desk/changelog', '/desk/changelog/1']) {
      await page.goto(docket.node.url + path)
      await isForEverybody(page)
      await picture(page, path)
    }
    await page.goto(`${docket.node.url}/desk/changelog/1/de`)
    await page.getByLabel('Title').fill('Neu')
    await page.getByLabel('Text').fill('Das ist **neu**.')
    await page.getByRole('button', { name: 'Save as a new version' }).click()
    await page.waitForURL(/\/desk\/changelog\/1/)
    expect(await page.getByText('Das ist').count()).toBe(1)
  })
})

/** Eighty days of an API with bad days, a day without figures, and a few hours of nothing. */
const NINETY_DAYS = `
  insert into api_hours (hour, minutes, calls, failed, times)
  select h, case when h = $1::timestamptz - interval '30 days' then 4095 else (1::bigint << 60) - 1 end, 1000,
    case extract(day from h)::int when 13 then 80 when 20 then 8 else 0 end, '{0,0,100,400,300,100,50,30,20,0,0,0,0,0}'
  from generate_series(date_trunc('hour', $1::timestamptz) - interval '80 days', date_trunc('hour', $1::timestamptz), interval '1 hour') h
  where h not between $1::timestamptz - interval '45 days' and $1::timestamptz - interval '43 days'
  on conflict (hour) do nothing`
const A_SUPPLIER = `
  with added as (insert into suppliers (name, protocol, url, sealed_key, public_name) values ($1, 'api-v2', 'https://x.example', '\\x00', $2) returning id),
  stands as (insert into supplier_standings (supplier_id, answers, since, asked_at) select id, $3, $4, $4 from added)
  insert into supplier_hours select id, h, 100, case extract(day from h)::int when 7 then 30 else 0 end, 1000, 10
  from added, generate_series($4::timestamptz - interval '88 days', $4::timestamptz, interval '1 day') h`
const SOME_TIMES = `
  with hours as (insert into order_time_hours select date_trunc('hour', $1::timestamptz), $2, m, b, 5 from unnest(array['start', 'finish']) m, generate_series(10, 24) b)
  insert into order_time_days select $1::timestamptz::date, $2, m, b, 5 from unnest(array['start', 'finish']) m, generate_series(12, 28) b`
const FOUND = `
  insert into incidents (cause, affects, began_at, settled_at, worst) values
    ('errors', '{api}', $1::timestamptz - interval '5 days', $1::timestamptz - interval '5 days' + interval '25 minutes', 0.123),
    ('silence', '{api}', $1::timestamptz - interval '44 days', $1::timestamptz - interval '43 days', null),
    ('suppliers', '{suppliers}', $1::timestamptz - interval '50 days', $1::timestamptz - interval '49 days', 3)`
