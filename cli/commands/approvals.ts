import type { Command } from 'commander'
import { approvalAccept } from '../../server/acts/approval-accept.ts'
import { approvalDecline } from '../../server/acts/approval-decline.ts'
import { type Approval, listApprovals } from '../../server/staff/approvals.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { whole } from '../options.ts'
import { type Json, print, table } from '../output.ts'

/** Commands for what one member of staff may not do alone. */
export function addApprovalCommands(program: Command) {
  const approval = program.command('approval').description('what waits for a second person (DOCKET_STAFF_DAILY_SUM): list, accept, decline')
  addList(approval)
  addAct(approval, approvalAccept)
  addAct(approval, approvalDecline)
}

function addList(approval: Command) {
  approval
    .command('list')
    .description('what waits, newest first')
    .option('--decided', 'also what was decided')
    .option('--most <number>', 'how many', whole, 50)
    .option('--json', 'answer in JSON')
    .action((options: { decided?: boolean; most: number } & Json) =>
      withDatabase(async (db) => {
        const found = await listApprovals(db, { waiting: options.decided !== true, before: null, most: options.most })
        const rows = found.map((row) => [
          String(row.id),
          row.askedAt.toISOString(),
          row.askedBy,
          row.act,
          JSON.stringify(row.input),
          stateOf(row),
        ])
        print(
          options.json,
          found,
          rows.length ? table(['approval', 'asked', 'by', 'act', 'with', ''], rows) : 'Nothing waits for a second person',
        )
      }),
    )
}

function stateOf({ accepted, decidedBy, why }: Approval): string {
  return accepted === null ? why : `${accepted ? 'accepted' : 'declined'} by ${decidedBy}`
}
