import { z } from 'zod'
import { EVERYTHING, scopes } from '../../contract/scopes.ts'
import { type KeyLimits, NO_LIMITS } from '../customers/key-rights.ts'
import { amount, cli, ids, moment, readIds, words } from './fields.ts'

/** The word on the command line that takes a limit away; in JSON it is null. */
export const ANY = 'any'

const list = (text: string) => (text === ANY ? null : text.split(',').map((part) => part.trim()))
const orAny = (text: string) => (text === ANY ? null : text)

/** The limits of a key as fields of an act; what is not given stays as it is, and null takes the limit away. */
export const limitFields = {
  scopes: cli(words().nullable(), { fromText: list })
    .optional()
    .describe(`what it may do: ${EVERYTHING}, or a list of ${Object.keys(scopes).join(', ')}`),
  daily_cap: cli(amount().nullable(), { fromText: orAny }).optional().describe('most that may be charged to it per day (UTC), like 50'),
  services: cli(ids().nullable(), { fromText: (text) => (text === ANY ? null : readIds(text)) })
    .optional()
    .describe('services it may order, like 1,4,10-20'),
  addresses: cli(words().nullable(), { fromText: list }).optional().describe('networks it may be used from, like 203.0.113.0/24'),
  expires: cli(moment().nullable(), { fromText: orAny }).optional().describe('its last day, like 2026-12-31, or a moment'),
}

type GivenLimits = z.output<z.ZodObject<typeof limitFields>>

export function limitsOf(given: GivenLimits, before: KeyLimits = NO_LIMITS): KeyLimits {
  const or = <T>(value: T | null | undefined, old: T | null) => (value === undefined ? old : value)
  return {
    scopes: or(given.scopes, before.scopes as string[] | null),
    dailyCap: or(given.daily_cap, before.dailyCap),
    serviceIds: or(given.services, before.serviceIds as number[] | null),
    addresses: or(given.addresses, before.addresses as string[] | null),
    expiresAt: or(given.expires, before.expiresAt),
  }
}
