import { describe, expect, test } from 'vitest'
import { transaction } from '../../server/db/pool.ts'
import { add, eventually } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'

// A database that is set back (an older backup, a fail-over to a standby that lagged) counts on from an older number. Here its numbers
// are set back by hand, behind the node's back; its connections are cut, as they are by any of these.
describe('a database that is set back under a running node', () => {
  const docket = openDocket()

  async function listeners(): Promise<number[]> {
    const { rows } = await docket.db.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and application_name like 'docket listen%'`,
    )
    return rows.map(({ pid }) => pid)
  }

  async function cutTheListener() {
    const before = await listeners()
    await docket.db.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [before])
    await eventually('the node listens on another connection', async () => (await listeners()).some((pid) => !before.includes(pid)))
  }

  test('orders are priced by the catalogue as it is now, and not by a newer one that is remembered', async () => {
    const service = await docket.service({ rate: '1' })
    const { key } = await docket.account()
    const order = { key, action: 'add', service, quantity: 1000, link: 'https://example.com/1' }
    expect(await docket.call(order)).toHaveProperty('order')
    await docket.db.query("update services set rate = '2' where id = $1", [service])
    await docket.db.query('update catalogue set version = version - 1')
    await cutTheListener()

    const known = await add(docket.node.url!, { key, service, quantity: 1000 })
    expect(known.order).toBeTypeOf('number')
    expect(await docket.call({ key, action: 'status', order: known.order! })).toMatchObject({ charge: '2.00000' })
    expect(await docket.call({ ...order, action: 'quote' })).toMatchObject({ charge: '2.00000' })
  })

  test('a list of orders is read anew, and not as it was remembered at the same number of changes', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account()
    const known = await Promise.all(Array.from({ length: 12 }, () => add(docket.node.url!, { key, service, quantity: 1000 })))
    const [first, second] = known.map((each) => each.order!)
    const { rows } = await docket.db.query<{ id: number }>('select id from books where account_id = $1 and not play', [account])
    const book = rows[0]!.id
    const statuses = async () => {
      const list = (await docket.call({ key, action: 'status', orders: known.map((each) => each.order).join(',') })) as Record<
        string,
        { status: string }
      >
      return [list[first!]!.status, list[second!]!.status]
    }
    await move(book, first!, 'Processing')
    expect(await statuses()).toEqual(['Processing', 'Pending'])

    await transaction(docket.db, async (tx) => {
      // As in a restored database: without the triggers that keep the past as it was.
      await tx.query('set local session_replication_role = replica')
      await tx.query('delete from order_events where book_id = $1', [book])
      await tx.query('update feeds set changes = 0 where book_id = $1', [book])
      await tx.query("update orders set status = 'Pending' where id = $1", [first])
    })
    await cutTheListener()
    await move(book, second!, 'In progress')

    expect(await statuses()).toEqual(['Pending', 'In progress'])
  })

  function move(book: number, order: number, status: string) {
    return docket.db.query(
      `with moved as (update orders set status = $3::text::order_status where id = $2)
       select add_order_event($1, $2, null, now(), 'supplier', $3::text, 0, 1000, null)`,
      [book, order, status],
    )
  }
})
