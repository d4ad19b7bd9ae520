import { expect, test, vi } from 'vitest'
import { SIMULATED_SUPPLIER } from '../../server/catalog/catalogue.ts'
import { openBudget } from '../../server/fulfilment/budget.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { claimLists, type ClaimedList, closeList } from '../../server/fulfilment/poll-lists.ts'
import { poll } from '../../server/fulfilment/poll.ts'
import { simulatedSupplier } from '../../server/suppliers/simulated.ts'
import type { Standing, StatusAnswer, Supplier } from '../../server/suppliers/supplier.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
const { clock } = docket
const { now } = clock

const OLD = { hours: 2 }
/** The pause between two looks at an order of two hours ago. */
const PAUSE = { minutes: 3, seconds: 1 }

const idsOf = ({ heard, unheard }: ClaimedList) => [...heard.map(({ orderId }) => orderId), ...unheard]

/** Orders of one customer at a supplier that says of each what it is told to say. */
async function openWatch(count: number) {
  const service = await docket.service({ rate: '1' }, { supplier: 'simulated' })
  const { key } = await docket.account({ balance: '1000' })
  const said: Standing = { status: 'In progress', startCount: 5n, remains: 600n, cost: '0.5', currency: 'USD', words: 'In progress' }
  const say = new Map<string, StatusAnswer<Standing>>()
  let questions: string[][] = []
  const supplier: Supplier = {
    ...simulatedSupplier({ db: docket.db, now, speed: 1 }),
    status: async (references) => {
      const ours = references.filter((reference) => orders.includes(BigInt(reference.replace('sim-', ''))))
      if (ours.length > 0) questions.push(ours)
      return new Map(references.map((reference) => [reference, say.get(reference) ?? { kind: 'read', standing: said }]))
    },
  }
  const context = { db: docket.db, now, supplierId: SIMULATED_SUPPLIER, supplier, budget: openBudget({ atOnce: 16, aMinute: 100_000 }) }
  const orders: bigint[] = []
  const order = async (more: number) => {
    for (let n = 0; n < more; n += 1) {
      const { order: id } = await docket.call({ key, action: 'add', service, link: `https://example.com/${n}`, quantity: 1000 })
      orders.push(BigInt(id))
    }
    await handOff(context)
  }
  await order(count)
  return {
    orders,
    order,
    context,
    /** The supplier says it of this order from now on; undefined: as before. */
    say(id: bigint, news: Partial<Standing> | Exclude<StatusAnswer<Standing>, { kind: 'read' }> | undefined) {
      if (!news) say.delete(`sim-${id}`)
      else say.set(`sim-${id}`, 'kind' in news ? news : { kind: 'read', standing: { ...said, ...news } })
    },
    /** Asks for what is due, and answers which of our orders were asked for together. */
    async look() {
      questions = []
      await poll(context)
      return questions.map((question) => question.length).toSorted((a, b) => a - b)
    },
    async lists(): Promise<number[]> {
      const text = `
        select count(*)::int as size from poll_lists l cross join unnest(l.order_ids) as m(id) where m.id = any($1::bigint[]) group by l.id order by 1`
      return (await docket.db.query<{ size: number }>(text, [orders])).rows.map(({ size }) => size)
    },
    async versions(): Promise<unknown[]> {
      return (await docket.db.query('select order_id, xmin::text, ctid::text from hand_offs where order_id = any($1) order by 1', [orders]))
        .rows
    },
  }
}

test('orders that are handed over at different moments come to be asked for together, and a look that brings nothing new writes none of them', async () => {
  const watch = await openWatch(30)
  await watch.order(40)
  await watch.order(50)
  expect((await watch.lists()).reduce((sum, size) => sum + size, 0)).toBe(120)
  clock.forward(OLD)
  await watch.look()
  const before = await watch.versions()
  clock.forward(PAUSE)
  const asked = await watch.look()
  expect(asked.reduce((sum, size) => sum + size, 0)).toBe(120)
  expect(asked.length).toBeLessThanOrEqual(3)
  expect(Math.max(...asked)).toBeLessThanOrEqual(100)
  expect(await watch.versions()).toEqual(before)
  expect(await watch.look()).toEqual([])
})

