import { z } from 'zod'
import { listAlerts, listUndecided, readOrderSteps } from '../fulfilment/staff.ts'
import { listJobOrders, listJobs } from '../jobs/jobs.ts'
import { formatUnits } from '../ledger/money.ts'
import { amount, big, count, anyFields, moment, word, yesNo } from './columns.ts'
import { list, type List, nextOf, NO_FILTER, number } from './list.ts'
import { ordersList } from './orders-list.ts'

/** Orders, and what people decide about them. */
export const orderLists: readonly List[] = [
  list({
    name: 'alerts',
    does: 'the 500 newest open alerts',
    permission: 'alerts.read',
    filters: NO_FILTER,
    row: z.object({
      id: big(),
      kind: word(),
      supplier: word().nullable(),
      order: big().nullable(),
      words: word(),
      times: count(),
      first_at: moment(),
      last_at: moment(),
    }),
    async read(db) {
      const rows = (await listAlerts(db)).map(({ firstAt, lastAt, ...row }) => ({ ...row, first_at: firstAt, last_at: lastAt }))
      return { rows, next: null }
    },
  }),
  list({
    name: 'hand-offs',
    does: 'the first 500 unconfirmed hand-offs and orders that need attention, with what the supplier said',
    permission: 'orders.read',
    filters: NO_FILTER,
    row: z.object({
      order: big(),
      state: z.enum(['unconfirmed', 'attention']),
      supplier: word(),
      link: word(),
      words: word().nullable(),
      claimed_at: moment().nullable(),
      cancel_asked: yesNo(),
    }),
    async read(db) {
      const rows = (await listUndecided(db)).map(({ claimedAt, cancelAsked, ...row }) => ({
        ...row,
        claimed_at: claimedAt,
        cancel_asked: cancelAsked,
      }))
      return { rows, next: null }
    },
  }),
  ordersList,
  list({
    name: 'order-steps',
    does: 'everything that happened to one order, with the words of suppliers and staff, the oldest first',
    permission: 'orders.read',
    filters: z.object({ order: number.describe('number of the order') }),
    row: z.object({ at: moment(), by: word(), status: word(), words: word().nullable() }),
    async read(db, { order }) {
      const steps = await readOrderSteps(db, BigInt(order))
      return { rows: steps.map(({ at, by, status, words }) => ({ at, by, status, words })), next: null }
    },
  }),
  list({
    name: 'jobs',
    does: 'changes of many orders and how far they have come, the newest first',
    permission: 'orders.read',
    filters: NO_FILTER,
    row: z.object({
      job: big(),
      act: word(),
      trial: yesNo(),
      of_trial: big().nullable(),
      with: anyFields(),
      who: word(),
      orders: count(),
      done: count(),
      refused: count(),
      made: moment(),
      stop_asked_by: word().nullable(),
      ended: moment().nullable(),
      why_ended: word().nullable(),
    }),
    async read(db, _, { cursor, most }) {
      const jobs = await listJobs(db, { before: cursor, most })
      const rows = jobs.map((row) => ({
        job: row.id,
        act: row.act,
        trial: row.trial,
        of_trial: row.ofTrial,
        with: row.input,
        who: row.who,
        orders: row.orders,
        done: row.done,
        refused: row.refused,
        made: row.madeAt,
        stop_asked_by: row.stopAskedBy,
        ended: row.endedAt,
        why_ended: row.whyEnded,
      }))
      return { rows, next: nextOf(jobs, most, (row) => row.id) }
    },
  }),
  list({
    name: 'job-orders',
    does: 'the orders of one job, and what came of each',
    permission: 'orders.read',
    filters: z.object({ job: number.describe('number of the job') }),
    row: z.object({
      order: big(),
      state: z.enum(['waiting', 'done', 'refused']),
      words: word().nullable(),
      line: big().nullable(),
      currency: word().nullable(),
      given_back: amount().nullable(),
    }),
    async read(db, { job }, { cursor, most }) {
      const orders = await listJobOrders(db, BigInt(job), { after: cursor ?? 0n, most })
      const rows = orders.map(({ givenBack, ...row }) => ({ ...row, given_back: givenBack === null ? null : formatUnits(givenBack) }))
      return { rows, next: nextOf(orders, most, (row) => row.order) }
    },
  }),
]
