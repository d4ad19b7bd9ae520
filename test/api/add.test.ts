import { describe, expect, test } from 'vitest'
import { type Docket, openDocket, type Parameters } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

const link = 'https://example.com/p'

/** One row of the contract's table: what the type takes beside `service`, and what that comes to. */
interface Row {
  type: string
  parameters: Parameters
  counted: number
  charge: string
  /** Which parameters min and max bound; packages: none. */
  bounded: boolean
  missing?: Record<string, string>
}

// At a rate of 10, one counted piece costs 0.01; a package costs 10.
const table: readonly Row[] = [
  { type: 'Default', parameters: { link, quantity: 120 }, counted: 120, charge: '1.20000', bounded: true },
  { type: 'Package', parameters: { link }, counted: 1, charge: '10.00000', bounded: false },
  { type: 'SEO', parameters: { link, quantity: 120, keywords: 'a\nb c' }, counted: 120, charge: '1.20000', bounded: true },
  {
    type: 'Custom Comments',
    parameters: { link, comments: 'Nice one, really\r\n\r\n  \ntwo\nthree' },
    counted: 3,
    charge: '0.03000',
    bounded: true,
  },
  { type: 'Custom Comments Package', parameters: { link, comments: 'one\ntwo' }, counted: 1, charge: '10.00000', bounded: false },
  { type: 'Mentions', parameters: { link, quantity: 120, usernames: 'a\nb' }, counted: 120, charge: '1.20000', bounded: true },
  {
    type: 'Mentions with Hashtags',
    parameters: { link, quantity: 120, usernames: 'a', hashtags: '#x\n#y' },
    counted: 120,
    charge: '1.20000',
    bounded: true,
  },
  { type: 'Mentions Custom List', parameters: { link, usernames: 'a\nb\nc\nd' }, counted: 4, charge: '0.04000', bounded: true },
  { type: 'Mentions Hashtag', parameters: { link, quantity: 120, hashtag: 'x' }, counted: 120, charge: '1.20000', bounded: true },
  { type: 'Mentions User Followers', parameters: { link, quantity: 120, username: 'x' }, counted: 120, charge: '1.20000', bounded: true },
  {
    type: 'Mentions Media Likers',
    parameters: { link, quantity: 120, media: 'https://example.com/m' },
    counted: 120,
    charge: '1.20000',
    bounded: true,
  },
  { type: 'Comment Likes', parameters: { link, quantity: 120, username: 'x' }, counted: 120, charge: '1.20000', bounded: true },
  { type: 'Comment Replies', parameters: { link, username: 'x', comments: 'a\nb' }, counted: 2, charge: '0.02000', bounded: true },
  { type: 'Poll', parameters: { link, quantity: 120, answer_number: 7 }, counted: 120, charge: '1.20000', bounded: true },
  { type: 'Invites from Groups', parameters: { link, quantity: 120, groups: 'g1\ng2' }, counted: 120, charge: '1.20000', bounded: true },
  { type: 'Subscriptions', parameters: { username: 'x', min: 3, max: 120, delay: 0 }, counted: 0, charge: '0.00000', bounded: false },
  {
    type: 'Web Traffic',
    parameters: { link, quantity: 120, country: 'WW', device: 5, type_of_traffic: 3 },
    counted: 120,
    charge: '1.20000',
    bounded: true,
  },
]

const requiredTexts: Record<string, string> = { link: 'Link is required', quantity: 'Quantity is required' }

async function nothingHappened(docket: Docket, key: string, balance = '100.00000') {
  expect(await docket.balance(key)).toBe(balance)
}

