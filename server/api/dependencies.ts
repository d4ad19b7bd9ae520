import { addressSubject } from '../customers/address.ts'
import { type Caller, type Callers, invalidKey } from '../customers/callers.ts'
import type { CallCounts } from '../customers/calls.ts'
import type { PaymentContext } from '../payments/payments.ts'
import type { UncheckedParameters } from '../ordering/call.ts'
import type { ApiContext } from './context.ts'
import type { Streams } from './events.ts'
import type { Limited, RateLimits } from './rate-limit.ts'

interface Limits {
  readonly rates: RateLimits
  readonly perKey: number
  readonly perAddress: number
  readonly unknownKeysPerAddress: number
}

export interface ApiDependencies {
  readonly context: ApiContext
  readonly callers: Callers
  readonly streams: Streams
  readonly payments: PaymentContext
  readonly limits: Limits | null
  readonly allowGet: boolean
  /** False while changes made elsewhere may be missed: then the catalogue in memory may be outdated. */
  readonly isListening: () => boolean
  readonly onAnswer: (action: string, outcome: string, seconds: number) => void
  readonly calls: CallCounts
  /** Called when work on a call begins or ends, with that moment of performance.now(). */
  readonly noteWork: (route: string, at: number) => void
}

/** Counts a call for the metrics, and for the usage page of its key. */
export function note(api: ApiDependencies, caller: Caller | undefined, action: string, outcome: string, started: number) {
  const ended = performance.now()
  api.noteWork(action, ended)
  api.onAnswer(action, outcome, (ended - started) / 1000)
  if (caller) api.calls.count(caller.keyId, action, outcome)
}

export async function callerOf(key: UncheckedParameters[string], address: string, { callers, limits }: ApiDependencies): Promise<Caller> {
  if (key === undefined) throw invalidKey()
  const remembered = callers.remembered(key)
  if (remembered) return remembered
  // Each unknown key costs a look-up, so an address that has guessed too often is not looked up any more.
  const guesses = `unknown keys ${addressSubject(address)}`
  if (!callers.wasKnown(key)) limits?.rates.check(guesses)
  const found = await callers.find(key)
  if (found) return found
  await limits?.rates.use([{ subject: guesses, limit: limits.unknownKeysPerAddress }])
  throw invalidKey()
}

export function limitRates(caller: Caller, address: string, { limits }: ApiDependencies): Promise<void> | undefined {
  return limits?.rates.use(limitsOf(caller, address, limits))
}

export function limitsOf(caller: Caller, address: string, limits: Limits): Limited[] {
  return [
    { subject: `key ${caller.keyId}`, limit: limits.perKey },
    { subject: `address ${addressSubject(address)}`, limit: limits.perAddress },
  ]
}
