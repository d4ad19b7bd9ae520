import { type FeedCursor, readChanges } from '../orders/changes.ts'
import { readRefills } from '../orders/refill.ts'
import { refuse } from '../refusal.ts'
import type { Handler } from './context.ts'
import { statuses } from './status.ts'

/** Orders that were placed or moved, and refills that were requested or moved, since the cursor of the last answer. */
export const changes: Handler = async (context, call) => {
  await context.checkKey(call.caller)
  const page = await readChanges(context.db, call.caller.bookId, readCursor(call.parameters['since']))
  const orders = page.orderIds.length > 0 ? await statuses(context, call, page.orderIds) : new Map<string, string>()
  const refills = page.refillIds.length > 0 ? await readRefills(context.db, call.caller.bookId, page.refillIds) : new Map()
  const orderEntries = page.orderIds.map((id) => `"${id}":${orders.get(id)}`)
  const refillEntries = page.refillIds.map((id) => `"${id}":{"status":"${refills.get(id).status}","order":${refills.get(id).orderId}}`)
  const cursor = `${page.cursor.line}-${page.cursor.change}`
  return `{"cursor":"${cursor}","orders":{${orderEntries.join(',')}},"refills":{${refillEntries.join(',')}},"more":${page.more}}`
}

/** A cursor is opaque to clients; absent or 0 is the beginning. */
function readCursor(text: string | undefined): FeedCursor {
  if (text === undefined || text === '0') return { line: 0n, change: 0n }
  const match = /^(\d{1,18})-(\d{1,18})$/.exec(text)
  if (!match) throw refuse('incorrect_cursor')
  return { line: BigInt(match[1]!), change: BigInt(match[2]!) }
}
