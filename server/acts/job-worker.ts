import { parseUnits } from '../ledger/money.ts'
import { claimJob, endJob, type Job, keepJob, letGoOfJob, nextOrders, noteOutcome, type Outcome } from '../jobs/jobs.ts'
import { isRefusal } from '../refusal.ts'
import { machineUser, type StaffActor } from '../staff/actor.ts'
import { actorOfStaff } from '../staff/tokens.ts'
import type { AnyAct } from './act.ts'
import type { House } from './house.ts'
import { actOfJob } from './job-acts.ts'
import type { OrderResult } from './order-change.ts'
import { type Answer, runAct } from './run-act.ts'

/** After so many orders the node notes that it still works on the job, and looks whether it should stop. */
const FEW = 25

/** Works on a job that nobody works on, until it is done or the node stops. Each order is changed, logged and noted in one transaction, so that a node that
 * is killed has done each order once or not at all, and any node goes on. Answers how many orders it worked off. */
export async function workJob(house: House, isStopping: () => boolean = () => false): Promise<number> {
  const { db, now } = house
  const job = await claimJob(db, now())
  if (!job) return 0
  let worked = 0
  try {
    while (!isStopping()) {
      const standing = await keepJob(db, job.id, now())
      if (!standing) return worked
      const why = standing.stopAskedBy === null ? undefined : `stopped by ${standing.stopAskedBy}`
      const actor = await actorOf(house, job)
      const act = actOfJob(job.act)
      const orders = why || !actor || !act ? [] : await nextOrders(db, job.id, FEW)
      if (orders.length === 0 || !actor || !act) {
        await endJob(db, job.id, why ?? (actor ? (act ? null : 'there is no such act') : `${job.who} has no access any more`), now())
        return worked + 1
      }
      for (const order of orders) await workOrder(house, { job, act, actor }, order)
      worked += orders.length
    }
    return worked
  } finally {
    await letGoOfJob(db, job.id)
  }
}

/** Whoever asked for the job, with the permissions of this moment; undefined: they have left. */
async function actorOf({ db }: House, { staffId, who, via }: Job): Promise<StaffActor | undefined> {
  return staffId === null ? { ...machineUser(who), via } : actorOfStaff(db, staffId, via)
}

interface Work {
  readonly job: Job
  readonly act: AnyAct
  readonly actor: StaffActor
}

/** Another node has done the order: this one rolls back. */
class DoneElsewhere extends Error {}

async function workOrder(house: House, { job, act, actor }: Work, order: bigint): Promise<void> {
  const { db, now } = house
  const input = { ...job.input, order: Number(order) }
  try {
    if (job.trial) {
      await noteOutcome(db, job.id, order, outcomeOf(await runAct(house, actor, act, { input, dryRun: true })), now())
      return
    }
    await runAct(house, actor, act, {
      input,
      async within(tx, answer) {
        if (!(await noteOutcome(tx, job.id, order, outcomeOf(answer), now()))) throw new DoneElsewhere()
      },
    })
  } catch (error) {
    if (error instanceof DoneElsewhere) return
    if (!isRefusal(error) || error.kind === 'now') throw error
    await noteOutcome(db, job.id, order, { state: 'refused', words: error.message, line: null, givenBack: null, currency: null }, now())
  }
}

function outcomeOf({ result, says, line }: Answer): Outcome {
  const { given_back: amount, currency = null } = result as Partial<OrderResult>
  return { state: 'done', words: says, line, givenBack: amount === undefined ? null : parseUnits(amount), currency }
}
