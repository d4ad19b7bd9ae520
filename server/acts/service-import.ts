import { z } from 'zod'
import { importServices, readServiceList } from '../catalog/import.ts'
import { act, demand } from './act.ts'
import { cli } from './fields.ts'

export const serviceImport = act({
  name: 'service import',
  does: 'add or update services from a JSON array in the shape of the "services" answer',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({
    services: cli(z.union([z.string(), z.array(z.unknown())]), { argument: true, placeholder: '<file>' }).describe(
      'the file, or - for standard input; in JSON the list itself',
    ),
  }),
  async run(context, { services }) {
    demand(context, 'service import', 'services.price')
    const listed = readServiceList(typeof services === 'string' ? services : JSON.stringify(services))
    const done = await importServices(context.tx, listed, context.dryRun)
    return { result: done, after: { services: listed.length, ...done } }
  },
  says({ added, updated }) {
    const unbound = 'New services have no supplier yet: their orders stay Pending until "docket service set N --supplier NAME".'
    return `${added} added, ${updated} updated${added > 0 ? `\n${unbound}` : ''}`
  },
})
