import { z } from 'zod'
import { decideApproval } from '../staff/approvals.ts'
import { act } from './act.ts'
import { cli, id, reason } from './fields.ts'

export const approvalDecline = act({
  name: 'approval decline',
  does: 'leave undone what waits for a second person; whoever asked for it may take it back so, too',
  permission: 'money.fund',
  input: z.object({
    approval: cli(id(), { argument: true }).describe('the id that "approval list" shows'),
    reason: reason().describe('why, for the log and for whoever asked'),
  }),
  async run({ tx, now, actor }, { approval, reason: why }) {
    const { act: name, askedBy } = await decideApproval(tx, approval, actor, false, now)
    return { result: { approval, declined: true }, after: { approval, act: name, asked_by: askedBy, accepted: false, reason: why } }
  },
  says: ({ approval }) => `Approval ${approval} is declined: nothing was changed`,
})
