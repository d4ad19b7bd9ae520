import { z } from 'zod'
import { servicesIn } from '../catalog/categories.ts'
import { changeServices, differences, holdServices } from '../catalog/change-services.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { cli, serviceWord, text } from './fields.ts'

const STATES = 'It must be on-sale, disabled or hidden.'

export const categorySet = act({
  name: 'category set',
  does: 'rename a category, or hide, pause or sell all its services',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({
    category: cli(text(500), { argument: true, placeholder: '<category>' }).describe('name of the category'),
    name: serviceWord('category').optional().describe('new name; with the name of another category the two become one'),
    state: cli(z.enum(['on sale', 'disabled', 'hidden'], STATES), {
      placeholder: '<state>',
      fromText: (given) => given.replace('on-sale', 'on sale'),
    })
      .optional()
      .describe('state of all its services: on-sale, disabled or hidden'),
  }),
  async run({ tx }, { category, name, state }) {
    if (name === undefined && state === undefined) throw refuse('nothing_to_change', '--state hidden')
    const services = await servicesIn(tx, category)
    if (services.length === 0) throw refuse('unknown_category', category)
    const values = { ...(name === undefined ? {} : { category: name }), ...(state === undefined ? {} : { state }) }
    const held = await holdServices(tx, services)
    const rows = services
      .map((service) => ({ service, values }))
      .filter((row) => Object.keys(differences(held, [row]).after.services).length > 0)
    await changeServices(tx, rows)
    return { result: { category: name ?? category, changed: rows.length }, ...differences(held, rows) }
  },
  says: ({ category, changed }) => `${category}: ${changed} services are changed`,
})
