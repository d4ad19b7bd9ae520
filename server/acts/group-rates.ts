import { z } from 'zod'
import { setGroupRates } from '../catalog/group-rates.ts'
import { findGroup } from '../customers/groups.ts'
import { act } from './act.ts'
import { cli, id, rate } from './fields.ts'

export const groupRates = act({
  name: 'group rates',
  does: 'agree with a group of customers what it pays for services, or end that; a rate of an account’s own comes first',
  permission: 'services.price',
  changesCatalogue: true,
  input: z.object({
    group: cli(id(), { argument: true }).describe('number of the group'),
    rates: cli(
      z
        .array(z.object({ service: id(), rate: rate().nullable() }))
        .min(1)
        .max(1000),
      {
        argument: true,
        placeholder: '<service=rate...>',
        fromText: readRate,
      },
    ).describe('rates per 1000, like 101=0.80; 101=none: the service’s own rate again'),
  }),
  async run({ tx }, { group, rates }) {
    await findGroup(tx, group)
    const had = await setGroupRates(tx, group, rates)
    const changed = rates.filter(({ service, rate }) => (had.get(service) ?? null) !== rate)
    const told = (of: (each: { service: number; rate: string | null }) => string | null) => ({
      group,
      rates: Object.fromEntries(changed.map((each) => [each.service, of(each)])),
    })
    const subject = rates.length === 1 ? { service: rates[0]!.service } : {}
    const result = { group, changed: changed.length }
    return { result, subject, before: told(({ service }) => had.get(service) ?? null), after: told(({ rate }) => rate) }
  },
  says: ({ group, changed }) => `Group ${group}: ${changed} rates changed`,
})

function readRate(text: string): object {
  const [service, rate] = text.split('=')
  if (!/^[1-9]\d{0,8}$/.test(service!) || rate === undefined) throw new Error('It must be a service and its rate, like 101=0.80.')
  return { service: Number(service), rate: rate === 'none' ? null : rate }
}
