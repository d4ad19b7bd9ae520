import { z } from 'zod'
import { listChildren, owedRent } from '../children/children.ts'
import { formatUnits } from '../ledger/money.ts'
import { count, decimal, moment, word } from './columns.ts'
import { list, type List, nextOf, number } from './list.ts'

/** The panels that the house has sold. */
export const childLists: readonly List[] = [
  list({
    name: 'children',
    does: 'child panels in the order in which they were sold: how they do, and what they owe',
    permission: 'children.read',
    filters: z.object({ account: number.max(2_147_483_647).optional().describe('number of the account that owns them') }),
    row: z.object({
      child: count(),
      host: word(),
      url: word(),
      account: count(),
      state: z.enum(['making', 'open', 'suspended', 'closed', 'dropping', 'dropped']),
      why: z.enum(['rent', 'staff']).nullable(),
      since: moment(),
      kept_until: moment().nullable(),
      rent: decimal(),
      owed: decimal(),
      balance: decimal(),
      currency: word(),
      rent_due: moment(),
      grace_until: moment().nullable(),
      fault: word().nullable(),
      looked: moment().nullable(),
      last_order: moment().nullable(),
      orders_open: count().nullable(),
      version: word().nullable(),
    }),
    async read(db, { account }, { cursor, most, now }) {
      const rows = await listChildren(db, { accountId: account ?? null, behind: cursor === null ? 0 : Number(cursor), most })
      const shown = rows.map((row) => ({
        child: row.id,
        host: row.host,
        url: row.url,
        account: row.accountId,
        state: row.state,
        why: row.why,
        since: row.since,
        kept_until: row.keptUntil,
        rent: formatUnits(row.rent),
        owed: formatUnits(owedRent(row, now)),
        balance: formatUnits(row.wallet),
        currency: row.currency,
        rent_due: row.rentDueAt,
        grace_until: row.graceUntil,
        fault: row.fault,
        looked: row.lookedAt,
        last_order: row.lastOrderAt,
        orders_open: row.ordersOpen,
        version: row.version,
      }))
      return { rows: shown, next: nextOf(rows, most, (row) => row.id) }
    },
  }),
]
