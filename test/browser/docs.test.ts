import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { addKey } from '../../server/customers/keys.ts'
import { languages } from '../../server/texts/languages.ts'
import { openDocket } from '../support/docket.ts'
import { ownPages } from '../support/own-pages.ts'
import { axeFaults, browserOf, describeInBrowser, isForEverybody, NARROW, overhang, styleOf, WIDE } from './browser.ts'

describeInBrowser('the docs page', (browser) => {
  const docket = openDocket()
  const docs = (language = 'en') => `${docket.node.url}/${language}/api`

  describe('without script', () => {
    test('what an order of the commonest type takes is open: link, quantity, runs, interval', async () => {
      const page = await browser.visit(docs(), { javaScriptEnabled: false })

      const shown = await page.locator('#add-default table').innerText()
      for (const name of ['link', 'quantity', 'runs', 'interval']) expect(shown).toContain(name)
    })

    test('everything can be read: actions, parameters, examples, answers, refusals', async () => {
      const page = await browser.visit(docs(), { javaScriptEnabled: false })

      expect(await page.locator('h1').textContent()).toBe('API documentation')
      expect(await page.locator('.facts').innerText()).toContain(`${docket.node.url}/api/v2`)
      const status = page.locator('#status')
      expect(await status.innerText()).toContain('Count before delivery began')
      expect(await status.locator('pre:visible').allInnerTexts()).toEqual([
        expect.stringContaining('-d action=status'),
        expect.stringContaining('"remains": "157"'),
      ])
      await status.locator('summary').click()
      expect(await status.innerText()).toContain('Incorrect order ID')
    })

    test('a service type unfolds', async () => {
      const page = await browser.visit(docs(), { javaScriptEnabled: false })
      const poll = page.locator('#add-poll')
      expect(await poll.locator('table').isVisible()).toBe(false)

      await poll.locator('summary').click()

      expect(await poll.locator('table').innerText()).toContain('answer_number')
    })

    test('the examples change their language', async () => {
      const page = await browser.visit(docs(), { javaScriptEnabled: false })

      await page.getByRole('radio', { name: 'PHP' }).check()

      const shown = await page.locator('#balance pre:visible').first().innerText()
      expect(shown).toContain('<?php')
    })

    test('what needs script is not shown', async () => {
      const page = await browser.visit(docs(), { javaScriptEnabled: false })

      for (const needing of ['#search', 'button.copy', 'button.try']) expect(await page.locator(`${needing}:visible`).count()).toBe(0)
    })

    test('language and appearance are chosen, and remembered', async () => {
      const page = await browser.visit(docs(), { javaScriptEnabled: false })

      await page.locator('.picker').first().locator('summary').click()
      await page.getByRole('link', { name: 'Slovenščina' }).click()
      expect(page.url()).toBe(docs('sl'))
      expect(await page.locator('h1').textContent()).toBe('Dokumentacija API')
      await page.getByRole('link', { name: 'Temno' }).click()
      expect(page.url()).toBe(docs('sl'))

      await page.goto(`${docket.node.url}/api`)
      expect(await page.locator('html').getAttribute('lang')).toBe('sl')
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    })
  })

  describe('languages', () => {
    test('the browser’s language is what is shown and suggested', async () => {
      const page = await browser.visit(`${docket.node.url}/api`, { locale: 'sl-SI' })

      expect(await page.locator('h1').textContent()).toBe('Dokumentacija API')
      const picker = page.locator('.picker').first()
      await picker.locator('summary').click()
      expect(await picker.locator('ul').first().innerText()).toContain('Slovenščina')
    })

    test('a change of language keeps the place on the page', async () => {
      const page = await browser.visit(`${docs()}#refill`)

      await page.locator('.picker').first().locator('summary').click()
      await page.getByRole('link', { name: '廣東話' }).click()
      await page.waitForURL(`${docs('zh-HK')}#refill`)

      expect(await page.locator('#refill-title').textContent()).toBe('建立補充')
    })

    test('Arabic is mirrored, and code in it is not', async () => {
      const english = await browser.visit(docs())
      const arabic = await browser.visit(docs('ar'))
      const middleOf = async (page: typeof english, selector: string) => {
        const box = (await page.locator(selector).first().boundingBox())!
        return box.x + box.width / 2
      }

      expect(await arabic.locator('html').getAttribute('dir')).toBe('rtl')
      for (const selector of ['.docs > .contents', '#status .panel', '.house', '.appearance'])
        expect(await middleOf(arabic, selector)).toBeCloseTo(WIDE.width - (await middleOf(english, selector)), -2)
      expect(await styleOf(arabic.locator('#status pre').first(), 'direction')).toBe('ltr')
    })

    test('no language is wider than a phone, nor than a wide window', async () => {
      for (const { code } of languages) {
        const page = await browser.visit(docs(code), { viewport: NARROW })
        expect({ code, overhang: await overhang(page) }).toEqual({ code, overhang: 0 })
        await page.setViewportSize(WIDE)
        expect({ code, overhang: await overhang(page) }).toEqual({ code, overhang: 0 })
        await page.context().close()
      }
    })
  })

  describe('axe finds no fault', () => {
    for (const language of ['en', 'ar']) {
      test(`${language}: unfolded, tried, searched, and narrow`, async () => {
        const page = await browser.visit(docs(language))
        await page.locator('#add-web-traffic > summary').click()
        await page.locator('#add .more > summary').click()
        await page.locator('#add .try').first().click()
        await page.locator('#search').fill('refill')
        await isForEverybody(page)

        await page.reload()
        await page.setViewportSize(NARROW)
        await page.locator('.contents-narrow summary').click()
        expect(await axeFaults(page, '.contents-narrow')).toEqual([])
      })
    }
  })

  describe('appearance', () => {
    test('follows the device until it is chosen, then stays as chosen', async () => {
      const page = await browser.visit(docs(), { colorScheme: 'dark' })
      const ground = () => styleOf(page.locator('body'), 'backgroundColor')
      const dark = await ground()

      await page.getByRole('link', { name: 'Light' }).click()
      const light = await ground()
      expect(light).not.toBe(dark)
      await page.reload()
      expect(await ground()).toBe(light)

      await page.getByRole('link', { name: 'System' }).click()
      expect(await ground()).toBe(dark)
    })

    test('on paper nothing is folded, and what is for the screen is gone', async () => {
      const page = await browser.visit(docs())
      await page.emulateMedia({ media: 'print' })

      expect(await page.locator('#add-poll table').isVisible()).toBe(true)
      expect(await page.locator('.toolbar').isVisible()).toBe(false)
      expect(await page.locator('.docs > .contents').isVisible()).toBe(false)
    })
  })

  describe('search', () => {
    test('finds parameters, types and refusals as one types, and goes there by keyboard alone', async () => {
      const page = await browser.visit(docs())

      await page.keyboard.press('/')
      await page.keyboard.type('answer_num')
      expect(await page.locator('.found p').textContent()).toMatch(/^\d results$/)
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')

      await page.locator('#add-poll table').waitFor()
      expect(page.url()).toBe(`${docs()}#add-poll`)
      expect(await page.locator('.found').isVisible()).toBe(false)
    })

    test('says so when there is nothing, and how many in the language’s own plural', async () => {
      const page = await browser.visit(docs('sl'))

      await page.locator('#search').fill('xyzzy')
      expect(await page.locator('.found p').textContent()).toBe('Za »xyzzy« ni zadetkov')
      await page.locator('#search').fill('dk_test_')
      expect(await page.locator('.found p').textContent()).toBe('1 zadetek')
    })
  })

  describe('on a phone', () => {
    for (const language of ['en', 'ar'])
      test(`the contents lead to what they name, and close (${language})`, async () => {
        const page = await browser.visit(docs(language), { viewport: NARROW })
        await page.locator('.contents-narrow summary').click()

        await page.locator('.contents-narrow a[href="#cancel"]').click()

        expect(page.url()).toBe(`${docs(language)}#cancel`)
        expect(await page.locator('.contents-narrow .picker-panel').isVisible()).toBe(false)
        expect(await topOf(page.locator('#cancel'))).toBeLessThan(NARROW.height / 2)
      })

    test('nothing sticks out of the search field, and a long name of the house can be read to its end', async () => {
      const page = await browser.visit(docs(), { viewport: NARROW })
      expect(await page.locator('.search kbd').isVisible()).toBe(false)

      const name = page.locator('.house span')
      await name.evaluate((found) => (found.textContent = 'Example Panel of Ljubljana'))
      expect(await name.evaluate((found) => [found.scrollWidth - found.clientWidth, found.scrollHeight - found.clientHeight])).toEqual([
        0, 0,
      ])
    })
  })

  test('copies the address', async () => {
    const page = await browser.visit(docs(), { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.locator('.facts .copy').click()
    await page.locator('.facts').getByText('Copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${docket.node.url}/api/v2`)
  })

  for (const viewport of [WIDE, NARROW])
    test(`what one reads stays in its place when the language of the examples changes, ${viewport.width} px`, async () => {
      const page = await browser.visit(docs(), { viewport })
      for (const part of ['#status', '#add-default', '#retries', '#refusals']) {
        await page.evaluate(`document.querySelector('${part}').scrollIntoView()`)
        const before = await topOf(page.locator(part))
        for (const language of ['go', 'curl', 'php']) {
          await page.locator(`#code-${language}`).focus()
          await page.keyboard.press('Space')
          await twoFrames(page)
          const moved = Math.abs((await topOf(page.locator(part))) - before)
          expect({ part, language, moved: Math.floor(moved / 3) }).toEqual({ part, language, moved: 0 })
        }
      }
    })

  test('going to the search by its key leaves the page where it is, also below the bar of whoever is signed in', async () => {
    const me = await ownPages(docket)
    for (const who of [undefined, me]) {
      const page = await browser.visit('about:blank', browserOf(who, docket.node.url!))
      await page.goto(`${docs()}#refill`)
      const before = await topOf(page.locator('#refill'))
      await page.keyboard.press('/')
      await twoFrames(page)
      expect(await page.evaluate('document.activeElement.id')).toBe('search')
      expect(await topOf(page.locator('#refill'))).toBeCloseTo(before, 0)
    }
  })

  test('tables of the reference take the whole width', async () => {
    const page = await browser.visit(docs())
    const widthOf = async (selector: string) => (await page.locator(selector).first().boundingBox())!.width
    expect(await widthOf('#refusals table')).toBeCloseTo(await widthOf('#refusals'), 0)
  })

  test('copies the example that is seen, and says so', async () => {
    const page = await browser.visit(docs(), { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.getByRole('radio', { name: 'Python' }).check()

    const copy = page.locator('#balance .copy').first()
    await copy.click()

    await page.locator('#balance').getByText('Copied').waitFor()
    const copied = await page.evaluate('navigator.clipboard.readText()')
    expect(copied).toBe(await page.locator('#balance pre[data-code=python]').textContent())
  })

  test('the language of the examples is remembered', async () => {
    const page = await browser.visit(docs())
    await page.getByRole('radio', { name: 'Go' }).check()

    await page.reload()

    expect(await page.locator('#balance pre:visible').first().innerText()).toContain('package main')
  })

  describe('try it', () => {
    test('places an order with a test key, and shows the answer', async () => {
      const { account } = await docket.account()
      const { key } = await addKey(docket.db, account, { test: true, label: 'browser' }, docket.clock.now())
      const service = await docket.service()
      const page = await browser.visit(docs())

      await page.locator('#add .try').first().click()
      expect(await page.evaluate('document.activeElement.id')).toBe('try-key')
      await page.keyboard.type(key)
      expect(await page.getByRole('textbox', { name: 'service' }).inputValue()).toBe(String(service))
      await page.getByRole('textbox', { name: 'idempotency_key optional' }).fill('tried-once')
      await page.getByRole('button', { name: 'Send' }).click()

      const answer = page.locator('#try .answer')
      await answer.waitFor()
      const { order } = JSON.parse((await answer.textContent())!) as { order: number }
      expect(await docket.call({ key, action: 'status', idempotency_key: 'tried-once' })).toMatchObject({ remains: '1000' })
      expect(order).toBeGreaterThan(0)
    })

    test('says beforehand where nothing of the type is on sale', async () => {
      const page = await browser.visit(docs())
      await page.locator('#add-poll > summary').click()
      await page.locator('#add-poll .try').click()
      expect(await page.locator('.none-on-sale').textContent()).toContain('No service of this type is on sale here')
      await page.locator('#try .close').click()
      await page.locator('#balance .try').click()
      expect(await page.locator('.none-on-sale').isVisible()).toBe(false)
    })

    test('never sends a key that could buy something real, nor puts any key into the address', async () => {
      const { key } = await docket.account()
      const page = await browser.visit(docs())
      const sent: string[] = []
      page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))

      await page.locator('#balance .try').click()
      await page.getByRole('textbox', { name: 'Test key' }).fill(key)
      await page.keyboard.press('Enter')

      expect(await page.locator('#try [role=alert]').textContent()).toContain('not a test key')
      expect(sent).toEqual([])
      expect(page.url()).toBe(docs())
    })
  })

  test('loads less than 60 KB, nothing of it from elsewhere, and moves nothing once shown', async () => {
    const page = await browser.visit('about:blank')
    await page.addInitScript(
      'globalThis.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => { globalThis.shift += entry.value })).observe({ type: "layout-shift", buffered: true })',
    )
    const wire = await page.context().newCDPSession(page)
    await wire.send('Network.enable')
    let bytes = 0
    const addresses: string[] = []
    wire.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength))
    wire.on('Network.requestWillBeSent', (event) => addresses.push(event.request.url))

    await page.goto(docs('hi'), { waitUntil: 'networkidle' })

    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThan(60_000)
    expect(addresses.filter((address) => !address.startsWith(docket.node.url!))).toEqual([])
    expect(await page.evaluate('globalThis.shift')).toBe(0)
  })

  test('an address that leads nowhere has a page that leads back', async () => {
    const page = await browser.visit(`${docket.node.url}/nowhere`, { colorScheme: 'dark', mayComplainOf: /404/ })

    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('link', { name: 'Go to the API documentation' }).click()
    expect(page.url()).toBe(docs())
  })
})

function twoFrames(page: Page): Promise<unknown> {
  return page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

async function topOf(place: Locator): Promise<number> {
  return (await place.boundingBox())!.y
}
