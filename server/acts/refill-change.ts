import { z } from 'zod'
import type { RefillBefore } from '../fulfilment/asks-by-hand.ts'
import { chargeOf } from '../orders/charged.ts'
import type { ActContext, Done } from './act.ts'
import { cli } from './fields.ts'

/** The field of the acts on a refill. */
export const theRefill = {
  refill: cli(
    z
      .union([z.int().min(1), z.string().regex(/^[1-9]\d{0,17}$/)], 'It must be a positive whole number.')
      .transform(BigInt)
      .describe('number of the refill'),
    { placeholder: '<refill>', argument: true },
  ),
}

export interface RefillResult {
  readonly refill: bigint
  readonly order: bigint
}

/** What an act on a refill did, told as one of its order. */
export async function refillChange({ tx }: ActContext, refill: bigint, before: RefillBefore, after: object): Promise<Done<RefillResult>> {
  const { account } = await chargeOf(tx, before.orderId)
  return {
    result: { refill, order: before.orderId },
    subject: { order: before.orderId, account },
    before: { refill: Number(refill), status: before.status, hand_off: before.state },
    after,
  }
}
