import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { type Field, serviceTypeByName } from '../../../../contract/service-types.ts'
import type { Service } from '../../../catalog/catalogue.ts'
import type { Call } from '../../../ordering/call.ts'
import { apiDay } from './days.ts'
import type { OwnContext } from '../own-context.ts'
import { field } from '../../form-faults.ts'

/** The values of an order's form, as typed. */
export type Given = Readonly<Record<string, string>>

export interface Filled {
  readonly given: Given
  /** The id of this form: submitted twice, it makes one order. */
  readonly retry: string
}

export function filledIn(request: FastifyRequest, service: Service): Filled {
  const sent = field(request, 'retry')
  return {
    given: Object.fromEntries(fieldsOf(service).map(({ name }) => [name, field(request, name)])),
    retry: /^[\w-]{22}$/.test(sent) ? sent : newRetry(),
  }
}

/** The fields of the service's type, with runs and interval only if the service allows drip-feeds. */
export function fieldsOf({ type, dripfeed }: Service): readonly Field[] {
  const { fields } = serviceTypeByName.get(type)!
  return dripfeed ? fields : fields.filter(({ name }) => name !== 'runs' && name !== 'interval')
}

export function callOf({ caller }: OwnContext, service: Service, given: Given): Call {
  const all = Object.entries(given).map(
    ([name, text]) => [name, name === 'expiry' ? apiDay(text.trim()) : text.trim().toWellFormed()] as const,
  )
  const present = all.filter(([, text]) => text !== '')
  return { caller, parameters: { ...Object.fromEntries(present), service: String(service.id) } }
}

export function newRetry(): string {
  return randomBytes(16).toString('base64url')
}
