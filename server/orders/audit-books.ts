import type { Database } from '../db/pool.ts'
import { transaction } from '../db/pool.ts'
import { auditLedger, type Check } from '../ledger/audit.ts'
import { auditOrders } from './audit.ts'

export interface Audit {
  readonly ok: boolean
  readonly checks: readonly Check[]
}

/** Proves the books from the raw rows, all of one moment, while orders continue to arrive. */
export async function audit(db: Database): Promise<Audit> {
  const checks = await transaction(
    db,
    async (tx) => [...(await auditLedger(tx)), ...(await auditOrders(tx))],
    'begin isolation level repeatable read read only',
  )
  return { ok: checks.every((check) => check.ok), checks }
}
