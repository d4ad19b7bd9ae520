import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { dropView } from '../staff/views.ts'
import { act } from './act.ts'
import { cli, id } from './fields.ts'
import { ofStaff, ownerOf } from './view-keep.ts'

export const viewDrop = act({
  name: 'view drop',
  does: 'drop a view that one keeps',
  permission: 'orders.read',
  input: z.object({ view: cli(id(), { argument: true }).describe('number of the view'), staff: ofStaff() }),
  async run(context, { view, staff }) {
    const before = await dropView(context.tx, ownerOf(context, staff), BigInt(view))
    if (!before) throw refuse('unknown_view', view)
    return { result: { view, name: before.name }, before, after: null }
  },
  says: ({ name }) => `The view ${name} is dropped`,
})
