import type { Database } from '../db/pool.ts'
import { transaction } from '../db/pool.ts'
import { ask, auditLedger, type Check, type Question } from '../ledger/audit.ts'
import { auditOrders } from './audit.ts'

export interface Audit {
  readonly ok: boolean
  readonly checks: readonly Check[]
}

/** Proves the books from the raw rows, all of one moment, while orders continue to arrive; `also`: what rooms above this one want proved of it. */
export async function audit(db: Database, also: readonly Question[] = []): Promise<Audit> {
  const checks = await transaction(
    db,
    async (tx) => {
      const checks = [...(await auditLedger(tx)), ...(await auditOrders(tx))]
      for (const question of also) checks.push(await ask(tx, question))
      return checks
    },
    'begin isolation level repeatable read read only',
  )
  return { ok: checks.every((check) => check.ok), checks }
}
