import type { AnyAct } from './act.ts'
import { orderCancel } from './order-cancel.ts'
import { orderComplete } from './order-complete.ts'
import { orderNote } from './order-note.ts'
import { orderPartial } from './order-partial.ts'
import { orderSendTo } from './order-send-to.ts'

/** The acts that a job can do to many orders. */
export const actsOfJobs = [orderCancel, orderComplete, orderPartial, orderSendTo, orderNote] as const satisfies readonly AnyAct[]

export const namesOfJobActs = actsOfJobs.map(({ name }) => name) as [string, ...string[]]

export function actOfJob(name: string): AnyAct | undefined {
  return actsOfJobs.find((act) => act.name === name)
}