test('an order that has ended leaves its list, and a list without orders is gone', async () => {
  const watch = await openWatch(3)
  clock.forward(OLD)
  await watch.look()
  watch.say(watch.orders[0]!, { status: 'Completed', remains: 0n })
  clock.forward(PAUSE)
  expect(await watch.look()).toEqual([3])
  clock.forward(PAUSE)
  expect(await watch.look()).toEqual([2])
  expect(await watch.lists()).toEqual([2])
  for (const order of watch.orders) watch.say(order, { status: 'Completed', remains: 0n })
  for (let looks = 0; looks < 3; looks += 1) {
    clock.forward(PAUSE)
    await watch.look()
  }
  expect(await watch.lists()).toEqual([])
})

test('an order about which the supplier gives no clear answer waits by itself, longer and longer, and comes back into a list', async () => {
  const watch = await openWatch(2)
  const [odd] = watch.orders
  clock.forward(OLD)
  await watch.look()
  watch.say(odd!, { kind: 'unclear', words: 'something' })
  clock.forward(PAUSE)
  expect(await watch.look()).toEqual([2])
  const { rows } = await docket.db.query('select odd_answers, poll_list from hand_offs where order_id = $1', [odd])
  expect(rows).toEqual([{ odd_answers: 1, poll_list: null }])
  watch.say(odd!, undefined)
  clock.forward(PAUSE)
  expect(await watch.look()).toEqual([1, 1])
  clock.forward(PAUSE)
  await watch.look()
  clock.forward(PAUSE)
  expect(await watch.look()).toEqual([2])
})

test('a list whose node dies under the question is asked for again, by one node, when its claim has ended', async () => {
  const watch = await openWatch(5)
  clock.forward({ seconds: 2 })
  const claimed = await claimLists(docket.db, SIMULATED_SUPPLIER, 300, now())
  expect(claimed.flatMap(idsOf).filter((id) => watch.orders.includes(BigInt(id)))).toHaveLength(5)
  expect(await watch.look()).toEqual([])
  clock.forward({ seconds: 61 })
  const [one, other] = await Promise.all([
    claimLists(docket.db, SIMULATED_SUPPLIER, 300, now()),
    claimLists(docket.db, SIMULATED_SUPPLIER, 300, now()),
  ])
  const both = [...one, ...other].flatMap(idsOf).map(BigInt)
  const ours = both.filter((id) => watch.orders.includes(id))
  expect([ours.length, new Set(ours)]).toEqual([5, new Set(watch.orders)])
})

test('an order that somebody wants to know about now is asked for by itself, once, and stays in its list', async () => {
  const watch = await openWatch(4)
  clock.forward(OLD)
  await watch.look()
  clock.forward({ seconds: 30 })
  await docket.db.query('select look_at_orders_soon($1, $2)', [now(), [watch.orders[1]]])
  expect(await watch.look()).toEqual([1])
  clock.forward(PAUSE)
  await docket.db.query('select look_at_orders_soon($1, $2)', [now(), [watch.orders[1]]])
  // A list that is read leaves it out; one whose last answers are known is not read.
  expect([
    [1, 3],
    [1, 4],
  ]).toContainEqual(await watch.look())
  clock.forward(PAUSE)
  expect(await watch.look()).toEqual([4])
  expect(await watch.lists()).toEqual([4])
})

test('orders that a node of an older release handed over come into lists when they are asked for', async () => {
  const watch = await openWatch(6)
  await docket.db.query('delete from poll_lists where order_ids && $1::bigint[]', [watch.orders])
  await docket.db.query('update hand_offs set poll_list = null, due_at = $2 where order_id = any($1)', [watch.orders, now()])
  expect(await watch.look()).toEqual([6])
  expect(await watch.lists()).toEqual([6])
  clock.forward(OLD)
  expect(await watch.look()).toEqual([6])
})

