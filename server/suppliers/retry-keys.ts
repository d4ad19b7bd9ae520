import { refusals } from '../../contract/refusals.ts'
import { readStanding } from './read-answers.ts'
import { readConcerns } from './refusal-words.ts'
import { type Call, refusalWords } from './reply.ts'

const ANY_KEY = 'docket-asks-whether-keys-are-kept'
/** Longer than a Docket takes: refused by it with other words than an unknown key, and by nobody else. */
const IMPOSSIBLE_KEY = 'x'.repeat(256)

/** Whether a panel keeps idempotency keys: one that does has no order under a key that was never sent, and refuses an impossible key in other
 * words. Undefined when it could not be asked now. Such a panel is a Docket, and tells an order's link and quantity too. */
export async function askWhetherKeysAreKept(call: Call): Promise<boolean | undefined> {
  const unknown = await answerUnder(call, ANY_KEY)
  if (typeof unknown !== 'object') return unknown
  const isRead = unknown.words === refusals.incorrect_order.text || unknown.isStanding
  if (!isRead) return false
  const impossible = await answerUnder(call, IMPOSSIBLE_KEY)
  if (typeof impossible !== 'object') return impossible
  return impossible.words === refusals.incorrect_request.text
}

/** What it answers when asked for the order under this key; undefined: nothing that tells of keys. */
async function answerUnder(call: Call, key: string): Promise<{ words: string | null; isStanding: boolean } | undefined> {
  const reply = await call({ action: 'status', idempotency_key: key })
  if (reply.kind !== 'json') return undefined
  const words = refusalWords(reply)
  if (words !== null && readConcerns(words) !== 'one') return undefined
  return { words, isStanding: words === null && readStanding(reply.value).kind === 'read' }
}
