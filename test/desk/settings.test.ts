import { describe, expect, test } from 'vitest'
import { rateSet } from '../../server/acts/rate-set.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { hiddenIn, openDesk } from '../support/desk.ts'

describe('the settings on the desk', () => {
  const docket = openDocket({ DOCKET_CURRENCY: 'EUR' })

  test('are changed in sections, and hold on the next page', async () => {
    const desk = await openDesk(docket)
    const page = await desk.get('/desk/settings')
    const seen = hiddenIn(page.html, 'seen')
    const saved = await desk.post('/desk/settings/look', {
      seen,
      name: 'Ana & Boris',
      colour: '#ffdd00',
      'languages:en': 'on',
      'languages:sl': 'on',
    })
    expect(saved.location).toMatch(/^\/desk\/settings\?told=\d+$/)
    const { html } = await desk.get(saved.location!)
    expect(html).toContain('Ana &amp; Boris')
    expect(html).toContain(`Last changed by ${desk.email}`)
    expect(html).not.toContain('?language=de')
    // What is not ticked is off, and what was left empty is the default.
    expect((await (await fetch(`${docket.node.url}/en`)).text()).includes('Categories')).toBe(false)
  })

  test('that the environment fixes are shown with their variable, and have no field', async () => {
    const desk = await openDesk(docket)
    const { html } = await desk.get('/desk/settings')
    expect(html).toContain('Fixed by DOCKET_CURRENCY in the environment')
    expect(html).not.toContain('name="currency"')
    await desk.post('/desk/settings/customers', { currency: 'GBP', funds_note: 'Write to us.' })
    expect((await docket.db.query(`select key from settings where key in ('currency', 'funds_note')`)).rows).toEqual([
      { key: 'funds_note' },
    ])
  })

  test('saved by somebody else meanwhile are not replaced unseen: both values are shown, and sending again replaces theirs', async () => {
    const [one, two] = [await openDesk(docket), await openDesk(docket)]
    const seen = hiddenIn((await one.get('/desk/settings')).html, 'seen')
    await two.post('/desk/settings/customers', { seen, funds_note: 'Call us.' })
    const refused = await one.post('/desk/settings/customers', { seen, funds_note: 'Come by.' })
    expect(refused.status).toBe(422)
    expect(refused.html).toContain(`${two.email} has changed “funds_note” meanwhile to “Call us.”; you typed “Come by.”`)
    expect(refused.html).toContain('Come by.</textarea>')
    const again = await one.post('/desk/settings/customers', { seen: hiddenIn(refused.html, 'seen'), funds_note: 'Come by.' })
    expect(again.status).toBe(303)
  })

  test('that are wrong are shown again with why', async () => {
    const desk = await openDesk(docket)
    const answer = await desk.post('/desk/settings/limits', { rate_limit_key: 'many', staff_daily_sum: '0' })
    expect(answer.status).toBe(422)
    expect(answer.html).toContain('It must be a whole number.')
    expect(answer.html).toContain('It must be an amount above zero, like 500.')
  })

  test('name currencies to show prices in: one without a rate is refused with where a rate is set, and nothing typed is lost', async () => {
    const desk = await openDesk(docket)
    await run(houseOf(docket.db, docket.clock.now), rateSet, { base: 'EUR', currency: 'JPY', exchange: '163.55' })
    const refused = await desk.post('/desk/settings/customers', { shown_currencies: 'jpy, usd; KWD' })
    expect(refused.status).toBe(422)
    expect(refused.html).toContain(
      'There is no exchange rate from EUR to USD, KWD. Set one under Payments, Exchange rates, or choose a source there',
    )
    expect(refused.html).toMatch(/value="jpy, usd; KWD"[^>]*name="shown_currencies"/)
    const odd = await desk.post('/desk/settings/customers', { shown_currencies: 'JPY, JPY' })
    expect(odd.html).toContain('Name each currency once.')
    expect((await desk.post('/desk/settings/customers', { shown_currencies: 'jpy' })).status).toBe(303)
    expect((await desk.get('/desk/settings')).html).toMatch(/value="JPY"[^>]*name="shown_currencies"/)
  })

  test('take a picture as the logo, and refuse one that does more than draw', async () => {
    const desk = await openDesk(docket)
    const csrf = hiddenIn((await desk.get('/desk/settings')).html, 'csrf')
    const send = async (svg: string) => {
      const form = new FormData()
      form.append('csrf', csrf)
      form.append('name', 'Ana')
      form.append('colour', '#1f6f5c')
      form.append('languages:en', 'on')
      form.append('logo', new Blob([svg], { type: 'image/svg+xml' }), 'logo.svg')
      const headers = { cookie: desk.cookie, origin: docket.node.url! }
      return fetch(`${docket.node.url}/desk/settings/look`, { method: 'POST', body: form, headers, redirect: 'manual' })
    }
    expect((await send('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')).status).toBe(422)
    expect((await send('<svg xmlns="http://www.w3.org/2000/svg"><rect width="8"/></svg>')).status).toBe(303)
    expect((await desk.get('/desk/settings')).html).toMatch(/src="\/assets\/logo-[^"]+\.svg"/)
  })

  test('are seen and not changed by whoever may only read', async () => {
    const desk = await openDesk(docket, { role: 'read-only' })
    const { html } = await desk.get('/desk/settings')
    expect(html).not.toContain('>Save<')
    expect((await desk.post('/desk/settings/customers', { funds_note: 'x' })).status).toBe(403)
  })
})
