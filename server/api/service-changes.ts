import { readPriceChanges } from '../catalog/price-changes.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { Handler } from './context.ts'

/** New and removed services and changed prices since the cursor of the last answer, at the caller's own rate. */
export const serviceChanges: Handler = async (context, { caller, parameters }) => {
  await context.checkKey(caller)
  const since = readCursor(parameters['since'])
  const { cursor, new: added, gone, prices, more } = await readPriceChanges(context.db, caller.accountId, since)
  // A cursor from the future comes from another panel, or from this one before it was restored.
  if (cursor < since) throw incorrectCursor()
  return JSON.stringify({ cursor: cursor.toString(), new: added, gone, prices, more })
}

function readCursor(text: string | undefined): bigint {
  if (text === undefined) return 0n
  if (!/^\d{1,18}$/.test(text)) throw incorrectCursor()
  return BigInt(text)
}

function incorrectCursor(): Refusal {
  return refuse('incorrect_cursor')
}
