import type { Queryable } from '../db/pool.ts'
import type { SavedCard } from './gateway.ts'
import type { PaymentRow } from './payments.ts'

const KEEP = `
  insert into saved_cards (account_id, method_id, card_id, label, kept_at) values ($1, $2, $3, $4, $5)
  on conflict (account_id) do update set method_id = excluded.method_id, card_id = excluded.card_id, label = excluded.label, kept_at = excluded.kept_at`

/** Notes the card that a gateway keeps for the account; the newest one is used. */
export async function keepCard(
  tx: Queryable,
  { accountId, methodId }: Pick<PaymentRow, 'accountId' | 'methodId'>,
  card: SavedCard,
  now: Date,
): Promise<void> {
  await tx.query(KEEP, [accountId, methodId, card.id, card.label.slice(0, 60), now])
}
