import { refusals } from '../../contract/refusals.ts'
import { readStanding } from './read-answers.ts'
import { readConcerns } from './refusal-words.ts'
import { type Call, refusalWords } from './reply.ts'

const ANY_KEY = 'docket-asks-whether-keys-are-kept'
/** Longer than a Docket accepts: a Docket refuses it with other words than an unknown key, and no other panel does. */
const IMPOSSIBLE_KEY = 'x'.repeat(256)

/**
 * Whether a panel keeps idempotency keys: a panel that does has no order under a key that was never sent, and refuses an impossible key with other
 * words. Undefined when it could not be asked now. Such a panel is a Docket, which also reports an order's link and quantity.
 */
export async function askWhetherKeysAreKept(call: Call): Promise<boolean | undefined> {
  const unknown = await answerUnder(call, ANY_KEY)
  if (typeof unknown !== 'object') return unknown
  const isRead = unknown.words === refusals.incorrect_order.text || unknown.isStanding
  if (!isRead) return false
  const impossible = await answerUnder(call, IMPOSSIBLE_KEY)
  if (typeof impossible !== 'object') return impossible
  return impossible.words === refusals.incorrect_request.text
}

/** The panel's answer for the order under this key; undefined: an answer that says nothing about keys. */
async function answerUnder(call: Call, key: string): Promise<{ words: string | null; isStanding: boolean } | undefined> {
  const reply = await call({ action: 'status', idempotency_key: key })
  if (reply.kind !== 'json') return undefined
  const words = refusalWords(reply)
  if (words !== null && readConcerns(words) !== 'one') return undefined
  return { words, isStanding: words === null && readStanding(reply.value).kind === 'read' }
}
