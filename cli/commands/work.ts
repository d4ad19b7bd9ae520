import { type Command, Option } from 'commander'
import { cancelAskAgain } from '../../server/acts/cancel-ask-again.ts'
import { cancelDecline } from '../../server/acts/cancel-decline.ts'
import { refillAccept } from '../../server/acts/refill-accept.ts'
import { refillAskAgain } from '../../server/acts/refill-ask-again.ts'
import { refillDecline } from '../../server/acts/refill-decline.ts'
import { workClaim } from '../../server/acts/work-claim.ts'
import { workRelease } from '../../server/acts/work-release.ts'
import { listCancelsAsked, listRefillsAsked } from '../../server/fulfilment/asks.ts'
import { listWork, type WorkView, workViews } from '../../server/fulfilment/work.ts'
import { addAct, userName } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { whole } from '../options.ts'
import { type Json, print, table } from '../output.ts'

interface ListOptions extends Json {
  readonly most: number
}

/** Orders that people do by hand, and the refills and cancels that customers asked for. */
export function addWorkCommands(program: Command) {
  const work = program.command('work').description('orders that are done by hand: list, claim, release')
  addWorkList(work)
  for (const act of [workClaim, workRelease]) addAct(work, act)

  const cancel = program.command('cancel').description('cancels that customers asked for: list, decline, ask-again; "order cancel" accepts')
  listed(cancel, 'open orders whose cancel was asked for, the newest request first', async ({ most, json }) =>
    withDatabase(async (db) => {
      const asked = await listCancelsAsked(db, null, { before: null, most })
      const rows = asked.map((row) => [String(row.order), row.asked_at.toISOString(), row.supplier ?? '', row.words ?? ''])
      print(json, asked, table(['order', 'asked', 'supplier', 'said'], rows))
    }),
  )
  for (const act of [cancelDecline, cancelAskAgain]) addAct(cancel, act)

  const refill = program.command('refill').description('refills that customers asked for: list, accept, decline, ask-again')
  listed(refill, 'refills that have not ended, the oldest first', async ({ most, json }) =>
    withDatabase(async (db) => {
      const asked = await listRefillsAsked(db, null, { after: 0n, most })
      const rows = asked.map((row) => [
        String(row.refill),
        String(row.order),
        row.status,
        row.asked_at.toISOString(),
        row.supplier ?? '',
        row.words ?? '',
      ])
      print(json, asked, table(['refill', 'order', 'status', 'asked', 'supplier', 'said'], rows))
    }),
  )
  for (const act of [refillAccept, refillDecline, refillAskAgain]) addAct(refill, act)
}

function addWorkList(work: Command) {
  const list = listed(work, 'orders that are done by hand, those that wait longest first', async (options) =>
    withDatabase(async (db) => {
      const { show, most, json } = options as ListOptions & { show: WorkView }
      const asked = { who: userName(), supplierId: null, now: new Date() }
      const found = await listWork(db, show, asked, { after: 0n, most })
      const rows = found.map((row) => [
        String(row.order),
        row.supplier,
        String(row.service),
        String(row.quantity),
        row.link,
        row.claimed_by ?? '',
      ])
      print(json, found, table(['order', 'supplier', 'service', 'quantity', 'link', 'who'], rows))
    }),
  )
  list.addOption(new Option('--show <which>', 'which orders').choices(workViews).default('waiting'))
}

function listed(parent: Command, does: string, run: (options: ListOptions) => Promise<void>): Command {
  return parent
    .command('list')
    .description(does)
    .option('--most <number>', 'how many', whole, 50)
    .option('--json', 'answer in JSON')
    .action(run)
}
