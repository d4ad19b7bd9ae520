import type { Command } from 'commander'
import { readConfig } from '../../server/config.ts'
import { formatUnits, parseUnits } from '../../server/ledger/money.ts'
import { refuse } from '../../server/refusal.ts'
import { openSecret } from '../../server/secret.ts'
import { everyMessage } from '../../server/webhooks/message.ts'
import { pauseWebhook, resumeWebhook } from '../../server/webhooks/pause.ts'
import { addWebhook, listWebhooks, removeWebhook, rotateSecret, setBalanceLow } from '../../server/webhooks/registry.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { type Json, print, table } from '../output.ts'
import { withWayOut } from '../way-out.ts'
import { addDeliveryCommands } from './deliveries.ts'

export function addWebhookCommands(program: Command) {
  const webhook = program.command('webhook').description('webhooks, which tell a customer’s server of changes (docs/webhooks.md)')

  addAdd(webhook)
  addList(webhook)
  addRotate(webhook)
  addPause(webhook)
  addResume(webhook)
  addRemove(webhook)
  addBalanceLow(webhook)
  addDeliveryCommands(webhook)
}

function addAdd(webhook: Command) {
  webhook
    .command('add')
    .description('register an address; prints the secret that signs its messages, which is shown only now')
    .requiredOption('--account <number>', 'number of the account', id)
    .requiredOption('--url <address>', 'https address on the public internet')
    .option('--events <list>', 'comma-separated, like order.completed,refill.*', everyMessage.join(','))
    .option('--balance-low <amount>', 'send a message when the account’s balance falls below this, like 10')
    .option('--test', 'the orders of its test keys instead of the real ones')
    .option('--json', 'answer in JSON')
    .action((options: AddOptions) =>
      withWayOut(async (db, ways) => {
        const balanceLow = options.balanceLow === undefined ? undefined : parseUnits(options.balanceLow)
        const events = options.events.split(',').map((event) => event.trim())
        const test = options.test === true
        const added = await addWebhook(db, ways, { accountId: options.account, url: options.url, events, test }, new Date())
        if (balanceLow !== undefined) await setBalanceLow(db, options.account, test, balanceLow)
        print(options.json, added, `Webhook ${added.webhook}\nSecret  ${added.secret}\nThe secret is shown this once: keep it.`)
      }),
    )
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

function addRotate(webhook: Command) {
  webhook
    .command('rotate')
    .description('give a webhook a new secret, which is shown only now; for a while the old one signs too')
    .argument('<number>', 'the id that "webhook list" shows', id)
    .option('--keep-old <hours>', 'how many hours the old one still signs; 0: not any more', whole, 24)
    .option('--json', 'answer in JSON')
    .action((which: number, options: { keepOld: number } & Json) =>
      withDatabase(async (db) => {
        const { secret, oldUntil } = await rotateSecret(db, await openSecret(readConfig()), which, options.keepOld, new Date())
        const old = oldUntil ? `The old one signs too until ${oldUntil.toISOString()}.` : 'The old one signs no more.'
        print(
          options.json,
          { webhook: which, secret, old_secret_until: oldUntil },
          `Secret  ${secret}\nThe secret is shown this once: keep it. ${old}`,
        )
      }),
    )
}

function addPause(webhook: Command) {
  webhook
    .command('pause')
    .description('collect and send no messages until the webhook is resumed')
    .argument('<number>', 'the id that "webhook list" shows', id)
    .option('--json', 'answer in JSON')
    .action((which: number, options: Json) =>
      withDatabase(async (db) => {
        await pauseWebhook(db, which, new Date())
        print(options.json, { webhook: which, paused: true }, `Webhook ${which} is paused`)
      }),
    )
}

function addResume(webhook: Command) {
  webhook
    .command('resume')
    .description('send all that happened during the pause, or only what happens from now on')
    .argument('<number>', 'the id that "webhook list" shows', id)
    .option('--from-now', 'drop all that happened during the pause and all that still waited')
    .option('--json', 'answer in JSON')
    .action((which: number, options: { fromNow?: boolean } & Json) =>
      withDatabase(async (db) => {
        await resumeWebhook(db, which, options.fromNow !== true, new Date())
        print(options.json, { webhook: which, paused: false }, `Webhook ${which} goes on`)
      }),
    )
}

function addRemove(webhook: Command) {
  webhook
    .command('remove')
    .description('remove a webhook and its log')
    .argument('<number>', 'the id that "webhook list" shows', id)
    .option('--json', 'answer in JSON')
    .action((which: number, options: Json) =>
      withDatabase(async (db) => {
        await removeWebhook(db, which, new Date())
        print(options.json, { webhook: which, removed: true }, `Webhook ${which} is removed`)
      }),
    )
}

function addBalanceLow(webhook: Command) {
  webhook
    .command('balance-low')
    .description('set the balance below which an account’s balance counts as low')
    .requiredOption('--account <number>', 'number of the account', id)
    .option('--below <amount>', 'like 10')
    .option('--off', 'no balance counts as low')
    .option('--test', 'the balance in test money')
    .option('--json', 'answer in JSON')
    .action((options: { account: number; below?: string; off?: boolean; test?: boolean } & Json) => {
      if ((options.below === undefined) === (options.off !== true)) throw refuse('say_below_or_off')
      const below = options.below === undefined ? null : parseUnits(options.below)
      return withDatabase(async (db) => {
        await setBalanceLow(db, options.account, options.test === true, below)
        const shown = { account: options.account, below: below === null ? null : formatUnits(below) }
        print(options.json, shown, below === null ? 'No balance counts as low' : `A balance below ${shown.below} counts as low`)
      })
    })
}

function stateWords(row: { paused_since: Date | null; failing_since: Date | null }): string {
  const paused = row.paused_since && `paused since ${row.paused_since.toISOString()}`
  const failing = row.failing_since && `failing since ${row.failing_since.toISOString()}`
  return [paused, failing].filter(Boolean).join('; ')
}

interface AddOptions extends Json {
  account: number
  url: string
  events: string
  balanceLow?: string
  test?: boolean
}
