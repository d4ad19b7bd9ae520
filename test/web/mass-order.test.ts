import { beforeAll, describe, expect, test } from 'vitest'
import { houseRuleAdd } from '../../server/acts/house-rule-add.ts'
import { fund } from '../../server/payments/fund.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { ordersOf } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'
import { checked, resultOf } from '../support/mass-orders.ts'
import { catalogueIsHeard, change, onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { houseOf, run } from '../support/acts.ts'

const docket = openDocket()

const link = (name: string | number) => `https://example.com/p/${name}`
const faultsOf = (html: string) =>
  [...html.matchAll(/<th scope="row">(\d+)<\/th>.*?(?=<\/tr>)/gs)].flatMap(([row, number]) => {
    const fault = /class="fault">(.*?)<\/p>/s.exec(row)?.[1]?.replaceAll(/<[^>]+>/g, '')
    return fault === undefined ? [] : [`${number} ${fault}`]
  })

describe('mass orders', () => {
  let likes: number
  let words: number
  let single: number
  beforeAll(async () => {
    likes = await onSale(docket, { name: 'Likes', rate: '1', min: 10, max: 5000, dripfeed: true })
    words = await onSale(docket, { name: 'Words', type: 'Custom Comments', rate: '100', min: 1, max: 50 })
    single = await onSale(docket, { name: 'One at a time', rate: '1', min: 10 })
    await change(docket, single, { oneActiveLink: true })
    const rule = { kind: 'host', pattern: 'forbidden.example', reason: 'test', by: 'test' } as const
    await run(houseOf(docket.db, docket.clock.now), houseRuleAdd, rule)
    await catalogueIsHeard(docket)
  })

  const count = async (me: OwnPages) => (await ordersOf(docket.db, me.account)).length

  test('says in which order the columns were read', async () => {
    const me = await ownPages(docket)
    const read = async (line: string) => /Columns were read as <code dir="ltr">([^<]*)</.exec((await checked(me, [line])).html)?.[1]
    expect(await read(`1|${link('a')}|10`)).toBe('service | link | quantity')
    expect(await read(`1|10|${link('a')}`)).toBe('service | quantity | link')
  })

  test('each line is checked as the API would, and nothing is placed before it is asked for', async () => {
    const me = await ownPages(docket)
    const { html } = await checked(me, [
      `${likes}|${link(1)}|1000`,
      `${likes}|${link(2)}|9`,
      `${likes}|${link(3)}|5001`,
      `${likes}|javascript:alert(1)|100`,
      `9876|${link(5)}|100`,
      `${likes}|${link(6)}|1e3`,
      `${likes}|${link(7)}`,
      'only words',
      `${likes}|${link(9)}|10|5`,
      `${words}|${link(10)}|5`,
      `${likes}|${link(11)}|100|5|60`,
      `${single}|${link(12)}|100`,
      `${single}|${link(12)}|100`,
      `${likes}|https://forbidden.example/p|100`,
    ])
    expect(faultsOf(html)).toEqual([
      '2 Less than the service’s minimum (10 to 5,000)',
      '3 More than the service’s maximum (10 to 5,000)',
      '4 This link or name isn’t valid.',
      '5 There is no such service, or it is not available to this account',
      '6 quantity: Enter a whole number above 0.',
      '7 quantity: Please fill this in.',
      '8 Wrong number of columns. Expected: service|link|quantity.',
      '9 interval: Please fill this in.',
      '10 comments: Please fill this in.',
      '13 An order with the same link is still in progress, and this service takes one at a time',
      '14 We do not accept orders for this link.',
    ])
    expect(html).toContain('11 lines cannot be placed as they are.')
    // 1000 at 1, 5 × 100 at 1, 100 at 1 for the first of its link.
    expect(html).toContain('$1.60')
    expect(html).toContain('$98.40')
    expect(html).toContain('Place 3 orders')
    expect(await count(me)).toBe(0)
  })

  test('the good ones are placed, each as it was shown, and the result file tells of every line', async () => {
    const me = await ownPages(docket)
    const { path } = await checked(me, [`${likes}|${link('a')}|1000`, `${likes}|${link('b')}|1`, `${likes}|@name|100|3|60`])
    const answer = await me.post(`${path}/place`, {})
    expect(answer.location).toBe(path)
    const orders = await ordersOf(docket.db, me.account)
    expect(orders.map((order) => [order.link, order.charge])).toEqual([[link('a'), 100_000], ['@name', 30_000]]) // prettier-ignore
    expect(await resultOf(me, path)).toEqual([
      { line: '1', service: `${likes}`, link: link('a'), quantity: '1000', runs: '', interval: '', charge: '1.00000', currency: 'USD', order: `${orders[0]!.id}`, error: '' },
      { line: '2', service: `${likes}`, link: link('b'), quantity: '1', runs: '', interval: '', charge: '', currency: 'USD', order: '', error: 'Quantity less than minimal 10' },
      { line: '3', service: `${likes}`, link: "'@name", quantity: '100', runs: '3', interval: '60', charge: '0.30000', currency: 'USD', order: `${orders[1]!.id}`, error: '' },
    ]) // prettier-ignore
    expect(await docket.balance(me.key)).toBe('98.70000')
    const { html } = await me.get(path)
    expect(html).toContain('1 line was refused and cost nothing')
    expect(html).toContain(`href="/orders/${orders[0]!.id}"`)
    const list = (await me.get('/mass-order')).html
    expect(list).toMatch(new RegExp(`href="${path}".*Lines <strong[^>]*>3</strong>.*Placed <strong[^>]*>2</strong>.*\\$1.30`, 's'))
  })

  test('a result file that is corrected and sent again places only what was refused', async () => {
    const me = await ownPages(docket)
    const { path } = await checked(me, [`${likes}|${link('a')}|1000`, `${likes}|${link('b')}|1`])
    await me.post(`${path}/place`, {})
    const { html: file } = await me.get(`${path}/result.csv`)
    const again = await checked(me, file.replace(`${link('b')},1,`, `${link('b')},10,`))
    expect(faultsOf(again.html)).toEqual(['2 This line already has an order number.'])
    await me.post(`${again.path}/place`, {})
    expect((await ordersOf(docket.db, me.account)).map((order) => order.link)).toEqual([link('a'), link('b')])
  })

  test('what was refused comes back into the form, with its row of names', async () => {
    const me = await ownPages(docket)
    const table = `service,link,quantity\n${likes},${link('a')},1000\n${likes},"${link('b')}",1`
    const { path } = await checked(me, table)
    const id = path.split('/').at(-1)
    const typed = async () => /<textarea[^>]*>([^<]*)</.exec((await me.get(`/mass-order?again=${id}`)).html)![1]
    expect((await typed())!.replaceAll('&quot;', '"')).toBe(table)
    await me.post(`${path}/place`, {})
    expect((await typed())!.replaceAll('&quot;', '"')).toBe(`service,link,quantity\n${likes},"${link('b')}",1`)
  })

  test('a list and its placing that are sent twice do their work once', async () => {
    const me = await ownPages(docket)
    const lines = [1, 2, 3, 4].map((n) => `${likes}|${link(n)}|1000`)
    const both = await Promise.all([checked(me, lines), checked(me, lines), checked(me, lines)])
    expect(new Set(both.map(({ path }) => path)).size).toBe(1)
    const [{ path }] = both
    await Promise.all(Array.from({ length: 4 }, () => me.post(`${path}/place`, {})))
    await me.post(`${path}/place`, {})
    await me.post(`${path}/go-on`, {})
    expect(await count(me)).toBe(4)
    expect(await docket.balance(me.key)).toBe('96.00000')
    const other = await checked(me, [...lines, `${likes}|${link(5)}|1000`])
    expect(other.path).not.toBe(path)
  })

  test('a price that rose since it was shown is refused and told, and one that fell is paid', async () => {
    const rising = await onSale(docket, { rate: '1' })
    const falling = await onSale(docket, { rate: '1' })
    const me = await ownPages(docket)
    const { path } = await checked(me, [`${rising}|${link(1)}|1000`, `${falling}|${link(2)}|1000`])
    await change(docket, rising, { rate: '1.01' })
    await change(docket, falling, { rate: '0.5' })
    await me.post(`${path}/place`, {})
    expect((await resultOf(me, path)).map(({ charge, error }) => [charge, error])).toEqual([['', 'Price is now 1.01000'], ['0.50000', '']]) // prettier-ignore
    expect(faultsOf((await me.get(path)).html)).toEqual(['1 The price has gone up. Check again to see the new price.'])
    expect(await docket.balance(me.key)).toBe('99.50000')
  })

  test('money is counted in the order of the lines; what it does not reach is told, and taken up when it is there', async () => {
    const me = await ownPages(docket, { balance: '2.5' })
    const { path, html } = await checked(
      me,
      [1, 2, 3, 4].map((n) => `${likes}|${link(n)}|${n === 4 ? 500 : 1000}`),
    )
    expect(faultsOf(html)).toEqual(['3 The balance does not cover the charge'])
    await docket.call({ key: me.key, action: 'add', service: likes, link: link('between'), quantity: 1000 })
    await me.post(`${path}/place`, {})
    const error = 'Not enough funds on balance'
    expect((await resultOf(me, path)).map((row) => row['error'])).toEqual(['', error, error, ''])
    const [first] = await resultOf(me, path)

    const short = (await me.get(path)).html
    expect(short).toContain('Place 2 lines that lacked funds')
    expect(short).toContain('$2.00')
    await me.post(`${path}/again`, {})
    expect((await resultOf(me, path)).map((row) => row['error'])).toEqual(['', error, error, ''])
    await fund(docket.db, me.account, { amount: parseUnits('5'), note: '', reference: null }, docket.clock.now())
    await Promise.all([me.post(`${path}/again`, {}), me.post(`${path}/again`, {})])
    const rows = await resultOf(me, path)
    expect(rows.map((row) => row['error'])).toEqual(['', '', '', ''])
    expect(rows[0]).toEqual(first)
    expect(await docket.balance(me.key)).toBe('3.00000')
  })

  test('a page that watches is told how far it is, step by step', async () => {
    const me = await ownPages(docket)
    const { path, html } = await checked(
      me,
      Array.from({ length: 600 }, (_, n) => `${likes}|${link(n)}|${n === 599 ? 1 : 10}`),
    )
    await me.post(`${path}/place`, { watched: 'yes' })
    expect(await count(me)).toBe(0)
    const page = (await me.get(path)).html
    expect(page).toContain(`data-go-on="${path}/go-on"`)
    const told: unknown[] = []
    for (let done = false; !done;) {
      const response = await fetch(docket.node.url + path + '/go-on', {
        method: 'POST',
        headers: {
          cookie: `docket-session=${me.token}`,
          origin: docket.node.url!,
          accept: 'application/json',
          'x-csrf-token': me.hidden(html, 'csrf'),
        },
      })
      const step = (await response.json()) as { done: boolean; value: number; text: string }
      told.push([step.value, step.text])
      done = step.done
    }
    expect(told).toEqual([
      [251, '251 of 600. Placed: 250, refused: 1.'],
      [501, '501 of 600. Placed: 500, refused: 1.'],
      [600, '600 of 600. Placed: 599, refused: 1.'],
    ])
    expect(await count(me)).toBe(599)
  })

  test('going on with a list that was only checked places nothing and changes nothing', async () => {
    const me = await ownPages(docket, { balance: '1' })
    const { path } = await checked(me, [1, 2].map((n) => `${likes}|${link(n)}|1000`)) // prettier-ignore
    await me.post(`${path}/go-on`, {})
    await me.post(`${path}/again`, {})
    expect(await count(me)).toBe(0)
    expect(faultsOf((await me.get(path)).html)).toEqual(['2 The balance does not cover the charge'])
  })

  test('another account’s list is as unknown as none', async () => {
    const [mine, other] = [await ownPages(docket), await ownPages(docket)]
    const { path } = await checked(mine, [`${likes}|${link(1)}|1000`])
    for (const wanted of [path, `${path}/result.csv`, '/mass-order/999999', '/mass-order/x'])
      expect((await other.get(wanted)).status).toBe(404)
    for (const act of ['place', 'go-on', 'again']) expect((await other.post(`${path}/${act}`, {})).status).toBe(404)
    expect((await other.get(`/mass-order?again=${path.split('/').at(-1)}`)).html).not.toContain(`${likes}|`)
    expect(await count(mine)).toBe(0)
  })

  describe('a file', () => {
    const upload = async (me: OwnPages, file: Uint8Array<ArrayBuffer> | string, lines = '') => {
      const form = new FormData()
      form.set('csrf', me.hidden((await me.get('/mass-order')).html, 'csrf'))
      form.set('form', 'f'.repeat(22))
      form.set('lines', lines)
      form.set('file', new Blob([file]), 'list.csv')
      const headers = { cookie: `docket-session=${me.token}`, origin: docket.node.url! }
      const response = await fetch(`${docket.node.url}/mass-order`, { method: 'POST', body: form, headers, redirect: 'manual' })
      return { status: response.status, location: response.headers.get('location'), html: await response.text() }
    }

    test('is read without script, in UTF-8 or UTF-16, quoted line breaks and all', async () => {
      const me = await ownPages(docket)
      const text = `service,link,comments\r\n${words},${link(1)},"Héllo, you\r\nLovely"\r\n`
      for (const file of [text, `\uFEFF${text}`, new Uint8Array([0xff, 0xfe, ...Buffer.from(text, 'utf16le')])]) {
        const { location } = await upload(me, file)
        expect((await me.get(location!)).html).toContain('$0.20')
      }
    })

    test('that is no text is refused, and what was typed stays', async () => {
      const me = await ownPages(docket)
      const { status, html } = await upload(me, new Uint8Array([0x50, 0x4b, 3, 4, 0xe4, 0xff]), 'typed before')
      expect(status).toBe(422)
      expect(html).toContain('id="file-fault">This file is not UTF-8 text')
      expect(html).toContain('>typed before</textarea>')
    })

    test('and a list that are too large are told so, by whatever limit they meet', async () => {
      const me = await ownPages(docket)
      for (const size of [1_000_001, 3_000_000]) {
        const { status, html } = await upload(me, 'x'.repeat(size))
        expect(status).toBe(size > 2_000_000 ? 413 : 422)
        expect(html).toContain('id="lines-fault">Too long for one list')
      }
      const plain = await me.post('/mass-order', { form: 'f', lines: 'x'.repeat(3_000_000) })
      expect(plain.status).toBe(413)
      expect(plain.html).toContain('id="lines-fault">Too long for one list')
    })

    test('from elsewhere is refused', async () => {
      const me = await ownPages(docket)
      const form = new FormData()
      form.set('lines', `${likes}|${link(1)}|1000`)
      const headers = { cookie: `docket-session=${me.token}`, origin: 'https://elsewhere.example' }
      const response = await fetch(`${docket.node.url}/mass-order`, { method: 'POST', body: form, headers, redirect: 'manual' })
      expect(response.status).toBe(403)
    })
  })

  test('an empty list is told beside the field', async () => {
    const me = await ownPages(docket)
    const { status, html } = await me.post('/mass-order', { form: 'f', lines: ' \r\n' })
    expect(status).toBe(422)
    expect(html).toContain('id="lines-fault">Paste some lines, or choose a file.')
  })

  test('a stranger is asked to sign in', async () => {
    for (const path of ['/mass-order', '/mass-order/1', '/mass-order/1/result.csv', '/start']) {
      const response = await fetch(docket.node.url! + path, { redirect: 'manual' })
      expect(response.headers.get('location')).toMatch(/^\/sign-in\?next=/)
    }
  })
})