describe('add by service type', () => {
  const docket = openDocket()

  test('all seventeen types are in the table', () => {
    expect(new Set(table.map((row) => row.type)).size).toBe(17)
  })

  for (const { type, parameters, counted, charge, bounded } of table) {
    test(`${type} counts ${counted} and costs ${charge}`, async () => {
      const { key } = await docket.account()
      const service = await onSale(docket, { type, rate: '10' })
      const order = { key, service, ...parameters }
      const quoted = await docket.call({ ...order, action: 'quote' })
      expect(quoted).toEqual({ charge, currency: 'USD' })
      const answer = await docket.call({ ...order, action: 'add' })
      expect(await docket.call({ key, action: 'status', ...answer })).toMatchObject({ charge, remains: String(counted), start_count: '0' })
      const { rows } = await docket.db.query('select link, parameters, quantity from orders where id = $1', [answer.order])
      expect(rows[0].quantity).toBe(BigInt(counted))
      // What its type asks for is kept, byte for byte.
      const kept = Object.entries(parameters).filter(([name]) => name !== 'link' && name !== 'quantity')
      expect(rows[0].parameters).toEqual(kept.length === 0 ? null : Object.fromEntries(kept.map(([name, value]) => [name, String(value)])))
      expect(rows[0].link).toBe(parameters['link'] ?? parameters['username'])
    })

    test(`${type} asks for each of its parameters`, async () => {
      const { key } = await docket.account()
      const service = await onSale(docket, { type, rate: '10' })
      // A delay that is left out is none.
      for (const name of Object.keys(parameters).filter((name) => name !== 'delay')) {
        for (const action of ['add', 'quote']) {
          const answer = await docket.call({ key, action, service, ...parameters, [name]: undefined })
          expect({ [name]: answer }).toEqual({ [name]: { error: requiredTexts[name] ?? 'Incorrect request' } })
        }
      }
      await nothingHappened(docket, key)
    })

    test(`${type} is ${bounded ? '' : 'not '}bounded by min and max`, async () => {
      const { key } = await docket.account()
      const call = { key, action: 'add', ...parameters }
      if (type === 'Subscriptions') {
        const service = await onSale(docket, { type, min: 5, max: 100 })
        expect(await docket.call({ ...call, service })).toEqual({ error: 'Quantity less than minimal 5' })
        expect(await docket.call({ ...call, service, min: 5 })).toEqual({ error: 'Quantity more than maximum 100' })
        return
      }
      const [above, below] = [await onSale(docket, { type, min: 1000, max: 2000 }), await onSale(docket, { type, min: 0, max: 1 })]
      const answers = [await docket.call({ ...call, service: above }), await docket.call({ ...call, service: below })]
      if (!bounded) return expect(answers).toEqual([{ order: expect.any(Number) }, { order: expect.any(Number) }])
      expect(answers).toEqual([{ error: 'Quantity less than minimal 1000' }, { error: 'Quantity more than maximum 1' }])
      await nothingHappened(docket, key)
    })
  }

  test('Web Traffic asks for a keyword or a referrer by its kind', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Web Traffic', dripfeed: true })
    const order = { key, action: 'add', service, link, quantity: 10, country: 'SI', device: 1 }
    expect(await docket.call({ ...order, type_of_traffic: 1 })).toEqual({ error: 'Incorrect request' })
    expect(await docket.call({ ...order, type_of_traffic: '01' })).toEqual({ error: 'Incorrect request' })
    expect(await docket.call({ ...order, type_of_traffic: 2 })).toEqual({ error: 'Incorrect request' })
    expect(await docket.call({ ...order, type_of_traffic: 2, referring_url: 'no address' })).toEqual({ error: 'Incorrect request' })
    expect(await docket.call({ ...order, type_of_traffic: 2, referring_url: 'javascript:alert(1)' })).toEqual({
      error: 'Incorrect request',
    })
    for (const wrong of [0, 4, 6, -1, 1.5, 'x'])
      expect(await docket.call({ ...order, type_of_traffic: wrong })).toEqual({ error: 'Incorrect request' })
    for (const wrong of [0, 6, 'x', '1e0']) {
      expect(await docket.call({ ...order, device: wrong, type_of_traffic: 3 })).toEqual({ error: 'Incorrect request' })
    }
    await nothingHappened(docket, key)
    const found = [
      await placed(docket, key, { ...order, type_of_traffic: '01', google_keyword: 'shoes' }),
      await placed(docket, key, { ...order, type_of_traffic: 2, referring_url: 'https://example.org', google_keyword: 'ignored' }),
      await placed(docket, key, { ...order, type_of_traffic: 3, runs: 4, interval: 10 }),
    ]
    const { rows } = await docket.db.query('select parameters, quantity from orders where id = any($1::bigint[]) order by id', [found])
    expect(rows).toEqual([
      { quantity: 10n, parameters: { country: 'SI', device: '1', type_of_traffic: '1', google_keyword: 'shoes' } },
      { quantity: 10n, parameters: { country: 'SI', device: '1', type_of_traffic: '2', referring_url: 'https://example.org' } },
      { quantity: 40n, parameters: { country: 'SI', device: '1', type_of_traffic: '3', runs: '4', interval: '10' } },
    ])
  })

  test('Poll takes the number of an answer only', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Poll' })
    for (const wrong of ['0', '-1', '1.5', 'yes', '1e1', '99999999999999999999']) {
      expect(await docket.call({ key, action: 'add', service, link, quantity: 1, answer_number: wrong })).toEqual({
        error: 'Incorrect request',
      })
    }
    await nothingHappened(docket, key)
  })
})

