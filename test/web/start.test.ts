import { describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setService } from '../../server/catalog/import.ts'
import { addKey, listKeys, revokeKey } from '../../server/customers/keys.ts'
import { serviceTypes } from '../../contract/service-types.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { logOf } from '../support/people.ts'
import { textOf } from './docs-page.ts'
import { programs } from './programs.ts'

const docket = openDocket({ DOCKET_FUNDS_NOTE: 'Write to <pay@panel.example>' })

const stepsOf = (html: string) =>
  [...html.matchAll(/<h3>(.*?) <span class="visually-hidden">(.*?)<\/span>/g)].map(([, name, state]) => `${name}: ${state}`)
const keyOf = (html: string) => /<code>(dk_test_[\w-]+)<\/code>/.exec(html)?.[1]
const makeKey = async (me: OwnPages) => (await me.post('/start/test-key', {})).html

/** The lines of the page in one language: the first orders, the second asks. */
function linesIn(html: string, language: string): [string, string] {
  const found = [...html.matchAll(new RegExp(`<pre[^>]* data-code="${language}"[^>]*>(.*?)</pre>`, 'gs'))].map(([, code]) => textOf(code!))
  expect(found).toHaveLength(2)
  return found as [string, string]
}

describe('first steps', () => {
  test('before anything is on sale the page says so', async () => {
    const me = await ownPages(docket, { balance: '0' })
    const { html } = await me.get('/start')
    expect(html).toContain('No services yet')
    expect(html).toContain(`${docket.node.url}/api/v2`)
  })

  test('the list notices what is done, whichever way it was done', async () => {
    const service = await onSale(docket)
    const me = await ownPages(docket, { balance: '0' })
    const [made] = await listKeys(docket.db, me.account)
    const { key: test } = await addKey(docket.db, me.account, { test: true, label: '' }, docket.clock.now())
    await revokeKey(docket.db, made!.id, docket.clock.now())
    const open = (name: string) => `${name}: not yet done`
    const done = (name: string) => `${name}: done`
    const names = [
      'Top up your balance',
      'Create an API key',
      'Place a test order',
      'Place your first real order',
      'Get notified instantly',
    ]
    expect(stepsOf((await me.get('/start')).html)).toEqual(names.map(open))
    expect((await me.get('/start')).html).toContain('0 of 5 steps done')

    const { key } = await addKey(docket.db, me.account, { test: false, label: '' }, docket.clock.now())
    await docket.call({ key: test, action: 'add', service, link: 'https://example.com', quantity: 1 })
    expect(stepsOf((await me.get('/start')).html)).toEqual([open(names[0]!), done(names[1]!), done(names[2]!), open(names[3]!), open(names[4]!)]) // prettier-ignore

    await docket.db.query(
      `select post_transfer(b.id, 'deposit', 100000, null, null, '', $2) from books b where account_id = $1 and not play`,
      [me.account, docket.clock.now()],
    )
    await docket.call({ key, action: 'add', service, link: 'https://example.com', quantity: 1 })
    await docket.db.query(
      `insert into webhooks (account_id, book_id, url, sealed_secret, events, seen_change, created_at)
       select account_id, id, 'https://example.com', '', '{order.*}', 0, $2 from books where account_id = $1 and not play`,
      [me.account, docket.clock.now()],
    )
    const { html } = await me.get('/start')
    expect(stepsOf(html)).toEqual(names.map(done))
    expect(html).toContain('5 of 5 steps done')
  })

  test('how to pay in is told in the operator’s words', async () => {
    const me = await ownPages(docket)
    expect((await me.get('/start')).html).toContain('Write to &lt;pay@panel.example>')
  })

  test('a test key is shown once, is noted, and takes the place of the one before it', async () => {
    const me = await ownPages(docket)
    const first = keyOf(await makeKey(me))!
    expect((await docket.call({ key: first, action: 'balance' })).balance).toBe('10000.00000')
    expect((await me.get('/start')).html).not.toContain(first)
    const second = keyOf(await makeKey(me))!
    expect(await docket.call({ key: first, action: 'balance' })).toEqual({ error: 'Invalid API key' })
    expect((await docket.call({ key: second, action: 'balance' })).currency).toBe('USD')
    expect((await logOf({ db: docket.db } as never, me.account)).slice(-3)).toEqual(['key added', 'key revoked', 'key added'])
  })

  test('two buttons at once leave one test key', async () => {
    const me = await ownPages(docket)
    await Promise.all(Array.from({ length: 5 }, () => makeKey(me)))
    const usable = (await listKeys(docket.db, me.account)).filter((key) => key.test && key.revokedAt === null)
    expect(usable).toHaveLength(1)
  })

  for (const program of programs) {
    const { language, isHere, missing } = program
    test.skipIf(!isHere)(`the lines in ${language} place a test order and ask for it${isHere ? '' : ` (${missing})`}`, async () => {
      await onSale(docket, { name: 'Least', min: 25 })
      const me = await ownPages(docket, { balance: '0' })
      const made = await makeKey(me)
      const key = keyOf(made)!

      const { order } = (await program.answer(linesIn(made, language)[0])) as { order: number }

      const { rows } = await docket.db.query(
        'select b.play, b.account_id as account from orders o join books b on b.id = o.book_id where o.id = $1',
        [order],
      )
      expect(rows).toEqual([{ play: true, account: me.account }])
      const { html } = await me.get('/start')
      expect(stepsOf(html)).toContain('Place a test order: done')
      const asked = linesIn(html, language)[1]
      expect(asked).toContain(String(order))
      expect(JSON.parse(JSON.stringify(await program.answer(asked.replace('YOUR_KEY', key))))).toMatchObject({
        status: 'Pending',
        currency: 'USD',
      })
      expect(await docket.balance(me.key)).toBe('0.00000')
    })
  }
})

describe('first steps in a house that sells one service', () => {
  const docket = openDocket()

  test('of whatever type it is, the line orders the least of it', async () => {
    const me = await ownPages(docket)
    for (const type of serviceTypes) {
      const service = await docket.service({ type: type.name, min: 2, dripfeed: type.runs === true })
      const [line] = linesIn(await makeKey(me), 'node')
      const given = [...line.matchAll(/^ {4}(\w+): '(.*)',$/gm)].map(([, name, value]) => [name!, value!.replaceAll(String.raw`\n`, '\n')])
      expect({ type: type.name, ...(await docket.call(Object.fromEntries(given))) }).toEqual({ type: type.name, order: expect.any(Number) })
      await changeCatalogue(docket.db, (tx) => setService(tx, service, { state: 'disabled' }))
    }
  })
})