test('an order that its list has lost is asked for after six hours, and has a list again; the same time brings it back to an older release', async () => {
  const watch = await openWatch(2)
  clock.forward(OLD)
  await watch.look()
  await docket.db.query('delete from poll_lists where order_ids && $1::bigint[]', [watch.orders])
  clock.forward({ hours: 7 })
  expect(await watch.look()).toEqual([2])
  clock.forward(PAUSE)
  expect(await watch.look()).toEqual([2])
  const { rows } = await docket.db.query(
    `select count(*)::int as soon from hand_offs where order_id = any($1) and due_at <= $2::timestamptz + interval '6 hours'`,
    [watch.orders, now()],
  )
  expect(rows).toEqual([{ soon: 2 }])
})

test('an order about which the supplier says something new is settled, and so is what it says next, also when it takes it back', async () => {
  const watch = await openWatch(3)
  const [moving] = watch.orders
  const known = async () => (await docket.db.query('select remains from orders where id = $1', [moving])).rows[0].remains
  clock.forward(OLD)
  await watch.look()
  const told: bigint[] = []
  for (const remains of [600n, 600n, 500n, 500n, 500n, 600n, 600n, 100n]) {
    watch.say(moving!, { remains })
    clock.forward(PAUSE)
    expect(await watch.look()).toEqual([3])
    told.push(await known())
  }
  expect(told).toEqual([600n, 600n, 500n, 500n, 500n, 600n, 600n, 100n])
})

test('what staff change in an order is compared with the supplier’s old answer within the hour', async () => {
  const watch = await openWatch(2)
  const [changed] = watch.orders
  const known = async () => (await docket.db.query('select start_count from orders where id = $1', [changed])).rows[0].start_count
  clock.forward(OLD)
  for (let looks = 0; looks < 3; looks += 1) {
    await watch.look()
    clock.forward(PAUSE)
  }
  await docket.db.query('update orders set start_count = 9 where id = $1', [changed])
  clock.forward({ hours: 1, seconds: 1 })
  await watch.look()
  expect(await known()).toBe(5n)
})

test('a list that was given to another node after its claim had ended is left to it', async () => {
  const watch = await openWatch(2)
  clock.forward(OLD)
  await watch.look()
  clock.forward(PAUSE)
  const ours = (lists: readonly ClaimedList[]) => lists.find((list) => idsOf(list).includes(String(watch.orders[0])))!
  const first = ours(await claimLists(docket.db, SIMULATED_SUPPLIER, 300, now()))
  clock.forward(PAUSE)
  const second = ours(await claimLists(docket.db, SIMULATED_SUPPLIER, 300, now()))
  expect(second.id).toBe(first.id)
  await closeList(docket.db, first, [], now())
  expect(await watch.lists()).toEqual([2])
  await closeList(docket.db, second, [], now())
  expect(await watch.lists()).toEqual([])
})

test('behind a supplier that has not answered no more lists are claimed than are asked for at once', async () => {
  const watch = await openWatch(10)
  clock.forward(OLD)
  await docket.db.query('delete from poll_lists where order_ids && $1::bigint[]', [watch.orders])
  // Lists of fifty and less would become one.
  await docket.db.query(
    `with begun as (
       insert into poll_lists (supplier_id, due_at, since, order_ids)
       select $2, $3, $3, array_fill(id, array[51]) from unnest($1::bigint[]) as t(id) returning id, order_ids[1] as order_id
     )
     update hand_offs h set poll_list = begun.id from begun where h.order_id = begun.order_id`,
    [watch.orders, SIMULATED_SUPPLIER, now()],
  )
  const claimed = async () => {
    const text = 'select count(*)::int as count from poll_lists where order_ids && $1::bigint[] and due_at > $2'
    return (await docket.db.query<{ count: number }>(text, [watch.orders, now()])).rows[0]!.count
  }
  let answer = () => {}
  const answers = new Promise<void>((resolve) => (answer = resolve))
  const questions: number[] = []
  const status: Supplier['status'] = async (references) => {
    questions.push(await claimed())
    await answers
    return watch.context.supplier.status(references)
  }
  const polling = poll({ ...watch.context, supplier: { ...watch.context.supplier, status } })
  await vi.waitFor(() => expect(questions).toHaveLength(3), { timeout: 60_000 })
  expect(Math.max(...questions)).toBeLessThanOrEqual(6)
  answer()
  await polling
  expect(await claimed()).toBe(10)
})
