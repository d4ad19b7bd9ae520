import type { Command } from 'commander'
import { refuse } from '../../server/refusal.ts'
import { listDeliveries, replay, type Replayed, testWebhook } from '../../server/webhooks/log.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { type Json, print, table } from '../output.ts'
import { withWayOut } from '../way-out.ts'

/** Commands that test a webhook, list its messages and send them again. */
export function addDeliveryCommands(webhook: Command) {
  addTest(webhook)
  addDeliveries(webhook)
  addReplay(webhook)
}

function addTest(webhook: Command) {
  webhook
    .command('test')
    .description('send one signed message of type webhook.test now')
    .argument('<number>', 'the id that "webhook list" shows', id)
    .option('--json', 'answer in JSON')
    .action((which: number, options: Json) =>
      withWayOut(async (db, ways) => {
        const { arrived, status, words } = await testWebhook(db, ways, which, new Date())
        print(options.json, { webhook: which, arrived, status, words }, arrived ? `It arrived (${words})` : `It did not arrive: ${words}`)
        if (!arrived) process.exitCode = 1
      }),
    )
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

function addReplay(webhook: Command) {
  webhook
    .command('replay')
    .description('send messages again, each under its own webhook-id: those that were given up, one, or all since a time')
    .argument('<number>', 'the id that "webhook list" shows', id)
    .option('--delivery <number>', 'one, by the number that "webhook deliveries" shows', id)
    .option('--since <time>', 'all since then, delivered or not, like 2026-03-01T12:00Z')
    .option('--json', 'answer in JSON')
    .action((which: number, options: { delivery?: number; since?: string } & Json) => {
      const wanted = replayOf(options)
      return withDatabase(async (db) => {
        const again = await replay(db, which, wanted, new Date())
        print(options.json, { webhook: which, again }, `${again} messages are sent again`)
      })
    })
}

function replayOf(options: { delivery?: number; since?: string }): Replayed {
  if (options.delivery !== undefined) return { delivery: BigInt(options.delivery) }
  if (options.since === undefined) return 'given up'
  const since = new Date(options.since)
  if (Number.isNaN(since.getTime())) throw refuse('incorrect_since')
  return { since }
}
