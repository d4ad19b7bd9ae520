import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { ActWith } from '../../server/acts/act.ts'
import { pagePublish } from '../../server/acts/page-publish.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { houseOf, run } from '../support/acts.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { wideOffer } from '../support/wide-offer.ts'
import { usualFor } from '../support/tickets.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, picture } from './browser.ts'

const TERMS = `These terms hold for every order.

## Orders

1. The price is shown **before** you confirm.
2. What was not delivered is paid back, see [the questions](/p/faq).

> A quote, with a name that is very long: ${'Wort'.repeat(30)}

| Question | Where |
|---|---|
| How do I pay? | *Balance* |
| ${'long '.repeat(40)} | ${'x'.repeat(60)} |

\`\`\`
curl https://panel.example/api/v2 -d key=YOUR_KEY -d action=add -d service=101 -d link=https://example.com/post/1 -d quantity=500
\`\`\``

describeInBrowser('the shop front in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
  const act = (which: ActWith<object>, input: object) => run(houseOf(docket.db, docket.clock.now), which, input)
  let ana: DeskPages
  beforeAll(async () => {
    const { service: _, ...first } = wideOffer(1)[0]!
    await usualFor(docket, await onSale(docket, first))
    await onSale(docket, { name: 'Clips', category: `A category with a name that is very long, ${'and longer, '.repeat(5)}` })
    await act(pageSet, { page: 'terms', language: 'en', title: 'Terms of service', text: TERMS })
    await act(pageSet, { page: 'terms', language: 'ar', title: 'شروط الخدمة', text: '## الطلبات\n\n- يُعرض السعر قبل التأكيد.\n- [الأسئلة](/p/faq)' })
    await act(pagePublish, { page: 'terms' })
    await act(pageSet, { page: 'faq', language: 'en', title: 'Questions and answers', text: '## When does it start?\n\nSoon.' })
    await act(pagePublish, { page: 'faq' })
    await act(settingsSet, { front_services: true })
    ana = await openDesk(docket)
  }) // prettier-ignore

  const visit = async (path: string, looks: Looks = {}): Promise<Page> =>
    browser.visit(docket.node.url + path, browserOf(undefined, docket.node.url!, looks))

  test.each(LOCALES)('its pages are for everybody, in %s', async (locale) => {
    for (const path of ['/p/terms', '/services', '/services?find=nothing+like+it']) {
      const page = await visit(`/${locale}${path}`, { locale })
      await isForEverybody(page)
      await picture(page, `front ${locale} ${path}`)
      await page.context().close()
    }
    const phone = await visit(`/${locale}/p/terms`, { locale, narrow: true, dark: true })
    await picture(phone, `front ${locale} terms phone`)
    await phone.goto(`${docket.node.url}/${locale}/services`)
    await picture(phone, `front ${locale} services phone`)
  })

  test('a stranger finds a service and the terms without script', async () => {
    const page = await visit('/en', { script: false })
    await page.getByRole('link', { name: 'Services and prices' }).first().click()
    await page.getByLabel('Name or number').fill('clips')
    await page.getByRole('button', { name: 'Show' }).click()
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Clips'])
    await page.getByRole('link', { name: 'Terms of service' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Terms of service')
  })

  test('an operator writes, previews, publishes and brings back a page at the desk', async () => {
    const page = await browser.visit('about:blank', { locale: 'en' })
    const [name, value] = ana.cookie.split('=') as [string, string]
    await page.context().addCookies([{ name, value, url: docket.node.url! }])
    await page.goto(`${docket.node.url}/desk/pages`)
    await isForEverybody(page)
    await picture(page, 'desk pages')
    await page.getByLabel('Name in the address').fill('how-it-works')
    await page.getByRole('button', { name: 'Write' }).click()
    await page.getByLabel('Title').fill('How it works')
    await page.getByLabel('Text').fill('# First\n\nYou **order**.')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('heading', { name: 'First' }).waitFor()
    await isForEverybody(page)
    await picture(page, 'desk page edit')
    await page.getByRole('button', { name: 'Save as a new version' }).click()
    await page.getByRole('link', { name: 'Publish the page' }).click()
    await page.getByRole('button', { name: 'See what would change' }).click()
    await page.getByRole('button', { name: 'Publish the page' }).click()
    await page.getByText('Version 1').first().waitFor()
    await isForEverybody(page)
    await picture(page, 'desk page')
    await page.goto(`${docket.node.url}/en/p/how-it-works`)
    expect(await page.getByRole('heading', { name: 'First' }).count()).toBe(1)
  })
})