describe('what add charges', () => {
  const docket = openDocket()

  test('M2 0.90 spent in ten steps leaves exactly zero', async () => {
    const { key } = await docket.account({ balance: '0.90' })
    const service = await onSale(docket, { rate: '0.9' })
    for (let step = 0; step < 10; step += 1) await placed(docket, key, { service, quantity: 100, link: `${link}/${step}` })
    expect(await docket.balance(key)).toBe('0.00000')
    expect(await docket.call({ key, action: 'add', service, link, quantity: 1 })).toEqual({ error: 'Not enough funds on balance' })
  })

  test('M3 a price above zero is never charged as zero', async () => {
    const { key } = await docket.account({ balance: '1' })
    const service = await onSale(docket, { rate: '0.04' })
    await placed(docket, key, { service, quantity: 100 })
    expect(await docket.balance(key)).toBe('0.99600')
    const cheap = await onSale(docket, { rate: '0.000000000001' })
    const order = await placed(docket, key, { service: cheap, quantity: 1 })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ charge: '0.00001' })
    expect(await docket.balance(key)).toBe('0.99599')
  })

  test('a free service costs nothing and is an order', async () => {
    const { key } = await docket.account({ balance: '0' })
    const order = await placed(docket, key, { service: await onSale(docket, { rate: '0' }), quantity: 100 })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ charge: '0.00000', remains: '100' })
    const changes = await docket.call({ key, action: 'changes' })
    expect(Object.keys(changes.orders)).toEqual([String(order)])
  })

  test('M4 runs, quantity and interval are whole numbers', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { dripfeed: true })
    const order = { key, action: 'add', service, link, quantity: 10, runs: 2, interval: 10 }
    for (const wrong of ['0.001', '10.9', '1e3', '-5', '+5', '1 0', '0x10', '١٠', '10,5', '1_000', '１０', 'ten', '10.0', '10\n']) {
      const trimmed = wrong.trim() === '10'
      const texts = [
        await docket.call({ ...order, quantity: wrong }),
        await docket.call({ ...order, runs: wrong }),
        await docket.call({ ...order, interval: wrong }),
      ]
      if (trimmed) expect(texts).toEqual(Array.from({ length: 3 }, () => ({ order: expect.any(Number) })))
      else expect(texts).toEqual([{ error: 'Incorrect quantity' }, { error: 'Incorrect request' }, { error: 'Incorrect request' }])
    }
    for (const zero of ['0', '00']) expect(await docket.call({ ...order, quantity: zero })).toEqual({ error: 'Incorrect quantity' })
    expect(await docket.call({ ...order, runs: '10001' })).toEqual({ error: 'Incorrect request' })
    expect(await docket.call({ ...order, quantity: '9'.repeat(5000) })).toEqual({ error: 'Quantity more than maximum 1000000' })
    // Three orders, of which two have two runs of ten and one has ten runs.
    expect(await docket.balance(key)).toBe('99.86000')
  })

  test('leading zeros are the same number', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket), quantity: '0010' })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ remains: '10', charge: '0.01000' })
  })

  test('M5 a drip-feed pays all its runs at once', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { rate: '7', dripfeed: true, min: 100, max: 200 })
    const order = await placed(docket, key, { service, quantity: 150, runs: 9, interval: 60 })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ charge: '9.45000', remains: '1350', runs: '0', orders: [] })
    expect(await docket.balance(key)).toBe('90.55000')
    const { rows } = await docket.db.query('select runs, interval_minutes, run_quantity from drip_feeds where order_id = $1', [order])
    expect(rows).toEqual([{ runs: 9, interval_minutes: 60, run_quantity: 150n }])
  })

  test('M5 min and max bound one run', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { dripfeed: true, min: 100, max: 200 })
    const order = { key, action: 'add', service, link, runs: 4, interval: 60 }
    expect(await docket.call({ ...order, quantity: 50 })).toEqual({ error: 'Quantity less than minimal 100' })
    expect(await docket.call({ ...order, quantity: 201 })).toEqual({ error: 'Quantity more than maximum 200' })
    expect(await docket.call({ ...order, quantity: 200 })).toEqual({ order: expect.any(Number) })
  })

  test('drip-feed refusals come before money moves', async () => {
    const { key } = await docket.account()
    const drip = await onSale(docket, { dripfeed: true })
    const plain = await onSale(docket)
    const order = { key, action: 'add', link, quantity: 10 }
    expect(await docket.call({ ...order, service: drip, runs: 2 })).toEqual({ error: 'Interval is required' })
    expect(await docket.call({ ...order, service: drip, runs: 2, interval: 0 })).toEqual({ error: 'Interval is required' })
    expect(await docket.call({ ...order, service: plain, runs: 2, interval: 10 })).toEqual({
      error: 'Drip-feed is not available for this service',
    })
    await nothingHappened(docket, key)
    for (const ordinary of [{ interval: 10 }, { runs: 0 }, { runs: 1 }, { runs: 1, interval: 10 }]) {
      const id = await placed(docket, key, { ...order, service: plain, ...ordinary })
      expect(await docket.call({ key, action: 'status', order: id })).not.toHaveProperty('runs')
    }
  })

  test('M12 a price sent by the client is ignored', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { rate: '5' })
    const lies = { price: '0.01', rate: '0.01', charge: '0', cost: '0', amount: '1', book_id: 1, discount: 100 }
    await placed(docket, key, { service, quantity: 1000, ...lies })
    expect(await docket.balance(key)).toBe('95.00000')
  })

  test('M13 a comment with a comma is one comment', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Custom Comments', rate: '1000' })
    const comments = 'Nice one, really\r\n\ttabs and  spaces \n"quotes", \\back\\slash, {braces}, NULL\n🎉'
    const order = await placed(docket, key, { service, comments })
    expect(await docket.balance(key)).toBe('96.00000')
    const { rows } = await docket.db.query('select parameters from orders where id = $1', [order])
    expect(rows[0].parameters.comments).toBe(comments)
  })

  test('W4 charges of thousands show in every answer alike', async () => {
    const { key } = await docket.account({ balance: '9999999.5' })
    const service = await onSale(docket, { rate: '1234567.89' })
    const order = { key, service, link, quantity: 1000 }
    expect(await docket.call({ ...order, action: 'quote' })).toEqual({ charge: '1234567.89000', currency: 'USD' })
    expect(await docket.call({ ...order, action: 'add', max_charge: '1000' })).toEqual({ error: 'Price is now 1234567.89000' })
    await placed(docket, key, order)
    expect(await docket.balance(key)).toBe('8765431.61000')
    const { lines } = await docket.call({ key, action: 'ledger' })
    expect(lines.map((line: any) => [line.amount, line.balance])).toEqual([
      ['9999999.50000', '9999999.50000'],
      ['-1234567.89000', '8765431.61000'],
    ])
  })

  test('W5 a fresh order is Pending with all to come', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 777 })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Pending', start_count: '0', remains: '777' })
  })

  test('W8 no wallet holds a charge beyond all numbers', async () => {
    const { key } = await docket.account({ balance: '999999999999' })
    const service = await onSale(docket, { rate: '999999999999', max: 1_000_000_000_000, dripfeed: true })
    const order = { key, service, link, quantity: 1_000_000_000_000, runs: 10_000, interval: 1 }
    for (const action of ['quote', 'add']) expect(await docket.call({ ...order, action })).toEqual({ error: 'Not enough funds on balance' })
    expect(await docket.balance(key)).toBe('999999999999.00000')
  })
})

