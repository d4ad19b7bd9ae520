import type { Command } from 'commander'
import { readConfig } from '../../server/config.ts'
import { listMails, readMail } from '../../server/mails/mailbox.ts'
import { openSecret } from '../../server/secret.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { type Json, print, table } from '../output.ts'

export function addMailCommands(program: Command) {
  const mail = program.command('mail').description('mails to customers: list them, read one that waits')

  mail
    .command('list')
    .description('the newest mails and their states')
    .option('--account <number>', 'only mails to this account', id)
    .option('--most <number>', 'how many', whole, 50)
    .option('--json', 'answer in JSON')
    .action((options: { account?: number; most: number } & Json) =>
      withDatabase(async (db) => {
        const mails = await listMails(db, options.account ?? null, options.most)
        const rows = mails.map((row) => [
          String(row.id),
          row.createdAt.toISOString(),
          row.recipient,
          row.name,
          row.state,
          row.attempts > 0 ? `${row.words ?? ''} (${row.attempts}×)` : '',
        ])
        print(options.json, mails, rows.length ? table(['id', 'when', 'to', 'mail', 'state', ''], rows) : 'No mail yet')
      }),
    )

  mail
    .command('show')
    .description('show a waiting mail as it will be sent; without a mail server it is read here')
    .argument('<number>', 'the id that "mail list" shows', id)
    .option('--json', 'answer in JSON')
    .action((number: number, options: Json) =>
      withDatabase(async (db) => {
        const opened = await readMail(db, await openSecret(readConfig()), BigInt(number))
        print(options.json, opened, `To: ${opened.recipient}\nSubject: ${opened.subject}\n\n${opened.text}`)
      }),
    )
}
