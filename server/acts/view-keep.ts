import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { findView, keepView, viewPlaces } from '../staff/views.ts'
import { type ActContext, act, changed } from './act.ts'
import { cli, flag, id } from './fields.ts'

const BEHIND = 'It must be the part of an address behind the question mark.'

/** Whose view it is: one's own, and on the machine anybody's. */
export const ofStaff = () => id().optional().describe('on the machine: whose view it is, by the id that "staff list" shows')

export function ownerOf({ actor }: ActContext, staff: number | undefined): number {
  if (actor.staffId === null && staff !== undefined) return staff
  if (actor.staffId === null || (staff !== undefined && staff !== actor.staffId)) throw refuse('own_views_only')
  return actor.staffId
}

export const viewKeep = act({
  name: 'view keep',
  does: 'keep a list of the desk with its filters and columns under a name; one of the same name is replaced',
  permission: 'orders.read',
  input: z.object({
    name: cli(z.string().trim().min(1, 'It must not be empty.').max(80, 'It must have at most 80 characters.'), {
      argument: true,
      placeholder: '<name>',
    }).describe('what the view is called'),
    address: cli(
      z
        .string()
        .max(2000, 'It must have at most 2000 characters.')
        .regex(/^[\w*\-.+%&=]*$/, BEHIND),
      { placeholder: '<address>' },
    )
      .default('')
      .describe('the filters and columns, as they stand in the address behind the question mark, like state=open'),
    place: z.enum(viewPlaces).default('orders').describe('which list'),
    shared: flag().describe('all staff see it'),
    staff: ofStaff(),
  }),
  async run(context, { staff, ...view }) {
    const { tx, now } = context
    const owner = ownerOf(context, staff)
    const before = await findView(tx, owner, view)
    const id = await keepView(tx, owner, view, now)
    if (id === undefined) throw refuse('too_many_views')
    const { address, shared } = view
    return {
      result: { view: Number(id), name: view.name },
      ...changed(before && { address: before.address, shared: before.shared }, { address, shared }),
    }
  },
  says: ({ view, name }) => `View ${view}: ${name}`,
})
