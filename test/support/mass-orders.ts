import { expect } from 'vitest'
import type { OrderContext } from '../../server/ordering/call.ts'
import { openCatalogue } from '../../server/catalog/catalogue.ts'
import { openKeyCheck } from '../../server/customers/callers.ts'
import { openRefusalCounts } from '../../server/house-rules/refuse.ts'
import { openBalances } from '../../server/ledger/balance.ts'
import { openPlacing } from '../../server/orders/place.ts'
import { openRetryReads } from '../../server/orders/read.ts'
import { openTallies } from '../../server/orders/tallies.ts'
import type { Database } from '../../server/db/pool.ts'
import type { OwnPages } from './own-pages.ts'

/** Sends a list as its form does, and answers the page of what was found. */
export async function checked(
  me: OwnPages,
  lines: string | readonly string[],
  form = 'f'.repeat(22),
): Promise<{ path: string; html: string }> {
  const { status, location } = await me.post('/mass-order', { form, lines: typeof lines === 'string' ? lines : lines.join('\r\n') })
  expect({ status, location }).toEqual({ status: 303, location: expect.stringMatching(/^\/mass-order\/\d+$/) })
  return { path: location!, html: (await me.get(location!)).html }
}

/** The rows of a result file, each by the names of its columns. Its cells have no separator in them. */
export async function resultOf(me: OwnPages, path: string): Promise<Record<string, string>[]> {
  const { html } = await me.get(`${path}/result.csv`)
  const [names, ...rows] = html.trimEnd().split('\r\n').map((row) => row.split(',')) // prettier-ignore
  return rows.map((row) => Object.fromEntries(names!.map((name, at) => [name, row[at]!])))
}

/** What a node orders with, over any pool: a node that can be stopped between any two steps. */
export async function orderContext({ db, now }: { db: Database; now: () => Date }): Promise<OrderContext> {
  const catalogue = await openCatalogue(db)
  return {
    db,
    now,
    catalogue,
    placing: openPlacing({ db, catalogue, now, queueLimit: 4096 }),
    balances: openBalances(db, 1000),
    retries: openRetryReads(db, now, 1000),
    tallies: openTallies(db),
    houseRefusals: openRefusalCounts(db, now),
    checkKey: openKeyCheck(db, 1000),
  }
}

/** One step of placing, as the page's script asks for it of any node; undefined when the answer did not come. */
export async function step(
  url: string,
  path: string,
  { token, csrf }: { token: string; csrf: string },
): Promise<{ done: boolean; value: number } | undefined> {
  const headers = { cookie: `docket-session=${token}`, accept: 'application/json', 'x-csrf-token': csrf, origin: url }
  const response = await fetch(`${url}${path}/go-on`, { method: 'POST', headers }).catch(() => undefined)
  return response?.ok ? ((await response.json()) as { done: boolean; value: number }) : undefined
}
