import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { childRenewKey } from '../../server/acts/child-renew-key.ts'
import { keyRevoke } from '../../server/acts/key-revoke.ts'
import { keySet } from '../../server/acts/key-set.ts'
import { secretOf } from '../../server/children/access.ts'
import { findChild } from '../../server/children/children.ts'
import { addKey, revokeKey } from '../../server/customers/keys.ts'
import { type Database, transaction } from '../../server/db/pool.ts'
import { openSecret } from '../../server/secret.ts'
import { setLockedKey } from '../../server/suppliers/registry.ts'
import { houseOf, run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import { openDesk } from '../support/desk.ts'
import { booksBalance, runningClock } from '../support/docket.ts'
import { ownPages } from '../support/own-pages.ts'
import { sellingIn } from './selling.ts'
import { openWorld, SECRET } from './world.ts'

const HOST = 'keys.example'
const world = openWorld({}, runningClock())
const { account, sellPanel, call, offer } = sellingIn(world)

describe('the key by which a child panel orders', () => {
  let child: Database
  let customer: string

  beforeAll(async () => {
    await sellPanel(HOST)
    child = await offer(HOST, 11)
    customer = (await account(child)).key
  })
  afterEach(async () => {
    await booksBalance(world.db)
    await booksBalance(child)
  })

  const keyId = async () => (await findChild(world.db, HOST)).keyId
  const order = async (link: string): Promise<number> =>
    (await call(HOST, { key: customer, action: 'add', service: '11', link: `https://example.com/${link}`, quantity: '100' })).order
  const stateOf = async (id: number) => (await child.query('select state from hand_offs where order_id = $1', [id])).rows[0]?.state
  const isSent = (id: number) => eventually(`order ${id} is handed over`, async () => (await stateOf(id)) === 'sent')
  const isAtParentOnce = async (link: string) =>
    expect((await world.db.query('select from orders where link = $1', [`https://example.com/${link}`])).rowCount).toBe(1)

  /** The new key takes its place once the nodes of the child have had time to read it. */
  async function isRenewed(before: number): Promise<void> {
    await eventually('the new key is used', async () => (await keyId()) !== before)
  }

  test('is neither revoked nor limited, by staff or by its owner, and the refusal says what to do', async () => {
    const key = await keyId()
    const refusal = { code: 'key_of_child_panel', message: expect.stringContaining(`docket child renew-key ${HOST}`) }
    await expect(run(world.house, keyRevoke, { key })).rejects.toMatchObject(refusal)
    await expect(run(world.house, keySet, { key, daily_cap: '1' })).rejects.toMatchObject(refusal)

    const pages = await ownPages(world)
    await world.db.query('update child_panels set account_id = $2 where host = $1', [HOST, pages.account])
    await world.db.query('update api_keys set account_id = $2 where id = $1', [key, pages.account])
    const { html } = await pages.get(`/keys/${key}`)
    expect(html).toContain('keys.example')
    expect(html).toContain('can be neither changed nor revoked')
    expect(html).not.toContain(`/keys/${key}/revoke`)
    for (const path of [`/keys/${key}/revoke`, `/keys/${key}/edit`])
      expect((await pages.post(path, { step: 'save' })).location).toBe(`/keys/${key}`)
    expect((await world.db.query('select from api_keys where id = $1 and revoked_at is null', [key])).rowCount).toBe(1)
  })

  test('is renewed while orders go on: each is at the parent once, and the old key is refused afterwards', async () => {
    const before = await keyId()
    const first = await order('renewed-1')
    const { key } = await run(world.house, childRenewKey, { host: HOST })
    const second = await order('renewed-2')
    await isRenewed(before)
    const third = await order('renewed-3')
    for (const id of [first, second, third]) await isSent(id)
    for (const link of ['renewed-1', 'renewed-2', 'renewed-3']) await isAtParentOnce(link)
    expect(await findChild(world.db, HOST)).toMatchObject({ keyId: key, newKeyId: null, newKeyAt: null, sealedKey: null })
    expect((await world.db.query('select from api_keys where id = $1 and revoked_at is not null', [before])).rowCount).toBe(1)
    const { rows } = await child.query(`select who from staff_log where act = 'child renew-key'`)
    expect(rows).toEqual([{ who: 'parent Docket' }])
  })

  test('that was revoked all the same is told on both sides, and one act mends it', async () => {
    const before = await keyId()
    await revokeKey(world.db, before, world.clock.now())
    const waiting = await order('revoked')
    await eventually('the order waits', async () => (await stateOf(waiting)) === 'waiting')

    const inChild = await openDesk({ db: child, clock: world.clock, node: world.node })
    const there = await world.ask(HOST, '/desk/attention', { headers: { cookie: inChild.cookie, accept: 'text/html' } })
    expect(there.text).toContain('Docket made this panel and no longer takes its key, so orders wait and nothing is lost.')
    const desk = await openDesk(world)
    const troubles = (await desk.get('/desk/attention?kind=child')).html
    expect(troubles).toContain('Its key was revoked, so its orders wait.')
    expect(troubles).toContain('/desk/do/child-renew-key?host=keys.example')
    const { id } = await findChild(world.db, HOST)
    expect((await desk.get(`/desk/children/${id}`)).html).toContain('Its key was revoked')

    await desk.do('child-renew-key', { host: HOST })
    expect((await desk.get('/desk/attention?kind=child')).html).not.toContain('Its key was revoked')
    await isRenewed(before)
    await isSent(waiting)
    await isAtParentOnce('revoked')
    const alerts = `select from alerts where kind = 'supplier refuses our key' and closed_at is null`
    expect((await child.query(alerts)).rowCount).toBe(0)
  })

  test('is renewed once, however often that is asked before it is there, and not by the child', async () => {
    const before = await keyId()
    const [one, two] = [await run(world.house, childRenewKey, { host: HOST }), await run(world.house, childRenewKey, { host: HOST })]
    await isRenewed(before)
    expect([one.key, two.key]).toEqual([await keyId(), await keyId()])
    await isSent(await order('renewed-again'))
    await expect(run(houseOf(child, world.clock.now), childRenewKey, { host: HOST })).rejects.toMatchObject({ code: 'unknown_child_panel' })
  })

  test('is used for what the old one was refused for as soon as a node reads it', async () => {
    const panel = await findChild(world.db, HOST)
    await revokeKey(world.db, panel.keyId, world.clock.now())
    const waiting = await order('read-anew')
    await eventually('the order waits', async () => (await stateOf(waiting)) === 'waiting')
    // As if the node had read the new key late: nobody tries again what waits.
    const added = await transaction(world.db, (tx) => addKey(tx, panel.accountId, { test: false, label: 'another' }, world.clock.now()))
    const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
    const own = await openSecret({ secret: secretOf(secret, panel), dataDirectory: '' })
    await setLockedKey(child, own.seal(added.key))
    await isSent(waiting)
    expect(await stateOf(waiting)).toBe('sent')
    await isAtParentOnce('read-anew')
  })
})
