import { z } from 'zod'
import { duplicateService } from '../catalog/duplicate-service.ts'
import { act } from './act.ts'
import { cli, id, serviceWord } from './fields.ts'
import { rowOf } from './rows.ts'

export const serviceDuplicate = act({
  name: 'service duplicate',
  does: 'copy a service with its suppliers, hidden, behind the original; agreed rates are not copied',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({
    service: cli(id(), { argument: true }).describe('number of the service'),
    name: serviceWord('name').optional().describe('name of the copy'),
  }),
  async run({ tx, dryRun }, { service, name }) {
    const copy = await duplicateService(tx, service, name ?? null, dryRun)
    return { result: { service: copy, of: service }, subject: { service: copy }, before: null, after: await rowOf(tx, 'services', copy) }
  },
  says: ({ service, of }) => `Service ${service} is a hidden copy of ${of}`,
})
