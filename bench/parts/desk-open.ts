import { setTimeout as pause } from 'node:timers/promises'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { startStaffSession } from '../../server/staff/sessions.ts'
import { houseOf, run } from '../../test/support/acts.ts'
import { addLoad } from '../load/forms.ts'
import { ratioOf, takeTurns } from '../rounds.ts'
import { startDocket } from '../servers/process.ts'
import type { Shop } from '../shop/hall.ts'
import { proveBooks } from '../shop/proof.ts'
import { openCountedDocket } from './counted-docket.ts'
import { CROWD, type Part } from './part.ts'

/** Pages that stay open on the desk. Each asks again as often as its script does while things change. */
const OPEN_PAGES = ['/desk', '/desk/attention', '/desk/orders']
const LOOK_EVERY_MS = 4000
const SECRET = 'a secret of the bench, which guards nothing at all'

/** Placing orders while staff have the desk open at a second node, compared with placing beside that node while nobody has. The node adds up what the
 * reports show all the time; what it costs by itself, with its loops, is shown too. */
export const measureDeskOpen: Part = async (bench) => {
  const shop = await bench.hall.openShop('desk_open')
  const cookie = await signedInStaff(shop)
  const docket = await openCountedDocket(bench, shop, 'desk-open')
  const load = addLoad(shop.customers, false)
  try {
    const results = await takeTurns(
      [
        {
          name: 'the desk open at a second node',
          run: (seconds) => besideNode(shop, cookie, OPEN_PAGES, () => docket.fire(load, CROWD, seconds)),
        },
        { name: 'a second node, the desk closed', run: (seconds) => besideNode(shop, cookie, [], () => docket.fire(load, CROWD, seconds)) },
        { name: 'placing alone', run: (seconds) => docket.fire(load, CROWD, seconds) },
      ],
      bench,
    )
    bench.show({ title: `add, ${CROWD} connections`, results })
    const found = ratioOf(results[0]!, results[1]!)
    return {
      claims: [{ work: 'add with the desk open', against: 'the desk closed', found, unit: '×', atLeast: 0.97 }],
      proofs: [await docket.proveOrders(), await proveBooks('desk-open', shop)],
    }
  } finally {
    await docket.stop()
  }
}

async function signedInStaff({ db }: Shop): Promise<string> {
  await run(houseOf(db, () => new Date()), staffAdd, { email: 'owner@example.com', name: 'Owner', role: 'owner' }) // prettier-ignore
  const { rows } = await db.query<{ id: number }>("select id from staff where email = 'owner@example.com'")
  return `docket-desk=${await startStaffSession(db, rows[0]!.id, { address: '198.51.100.7', agent: 'bench' }, new Date())}`
}

/** A second node has the desk and the loops. It works on the orders of the turn before, so it has more to do than in a house that is open all day. */
async function besideNode<T>(shop: Shop, cookie: string, pages: readonly string[], work: () => Promise<T>): Promise<T> {
  const desk = await startDocket({ DATABASE_URL: shop.url, DOCKET_ROLE: 'http,fulfilment', DOCKET_SECRET: SECRET })
  const closing = new AbortController()
  const looking = pages.map(async (page) => {
    while (!closing.signal.aborted) {
      const answer = await fetch(desk.url + page, { headers: { cookie } })
      if (answer.status !== 200) throw new Error(`${page} answered ${answer.status}`)
      await answer.text()
      await pause(LOOK_EVERY_MS, undefined, { signal: closing.signal }).catch(() => {})
    }
  })
  try {
    return await work()
  } finally {
    closing.abort()
    await Promise.all(looking)
    await desk.stop()
  }
}
