import type { Queryable } from '../db/pool.ts'
import type { Registration, Visit } from './account-context.ts'
import { openAccount } from './accounts.ts'

/** Opens an account for somebody who registers, and notes by whose link they came. Undefined when the address has an account. */
export async function openForVisitor(
  tx: Queryable,
  registration: Registration,
  { email, code }: { readonly email: string; readonly code: string | undefined },
  { locale, address, browser }: Visit,
  now: Date,
): Promise<{ readonly accountId: number; readonly userId: number } | undefined> {
  const { currency } = registration
  const opened = await openAccount(tx, { email, currency, locale }, now)
  if (opened && code) await registration.noteCameBy(tx, { accountId: opened.accountId, email, currency, code, address, browser }, now)
  return opened
}