describe('add and its refusals', () => {
  const docket = openDocket()

  test('S3 a link is kept byte for byte, and no scheme but http and https is taken', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const order = { key, action: 'add', service, quantity: 1 }
    const bad = ['javascript:alert(1)', 'javascript:1/alert(1)', 'data:text/html,x', 'data:1,x', 'vbscript:0', 'file:///etc/passwd', 'ftp://x/y', 'http://', 'https://', 'has space', 'a\tb', 'a\nb', `https://example.com/${'x'.repeat(2048)}`] // prettier-ignore
    for (const wrong of bad)
      expect({ [wrong]: await docket.call({ ...order, link: wrong }) }).toEqual({ [wrong]: { error: 'Incorrect link' } })
    const good = ['https://example.com/p/1?a=b&c=d#e', 'http://example.com', 'HTTPS://EXAMPLE.COM', '@name', 'name', 'example.com/x', 'example.com:8080/x', 'https://例え.jp/語', '"\\{}\',NULL'] // prettier-ignore
    for (const right of good) {
      const id = await placed(docket, key, { ...order, link: right })
      const { rows } = await docket.db.query('select link from orders where id = $1', [id])
      expect(rows).toEqual([{ link: right }])
    }
  })

  test('the service is checked before everything else', async () => {
    const { key } = await docket.account()
    for (const wrong of ['0', '-1', '1.0', '01', 'abc', '99999', '99999999999999999999', '1 or 1=1', undefined]) {
      expect(await docket.call({ key, action: 'add', service: wrong })).toEqual({ error: 'Incorrect service ID' })
    }
  })

  test('not enough funds is its own answer', async () => {
    const { key } = await docket.account({ balance: '0.99999' })
    const service = await onSale(docket)
    const order = { key, service, link, quantity: 1000 }
    expect(await docket.call({ ...order, action: 'add' })).toEqual({ error: 'Not enough funds on balance' })
    expect(await docket.call({ ...order, action: 'quote' })).toEqual({ error: 'Not enough funds on balance' })
    await placed(docket, key, { ...order, quantity: 999 })
    expect(await docket.balance(key)).toBe('0.00099')
  })

  test('in one flood the affordable orders are served in order', async () => {
    const { key } = await docket.account({ balance: '1' })
    const service = await onSale(docket)
    const answers = await Promise.all(
      [600, 600, 300, 200, 100].map((quantity) => docket.call({ key, action: 'add', service, link, quantity })),
    )
    const bought = answers.filter((answer) => answer.order).length
    const spent = 100_000n - BigInt((await docket.balance(key)).replace('.', ''))
    expect(bought).toBeGreaterThanOrEqual(3)
    expect(spent).toBeGreaterThan(40_000n)
    expect(answers.filter((answer) => !answer.order)).toEqual(
      Array.from({ length: 5 - bought }, () => ({ error: 'Not enough funds on balance' })),
    )
  })

  test('one active order for a link, where asked for', async () => {
    const { key } = await docket.account()
    const other = await docket.account()
    const service = await onSale(docket, { one_active_link: true, cancel: true })
    const active = { error: 'You have active order with this link. Please wait until order being completed.' }
    const order = { key, action: 'add', service, link, quantity: 1 }
    const first = await placed(docket, key, order)
    expect(await docket.call(order)).toEqual(active)
    expect(await docket.call({ ...order, action: 'quote' })).toEqual(active)
    expect(await docket.call({ ...order, link: `${link}/2` })).toHaveProperty('order')
    expect(await docket.call({ ...order, key: other.key })).toHaveProperty('order')
    await tell(docket, first, 'In progress', { remains: 0 })
    expect(await docket.call(order)).toEqual(active)
    await tell(docket, first, 'Completed')
    const second = await placed(docket, key, order)
    expect(await docket.call({ key, action: 'cancel', order: second })).toEqual([{ order: second, cancel: 1 }])
    await placed(docket, key, order)
  })

  const SPELLINGS = ['https://example.com/Post', 'http://EXAMPLE.com/Post/', 'example.com/Post', '\u200bhttps://example.com/Post#top\u2069']

  test.for(SPELLINGS)('one active order for a link, also when it is written as %s', async (spelling) => {
    const { key } = await docket.account()
    const service = await onSale(docket, { one_active_link: true })
    const order = { key, action: 'add', service, link: SPELLINGS[0]!, quantity: 1 }
    const refused = { error: 'You have active order with this link. Please wait until order being completed.' }
    expect(await docket.call(order)).toHaveProperty('order')
    expect(await docket.call({ ...order, link: spelling, action: 'quote' })).toEqual(refused)
    expect(await docket.call({ ...order, link: spelling })).toEqual(refused)
    expect(await docket.call({ ...order, link: 'https://example.com/post' })).toHaveProperty('order')
  })

  test('two orders at once for one link are one, however it is written', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { one_active_link: true })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => docket.call({ key, action: 'add', service, link: SPELLINGS[n % 4]!, quantity: 1000 })),
    )
    expect(answers.filter((answer) => answer.order)).toHaveLength(1)
    expect(await docket.balance(key)).toBe('99.00000')
  })

  test('max_charge refuses a risen price and names it', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { rate: '0.9' })
    const order = { key, action: 'add', service, link, quantity: 1000, max_charge: '0.9' }
    expect(await docket.call(order)).toHaveProperty('order')
    await change(docket, service, { rate: '0.90001' })
    expect(await docket.call(order)).toEqual({ error: 'Price is now 0.90001' })
    expect(await docket.call({ ...order, action: 'quote' })).toEqual({ error: 'Price is now 0.90001' })
    expect(await docket.call({ ...order, max_charge: '0.90001' })).toHaveProperty('order')
    for (const wrong of ['abc', '1e3', '0,9', '1.000001', '--1', '٣']) {
      expect(await docket.call({ ...order, max_charge: wrong })).toEqual({ error: 'Incorrect request' })
    }
    expect(await docket.call({ ...order, max_charge: '0' })).toEqual({ error: 'Price is now 0.90001' })
    expect(await docket.call({ ...order, max_charge: '-1' })).toEqual({ error: 'Price is now 0.90001' })
    expect(await docket.balance(key)).toBe('98.19999')
  })

  test('a price that rises between two nodes’ news is never undercut', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { rate: '1' })
    // No waiting for the node to hear of it: the database refuses the old catalogue by itself.
    const flood = Array.from({ length: 50 }, (_, index) =>
      docket.call({ key, action: 'add', service, link: `${link}/${index}`, quantity: 1000, max_charge: 1 }),
    )
    const rise = docket.db.query(`update services set rate = '2' where id = $1`, [service])
    const answers = await Promise.all(flood)
    await rise
    expect(await docket.call({ key, action: 'add', service, link, quantity: 1000, max_charge: 1 })).toEqual({
      error: 'Price is now 2.00000',
    })
    for (const answer of answers) {
      expect(answer.order ? 'placed' : answer.error).toMatch(/^(placed|Price is now 2\.00000)$/)
    }
    const { rows } = await docket.db.query('select distinct charge from orders where service_id = $1', [service])
    expect(rows.every((row) => row.charge === 100_000n)).toBe(true)
  })

  test('a quote is what the add then costs', async () => {
    const { key } = await docket.account()
    const services = [await onSale(docket, { rate: '0.33333' }), await onSale(docket, { rate: '1.005', dripfeed: true, min: 10 })] as const
    const asks: Parameters[] = [
      { service: services[0], link, quantity: 1 },
      { service: services[0], link, quantity: 333 },
      { service: services[1], link, quantity: 15, runs: 7, interval: 5 },
      { service: services[1], link, quantity: 3 },
      { service: services[1], link, quantity: 1_000_001 },
      { service: services[1], quantity: 10 },
      { service: 99_999, link, quantity: 10 },
    ]
    for (const ask of asks) {
      const before = BigInt((await docket.balance(key)).replace('.', ''))
      const quote = await docket.call({ key, action: 'quote', ...ask })
      expect(await docket.balance(key)).toBe(`${before / 100_000n}.${String(before % 100_000n).padStart(5, '0')}`)
      const answer = await docket.call({ key, action: 'add', ...ask })
      const spent = before - BigInt((await docket.balance(key)).replace('.', ''))
      if (quote.error) expect(answer).toEqual(quote)
      else expect(BigInt(quote.charge.replace('.', ''))).toBe(spent)
    }
  })

  test('a thousand orders of one flood are each charged once', async () => {
    const { key } = await docket.account({ balance: '1000' })
    const service = await onSale(docket)
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => docket.call({ key, action: 'add', service, link: `${link}/${index}`, quantity: 1000 })),
    )
    expect(new Set(answers.map((answer) => answer.order)).size).toBe(1000)
    expect(await docket.balance(key)).toBe('0.00000')
  })
})

