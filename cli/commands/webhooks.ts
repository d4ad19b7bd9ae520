import type { Command } from 'commander'
import { webhookAdd } from '../../server/acts/webhook-add.ts'
import { webhookBalanceLow } from '../../server/acts/webhook-balance-low.ts'
import { webhookPause } from '../../server/acts/webhook-pause.ts'
import { webhookRemove } from '../../server/acts/webhook-remove.ts'
import { webhookResume } from '../../server/acts/webhook-resume.ts'
import { webhookRotate } from '../../server/acts/webhook-rotate.ts'
import { formatUnits } from '../../server/ledger/money.ts'
import { listWebhooks } from '../../server/webhooks/registry.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { id } from '../options.ts'
import { type Json, print, table } from '../output.ts'
import { addDeliveryCommands } from './deliveries.ts'

export function addWebhookCommands(program: Command) {
  const webhook = program.command('webhook').description('webhooks, which tell a customer’s server of changes (docs/webhooks.md)')

  addAct(webhook, webhookAdd)
  addList(webhook)
  for (const act of [webhookRotate, webhookPause, webhookResume, webhookRemove, webhookBalanceLow]) addAct(webhook, act)
  addDeliveryCommands(webhook)
}

function addList(webhook: Command) {
  webhook
    .command('list')
    .description('all webhooks, how many messages wait, and since when one fails')
    .option('--account <number>', 'only those of this account', id)
    .option('--json', 'answer in JSON')
    .action((options: { account?: number } & Json) =>
      withDatabase(async (db) => {
        const shown = (await listWebhooks(db, options.account ?? null)).map((row) => ({
          webhook: row.id,
          account: row.accountId,
          url: row.url,
          events: row.events,
          test: row.test,
          waiting: row.waiting,
          paused_since: row.pausedAt,
          failing_since: row.failingSince,
          old_secret_until: row.oldSecretUntil,
          balance_low: row.balanceLow === null ? null : formatUnits(row.balanceLow),
        }))
        const rows = shown.map((row) => [
          String(row.webhook),
          String(row.account),
          row.url,
          row.events.join(','),
          String(row.waiting),
          stateWords(row),
        ])
        const nothing = 'No webhook yet: docket webhook add --account N --url https://…'
        print(options.json, shown, rows.length ? table(['id', 'account', 'address', 'events', 'waiting', ''], rows) : nothing)
      }),
    )
}

function stateWords(row: { paused_since: Date | null; failing_since: Date | null }): string {
  const paused = row.paused_since && `paused since ${row.paused_since.toISOString()}`
  const failing = row.failing_since && `failing since ${row.failing_since.toISOString()}`
  return [paused, failing].filter(Boolean).join('; ')
}
