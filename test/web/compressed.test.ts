import { describe, expect, test } from 'vitest'
import { openDocket } from '../support/docket.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { exchangeBytes } from '../support/raw-http.ts'

const docket = openDocket()

/** The head of an answer, and how many bytes it had on its way. */
async function ask({ token }: OwnPages, path: string, site: string | undefined, encodings = 'gzip, deflate, br') {
  const asked = site === undefined ? [] : [`Sec-Fetch-Site: ${site}`]
  const head = [
    `GET ${path} HTTP/1.1`,
    `Host: ${new URL(docket.node.url!).host}`,
    ...asked,
    `Accept-Encoding: ${encodings}`,
    `Cookie: docket-session=${token}`,
  ]
  const { status, headers, text } = await exchangeBytes(docket.node.url!, Buffer.from(`${head.join('\r\n')}\r\n\r\n`))
  return { status, encoding: headers.get('content-encoding'), length: Number(headers.get('content-length')), text }
}

describe('what is one reader’s', () => {
  const pages = ['/', '/orders', '/orders?find=maker', '/funds', '/funds/statement', '/keys', '/en/api']

  test('travels compressed where its reader or our own pages ask for it', async () => {
    const me = await ownPages(docket)
    for (const path of pages) {
      for (const site of ['same-origin', 'none']) {
        for (const encoding of ['br', 'gzip']) {
          const found = await ask(me, path, site, encoding)
          expect({ path, site, ...found }).toMatchObject({ status: 200, encoding, text: expect.stringMatching(/<\/html>$/) })
          expect(found.length).toBeLessThan(found.text.length / 2)
        }
      }
    }
  })

  test('is not compressed where another site leads to it, or nobody says who does', async () => {
    const me = await ownPages(docket)
    for (const path of pages) {
      for (const site of ['cross-site', 'same-site', 'nonsense', undefined]) {
        const found = await ask(me, path, site)
        expect({ path, site, ...found }).toMatchObject({ status: 200, encoding: undefined })
      }
    }
  })

  test('is never compressed where it may show a secret', async () => {
    const me = await ownPages(docket)
    expect(await ask(me, '/account/codes', 'same-origin')).toMatchObject({ status: 200, encoding: undefined })
  })

  test('has another size and another form token each time it is sent', async () => {
    const me = await ownPages(docket)
    const found = await Promise.all(Array.from({ length: 40 }, () => ask(me, '/orders', 'same-origin')))
    const lengths = found.map(({ length }) => length)
    expect(new Set(lengths).size).toBeGreaterThan(10)
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeGreaterThan(20)
    const tokens = found.flatMap(({ text }) => [...new Set([...text.matchAll(/name="csrf" value="([^"]+)"/g)].map(([, token]) => token!))])
    expect(new Set(tokens).size).toBe(tokens.length)
    expect(tokens.length).toBeGreaterThanOrEqual(found.length)
  })
})