describe('subscriptions', () => {
  const docket = openDocket()
  const wanted = { username: 'someone', min: 10, max: 20, delay: 30 }

  test('nothing is charged until a child order is made', async () => {
    const { key } = await docket.account({ balance: '0' })
    const service = await onSale(docket, { type: 'Subscriptions', rate: '1000' })
    const order = { key, service, ...wanted, posts: 5, old_posts: 2, expiry: '31/12/2026' }
    expect(await docket.call({ ...order, action: 'quote' })).toEqual({ charge: '0.00000', currency: 'USD' })
    const answer = await docket.call({ ...order, action: 'add' })
    const { rows } = await docket.db.query(
      `select username, min, max, posts, old_posts, delay_minutes, expiry::text from subscriptions where order_id = $1`,
      [answer.order],
    )
    expect(rows).toEqual([{ username: 'someone', min: 10n, max: 20n, posts: 5, old_posts: 2, delay_minutes: 30, expiry: '2026-12-31' }])
    const { lines } = await docket.call({ key, action: 'ledger' })
    expect(lines).toEqual([])
  })

  test('every delay of the table is taken, no other', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Subscriptions' })
    const delays = [0, 5, 10, 15, 20, 30, 40, 50, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600]
    for (const delay of delays) expect(await docket.call({ key, action: 'add', service, ...wanted, delay })).toHaveProperty('order')
    for (const delay of [1, 4, 7, 45, 100, 601, -5, '5.0', 'x', '1e1']) {
      expect(await docket.call({ key, action: 'add', service, ...wanted, delay })).toEqual({ error: 'Incorrect request' })
    }
  })

  test('a day gone by or no day is refused', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Subscriptions' })
    // The clock of these tests says 1 March 2026.
    for (const expiry of [
      '28/02/2026',
      '29/02/2027',
      '31/04/2026',
      '00/05/2026',
      '1/13/2026',
      '2026-05-05',
      '05.05.2026',
      '5/5/26',
      '5/5/0026',
      'soon',
      '1/1/99999',
    ]) {
      expect({ [expiry]: await docket.call({ key, action: 'add', service, ...wanted, expiry }) }).toEqual({
        [expiry]: { error: 'Incorrect request' },
      })
    }
    for (const expiry of ['01/03/2026', '1/3/2026', '29/02/2028', '31/12/9999']) {
      expect(await docket.call({ key, action: 'add', service, ...wanted, expiry })).toHaveProperty('order')
    }
  })

  test('no posts and no old ones are no limit, and old ones alone are those alone', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Subscriptions' })
    const add = { key, action: 'add', service, ...wanted }
    for (const unlimited of [{ posts: 0 }, { posts: 0, old_posts: 0 }, { posts: 0, delay: undefined }]) {
      expect(await docket.call({ ...add, ...unlimited })).toEqual({ order: expect.any(Number) })
    }
    for (const refused of [{ posts: -1 }, { posts: 1.5 }, { posts: 'x' }, { old_posts: -1 }]) {
      expect(await docket.call({ ...add, ...refused })).toEqual({ error: 'Incorrect request' })
    }
    const { order } = await docket.call({ ...add, posts: 0, old_posts: 3 })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ posts: '0', status: 'Active' })
    expect(await docket.call(add)).toHaveProperty('order')
  })

  test('min and max of a subscription are whole and in order', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Subscriptions', min: 5, max: 100 })
    const add = { key, action: 'add', service, ...wanted }
    expect(await docket.call({ ...add, min: 21 })).toEqual({ error: 'Incorrect quantity' })
    expect(await docket.call({ ...add, min: '1.5' })).toEqual({ error: 'Incorrect quantity' })
    expect(await docket.call({ ...add, max: '0' })).toEqual({ error: 'Incorrect quantity' })
    expect(await docket.call({ ...add, min: 4 })).toEqual({ error: 'Quantity less than minimal 5' })
    expect(await docket.call({ ...add, max: 101 })).toEqual({ error: 'Quantity more than maximum 100' })
    expect(await docket.call({ ...add, min: 20, max: 20 })).toHaveProperty('order')
  })

  test('a canceled subscription never moves money', async () => {
    const { key } = await docket.account({ balance: '5' })
    const service = await onSale(docket, { type: 'Subscriptions', cancel: true })
    const { order } = await docket.call({ key, action: 'add', service, ...wanted })
    expect(await docket.call({ key, action: 'cancel', order })).toEqual([{ order, cancel: 1 }])
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Canceled', charge: '0.00000' })
    expect(await docket.balance(key)).toBe('5.00000')
  })
})
