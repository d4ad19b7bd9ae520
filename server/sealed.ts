import type { Queryable } from './db/pool.ts'
import type { Secret } from './secret.ts'

const SEALED = `
  select 'keys of suppliers' as what, sealed_key as sealed from suppliers where sealed_key is not null
  union all select 'secrets of webhooks', sealed_secret from webhooks
  union all select 'sign-in codes', sealed_secret from second_factors
  union all select 'keys of payments', sealed_secrets from payment_methods where sealed_secrets is not null
  union all select 'secrets of sign-in providers', sealed_secret from sign_in_providers where sealed_secret is not null
  union all select 'waiting mails', sealed_values from mails where sealed_values is not null`

/** The data that this secret cannot open, like `2 keys of suppliers`, because they were sealed with another secret. */
export async function sealedWithAnother(db: Queryable, secret: Secret): Promise<{ sealed: number; shut: string[] }> {
  const { rows } = await db.query<{ what: string; sealed: Buffer }>(SEALED)
  const shut = new Map<string, number>()
  for (const { what, sealed } of rows) {
    if (!opens(secret, sealed)) shut.set(what, (shut.get(what) ?? 0) + 1)
  }
  return { sealed: rows.length, shut: [...shut].map(([what, count]) => `${count} ${what}`) }
}

function opens(secret: Secret, sealed: Buffer): boolean {
  try {
    secret.open(sealed)
    return true
  } catch {
    return false
  }
}
