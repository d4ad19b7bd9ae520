/** Why something was not done for an order; `from`: from when on it may be, where that is known. */
export interface No {
  readonly why: NotDone
  readonly from: Date | null
}

export const notDone = [
  'unknown order',
  // Speed-ups
  'ended',
  'has parts',
  'test order',
  'being cancelled',
  'not late',
  'no usual time',
  'asked already',
  // Cancels
  'no cancel here',
  // Refills
  'not ended',
  'no refill here',
  'refill is open',
  'refill too soon',
  'refill window over',
  'no refills left',
  'canceled',
] as const
export type NotDone = (typeof notDone)[number]

export interface Outcome {
  readonly orderId: bigint
  /** True: it is done, or asked for. */
  readonly answer: true | No
}
