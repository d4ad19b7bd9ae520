import { type Database, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { tellOfDeposit } from './news.ts'
import { findPayment } from './payments.ts'
import { redrawn } from './pictures.ts'

const LOCK = `
  select p.state, m.gateway from payments p join payment_methods m on m.id = p.method_id where p.id = $1 for no key update of p`
const KEEP = `
  insert into payment_proofs (payment_id, picture, media_type, at) values ($1, $2, 'image/jpeg', $3)
  on conflict (payment_id) do update set picture = excluded.picture, at = excluded.at`
const SEEN = `update payments set state = 'seen' where id = $1`

/** Whether a picture says anything: staff decide about the payment, and have not yet. */
export function takesProof(gateway: string, state: string): boolean {
  return gateway === 'manual' && (state === 'open' || state === 'seen' || state === 'expired')
}

/**
 * Keeps a picture that the customer sent as proof of a transfer, instead of an earlier one. From then on the payment waits for staff, and does not end by
 * itself. The picture is drawn anew before the transaction begins. Throws a Refusal for a picture that cannot be, or a payment that takes none.
 */
export async function keepProof(db: Database, paymentId: bigint, picture: Buffer, now: Date): Promise<void> {
  const kept = await redrawn(picture)
  await transaction(db, async (tx) => {
    const [payment] = (await tx.query<{ state: string; gateway: string }>(LOCK, [paymentId])).rows
    if (!payment || !takesProof(payment.gateway, payment.state)) throw refuse('payment_takes_no_proof')
    await tx.query(KEEP, [paymentId, kept, now])
    if (payment.state === 'seen') return
    await tx.query(SEEN, [paymentId])
    await tellOfDeposit(tx, (await findPayment(tx, paymentId))!, 'seen', now)
  })
}
