import { applyStanding, keepUnknown } from './apply.ts'
import { keepCall, leftCalls, noteHandled } from './calls.ts'
import type { Call, HookAnswer } from './gateway.ts'
import { lookAt } from './look.ts'
import { findMethod, type MethodRow } from './methods.ts'
import type { Authentic } from './pack-heard.ts'
import { findHinted, type PaymentContext } from './payments.ts'

export type HookOutcome =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'forged' }
  /** It was taken; null: with an empty answer. */
  | { readonly kind: 'taken'; readonly answer: HookAnswer | null }

/**
 * Takes a call of a gateway. A forged one leaves nothing. An authentic one is kept first and handled then, so that a crash in between loses nothing; the
 * gateway's own repetition, or the worker, handles it again.
 */
export async function hearCall(context: PaymentContext, token: string, call: Call): Promise<HookOutcome> {
  const method = await context.hooks.of(token)
  if (!method) return { kind: 'unknown' }
  const gateway = context.gateways.of(method)
  await gateway.prepare?.(call)
  const heard = gateway.heard(call)
  if (heard.kind === 'forged') return { kind: 'forged' }
  if (heard.hints.length > 0 || heard.told !== undefined) {
    const kept = await keepCall(context.db, method.id, call, heard, context.now())
    if (!kept.isHandled && (await handle(context, method, heard))) await noteHandled(context.db, kept.id, context.now())
  }
  return { kind: 'taken', answer: gateway.hookAnswer }
}

/** Answers whether nothing is left to do. */
async function handle(context: PaymentContext, method: MethodRow, { hints, told }: Authentic): Promise<boolean> {
  if (told !== undefined) {
    const payment = await findHinted(context.db, method.id, told)
    if (payment) await applyStanding(context, method, payment, told)
    else for (const receipt of told.receipts) await keepUnknown(context, method, receipt, told.words)
    return true
  }
  let isDone = true
  for (const hint of hints) isDone = (await lookAt(context, method, hint)) !== 'unknown' && isDone
  return isDone
}

/** Handles calls that were kept and not handled. Answers how many were looked at. */
export async function handleLeftCalls(context: PaymentContext): Promise<number> {
  const left = await leftCalls(context.db, context.now())
  for (const { id, methodId, heard } of left) {
    const method = await findMethod(context.db, methodId)
    if (method && (await handle(context, method, heard))) await noteHandled(context.db, id, context.now())
  }
  return left.length
}
