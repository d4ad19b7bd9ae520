import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { HOLD_NUMBERS, KEEP_IDS_AHEAD, NEXT_NUMBER } from './service-numbers.ts'

const COPY = `
  insert into services (id, position, name, category, type, rate, min, max, dripfeed, refill, cancel, refill_days, description, one_active_link,
    state, supplier_id, translations, when_all_refuse, when_cost_passes, start_within, finish_within, compensation_basis_points, refill_count)
  select $2, position, coalesce($3, name), category, type, rate, min, max, dripfeed, refill, cancel, refill_days, description, one_active_link,
    'hidden', supplier_id, translations, when_all_refuse, when_cost_passes, start_within, finish_within, compensation_basis_points, refill_count
  from services where id = $1`
const COPY_BINDINGS = `
  insert into service_suppliers (service_id, supplier_id, position, their_service, cost_rate, multiplier, their_type, their_min, their_max,
    their_dripfeed, their_refill, their_cancel, gone_at)
  select $2, supplier_id, position, their_service, cost_rate, multiplier, their_type, their_min, their_max,
    their_dripfeed, their_refill, their_cancel, gone_at
  from service_suppliers where service_id = $1`

/** Copies a service with its suppliers, hidden, right behind the original. Agreed rates are not copied. Answers the number of the copy. */
export async function duplicateService(tx: Queryable, service: number, name: string | null, dryRun: boolean): Promise<number> {
  await tx.query(HOLD_NUMBERS)
  const { rows } = await tx.query<{ next: number }>(NEXT_NUMBER)
  const copy = rows[0]!.next
  const { rowCount } = await tx.query(COPY, [service, copy, name])
  if (rowCount === 0) throw refuse('unknown_service', service)
  await tx.query(COPY_BINDINGS, [service, copy])
  // A sequence is not rolled back.
  if (!dryRun) await tx.query(KEEP_IDS_AHEAD)
  return copy
}
