import type { FastifyRequest } from 'fastify'
import { EVERYTHING, scopes } from '../../../../contract/scopes.ts'
import type { Service } from '../../../catalog/catalogue.ts'
import { idsIn, readIdRanges, writeIdRanges } from '../../../customers/id-ranges.ts'
import { checkLimits, type KeyLimits } from '../../../customers/key-rights.ts'
import { formatUnits, parseUnits, shortDecimal } from '../../../ledger/money.ts'
import { isRefusal, type RefusalCode, refuse } from '../../../refusal.ts'
import type { Texts } from '../../../texts/texts.ts'
import { field } from '../../form-faults.ts'
import type { Faults } from '../../ui/page-ui.ts'

/** The form of a key as it was typed. */
export interface TypedKey {
  readonly label: string
  readonly kind: 'live' | 'test'
  readonly access: 'everything' | 'chosen'
  readonly scopes: readonly string[]
  readonly dailyCap: string
  readonly services: string
  readonly networks: string
  readonly expires: string
}

export const scopeNames = Object.keys(scopes)

export const EMPTY_KEY: TypedKey = {
  label: '', kind: 'live', access: 'everything', scopes: [], dailyCap: '', services: '', networks: '', expires: '',
} // prettier-ignore

export function typedKey(request: FastifyRequest): TypedKey {
  const text = (name: string) => field(request, name).toWellFormed().replaceAll('\0', '').trim()
  return {
    label: text('label'),
    kind: text('kind') === 'test' ? 'test' : 'live',
    access: text('access') === 'chosen' ? 'chosen' : 'everything',
    scopes: scopeNames.filter((scope) => field(request, `scope-${scope}`) === 'on'),
    dailyCap: text('daily_cap'),
    services: text('services'),
    networks: text('networks'),
    expires: text('expires'),
  }
}

/** The form's values for an existing key. */
export function typedAgain(key: KeyLimits & { readonly label: string; readonly test: boolean }): TypedKey {
  return {
    label: key.label,
    kind: key.test ? 'test' : 'live',
    access: key.scopes ? 'chosen' : 'everything',
    scopes: key.scopes ?? [],
    dailyCap: key.dailyCap === null ? '' : shortDecimal(formatUnits(key.dailyCap)),
    services: key.serviceIds ? writeIdRanges(key.serviceIds) : '',
    networks: key.addresses?.join('\n') ?? '',
    expires: key.expiresAt?.toISOString().slice(0, 10) ?? '',
  }
}

export interface ReadKey {
  readonly limits: KeyLimits
  /** Empty if all limits are valid. */
  readonly faults: Faults
}

const LONGEST_LABEL = 80

/** Reads the limits. All faults are reported together. */
export function readKey(typed: TypedKey, services: ReadonlyMap<number, Service>, texts: Texts, now: Date): ReadKey {
  const faults: Record<string, string> = {}
  const attempt = <T>(name: string, read: () => T): T | null => {
    try {
      return read()
    } catch (error) {
      faults[name] = faultText(error, texts)
      return null
    }
  }
  if (typed.label === '') faults['label'] = texts.text('app.fault.missing')
  if (typed.label.length > LONGEST_LABEL) faults['label'] = texts.text('app.fault.check')
  const none: KeyLimits = { scopes: null, dailyCap: null, serviceIds: null, addresses: null, expiresAt: null }
  const checked = (limit: Partial<KeyLimits>) => checkLimits({ ...none, ...limit }, now)
  const limits: KeyLimits = {
    scopes: attempt('access', () => checked({ scopes: typed.access === 'chosen' ? typed.scopes : [EVERYTHING] }).scopes),
    dailyCap: attempt('daily_cap', () => checked({ dailyCap: typed.dailyCap === '' ? null : parseUnits(typed.dailyCap) }).dailyCap),
    serviceIds: attempt(
      'services',
      () => checked({ serviceIds: typed.services === '' ? null : idsOnSale(typed.services, services) }).serviceIds,
    ),
    addresses: attempt('networks', () => checked({ addresses: typed.networks === '' ? null : typed.networks.split(/[\s,]+/) }).addresses),
    expiresAt: attempt('expires', () => checked({ expiresAt: typed.expires === '' ? null : endOfDay(typed.expires) }).expiresAt),
  }
  return { limits, faults }
}

/** A range selects the services that exist in it. A single number must be an existing service. */
function idsOnSale(text: string, services: ReadonlyMap<number, Service>): number[] {
  const ranges = readIdRanges(text)
  if (!ranges) throw refuse('services_are_no_numbers')
  return ranges.flatMap((range) => {
    const there = idsIn(range).filter((id) => services.has(id))
    if (there.length === 0) throw refuse('no_such_service', range.first)
    return there
  })
}

/** A key is valid until the end of its last day (UTC). */
function endOfDay(day: string): Date {
  const end = new Date(/^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T23:59:59Z` : '')
  if (Number.isNaN(end.getTime())) throw refuse('expiry_is_no_day')
  return end
}

/** The refusals that a limit may get. */
const OF_LIMITS = [
  'unknown_scope', 'incorrect_daily_cap', 'incorrect_services', 'services_are_no_numbers', 'incorrect_networks', 'incorrect_network',
  'expiry_is_past', 'expiry_is_no_day',
] as const satisfies readonly RefusalCode[] // prettier-ignore

function faultText(error: unknown, texts: Texts): string {
  if (error instanceof RangeError) return texts.text('keys.fault.dailyCap')
  if (isRefusal(error, 'no_such_service')) return texts.text('keys.fault.unknownService', { id: String(error.values[0]) })
  if (!isRefusal(error, ...OF_LIMITS)) throw error
  switch (error.code) {
    case 'unknown_scope':
      return texts.text('keys.fault.scopes')
    case 'incorrect_daily_cap':
      return texts.text('keys.fault.dailyCap')
    case 'incorrect_services':
    case 'services_are_no_numbers':
      return texts.text('keys.fault.services')
    case 'incorrect_networks':
    case 'incorrect_network':
      return texts.text('keys.fault.networks')
    case 'expiry_is_past':
    case 'expiry_is_no_day':
      return texts.text('keys.fault.expires')
    default:
      return error.code satisfies never
  }
}
