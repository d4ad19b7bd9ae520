import { z } from 'zod'
import { askToStop } from '../jobs/jobs.ts'
import { act } from './act.ts'
import { cli, id } from './fields.ts'

export const jobStop = act({
  name: 'job stop',
  does: 'end a job before its next few orders; what it has done stays done',
  permission: 'orders.settle',
  input: z.object({ job: cli(id(), { argument: true }).describe('the id that "job list" shows') }),
  async run({ tx, actor }, { job }) {
    await askToStop(tx, BigInt(job), actor.who)
    return { result: { job, stopping: true }, after: { job, stop_asked_by: actor.who } }
  },
  says: ({ job }) => `Job ${job} ends before its next orders`,
})
