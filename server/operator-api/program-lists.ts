import { z } from 'zod'
import { listKeys } from '../customers/keys.ts'
import { formatUnits } from '../ledger/money.ts'
import { listWebhooks } from '../webhooks/registry.ts'
import { amount, count, moment, word, yesNo } from './columns.ts'
import { list, type List, number, pageOf } from './list.ts'

const OF_ACCOUNT = z.object({ account: number.max(2_147_483_647).optional().describe('only those of this account') })

/** What programs of customers use. */
export const programLists: readonly List[] = [
  list({
    name: 'keys',
    does: 'API keys by their first characters; the keys themselves are not stored',
    permission: 'accounts.read',
    filters: OF_ACCOUNT,
    row: z.object({
      key: count(),
      account: count(),
      prefix: word(),
      label: word(),
      test: yesNo(),
      scopes: z.array(word()).readonly().nullable(),
      daily_cap: amount().nullable(),
      services: z.array(count()).readonly().nullable(),
      addresses: z.array(word()).readonly().nullable(),
      expires: moment().nullable(),
      last_used: moment().nullable(),
      created: moment(),
      revoked: moment().nullable(),
    }),
    async read(db, { account }, page) {
      const keys = await listKeys(db, account ?? null)
      return pageOf(
        page,
        keys,
        (row) => row.id,
        (row) => ({
          key: row.id,
          account: row.accountId,
          prefix: row.prefix,
          label: row.label,
          test: row.test,
          scopes: row.scopes,
          daily_cap: row.dailyCap === null ? null : formatUnits(row.dailyCap),
          services: row.serviceIds,
          addresses: row.addresses,
          expires: row.expiresAt,
          last_used: row.lastUsedAt,
          created: row.createdAt,
          revoked: row.revokedAt,
        }),
      )
    },
  }),
  list({
    name: 'webhooks',
    does: 'webhooks, how many messages wait, and since when one fails',
    permission: 'accounts.read',
    filters: OF_ACCOUNT,
    row: z.object({
      webhook: count(),
      account: count(),
      url: word(),
      events: z.array(word()).readonly(),
      test: yesNo(),
      waiting: count(),
      paused_since: moment().nullable(),
      failing_since: moment().nullable(),
    }),
    async read(db, { account }, page) {
      const webhooks = await listWebhooks(db, account ?? null)
      return pageOf(
        page,
        webhooks,
        (row) => row.id,
        (row) => ({
          webhook: row.id,
          account: row.accountId,
          url: row.url,
          events: row.events,
          test: row.test,
          waiting: row.waiting,
          paused_since: row.pausedAt,
          failing_since: row.failingSince,
        }),
      )
    },
  }),
]
