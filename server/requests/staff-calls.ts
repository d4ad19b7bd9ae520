import type { Refusal } from '../refusal.ts'

/** The limits of calls with a key of staff: the numbers of the customers' API, counted by the same counters. */
export interface StaffLimits {
  readonly rates: {
    use(limited: readonly { readonly subject: string; readonly limit: number }[]): Promise<void> | undefined
    check(subject: string): void
  }
  readonly subjectOf: (address: string) => string
  readonly perKey: number
  readonly perAddress: number
  readonly unknownKeysPerAddress: number
}

interface StaffCall<Caller> {
  readonly limits: StaffLimits | null
  readonly address: string
  readonly key: string
  readonly find: () => Promise<Caller | undefined>
  /** The name under which the calls of this caller are counted. */
  readonly countedAs: (caller: Caller) => string
  /** The answer to a key that nobody has. */
  readonly unknown: () => Refusal
}

/** Finds out who calls, within the limits. There is one for each API of staff. */
export function openStaffCalls() {
  // Keys that were right once: nobody is locked out when another client at the same address guesses keys.
  const rightOnce = new Set<string>()
  return {
    async callerOf<Caller>({ limits, address, key, find, countedAs, unknown }: StaffCall<Caller>): Promise<Caller> {
      const place = limits?.subjectOf(address) ?? ''
      // Shares its count with the customers' keys, so that a client that guesses here does not start from zero there.
      const guesses = `unknown keys ${place}`
      if (!rightOnce.has(key)) limits?.rates.check(guesses)
      const caller = await find()
      if (caller === undefined) {
        rightOnce.delete(key)
        await limits?.rates.use([{ subject: guesses, limit: limits.unknownKeysPerAddress }])
        throw unknown()
      }
      rightOnce.add(key)
      await limits?.rates.use([
        { subject: countedAs(caller), limit: limits.perKey },
        { subject: `address ${place}`, limit: limits.perAddress },
      ])
      return caller
    },
  }
}

export type StaffCalls = ReturnType<typeof openStaffCalls>
