import type { Command } from 'commander'
import { webhookReplay } from '../../server/acts/webhook-replay.ts'
import { webhookTest } from '../../server/acts/webhook-test.ts'
import { listDeliveries } from '../../server/webhooks/log.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { type Json, print, table } from '../output.ts'

/** Commands that test a webhook, list its messages and send them again. */
export function addDeliveryCommands(webhook: Command) {
  addAct(webhook, webhookTest, {
    after: ({ result }) => {
      if (!('arrived' in result) || result.arrived !== true) process.exitCode = 1
    },
  })
  addDeliveries(webhook)
  addAct(webhook, webhookReplay)
}

function addDeliveries(webhook: Command) {
  webhook
    .command('deliveries')
    .description('messages of a webhook, newest first; delivered ones are kept for a week, ones that were given up for thirty days')
    .argument('<number>', 'the id that "webhook list" shows', id)
    .option('--given-up', 'only messages that were given up')
    .option('--most <number>', 'how many', whole, 50)
    .option('--json', 'answer in JSON')
    .action((which: number, options: { givenUp?: boolean; most: number } & Json) =>
      withDatabase(async (db) => {
        const deliveries = await listDeliveries(db, which, { givenUp: options.givenUp === true, most: options.most })
        const rows = deliveries.map((row) => [
          String(row.id),
          row.message,
          row.type,
          String(row.order ?? ''),
          row.state,
          `${row.attempts}×`,
          row.words ?? '',
          row.created.toISOString(),
        ])
        const headings = ['delivery', 'webhook-id', 'type', 'order', 'state', 'tried', 'last', 'created']
        print(options.json, deliveries, rows.length ? table(headings, rows) : 'Nothing was sent yet')
      }),
    )
}
