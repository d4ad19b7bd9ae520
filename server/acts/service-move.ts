import { z } from 'zod'
import { moveCategory, moveService, type Target } from '../catalog/order-services.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { cli, id, text } from './fields.ts'

const to = cli(z.enum(['first', 'last'], 'It must be first or last.'), { placeholder: '<first|last>' }).optional()

export const serviceMove = act({
  name: 'service move',
  does: 'put a service before or after another one of its category',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({
    service: cli(id(), { argument: true }).describe('number of the service'),
    before: id().optional().describe('the service that comes after it'),
    after: id().optional().describe('the service that comes before it'),
    to: to.describe('first or last of its category'),
  }),
  async run({ tx }, { service, ...target }) {
    const { before, after } = await moveService(tx, service, targetOf(target))
    return {
      result: { service, place: after.indexOf(service) + 1 },
      subject: { service },
      before: { order: before },
      after: { order: after },
    }
  },
  says: ({ service, place }) => `Service ${service} is number ${place} of its category`,
})

export const categoryMove = act({
  name: 'category move',
  does: 'put a category before or after another one',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({
    category: cli(text(500), { argument: true, placeholder: '<category>' }).describe('name of the category'),
    before: text(500).optional().describe('the category that comes after it'),
    after: text(500).optional().describe('the category that comes before it'),
    to: to.describe('first or last of all'),
  }),
  async run({ tx }, { category, ...target }) {
    const { before, after } = await moveCategory(tx, category, targetOf(target))
    return { result: { category, place: after.indexOf(category) + 1 }, before: { order: before }, after: { order: after } }
  },
  says: ({ category, place }) => `${category} is category ${place}`,
})

interface Given<Name> {
  readonly before?: Name | undefined
  readonly after?: Name | undefined
  readonly to?: 'first' | 'last' | undefined
}

function targetOf<Name>({ before, after, to }: Given<Name>): Target<Name> {
  if (Number(before !== undefined) + Number(after !== undefined) + Number(to !== undefined) !== 1)
    throw refuse('say_one_of', '--before, --after, --to')
  if (to !== undefined) return { to }
  return before === undefined ? { after: after! } : { before }
}
