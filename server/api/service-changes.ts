import { announcementsToPrograms } from '../announcements/live.ts'
import { readPriceChanges } from '../catalog/price-changes.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { Caller } from '../customers/callers.ts'
import { languages } from '../texts/languages.ts'
import { closestLanguage } from '../texts/negotiate.ts'
import type { ApiContext, Handler } from './context.ts'

/** New and removed services and changed prices since the cursor of the last answer, at the caller's own rate. */
export const serviceChanges: Handler = async (context, { caller, parameters }) => {
  await context.checkKey(caller)
  const since = readCursor(parameters['since'])
  const { cursor, new: added, gone, prices, more } = await readPriceChanges(context.db, caller.accountId, since)
  // A cursor from the future comes from another panel, or from this one before it was restored.
  if (cursor < since) throw incorrectCursor()
  const answer = { cursor: cursor.toString(), new: added, gone, prices, more }
  // Only on request: whoever does not ask gets the bytes of before.
  return JSON.stringify(
    parameters['announcements'] === '1'
      ? { ...answer, announcements: await announcementsFor(context, caller, parameters['lang']) }
      : answer,
  )
}

/** Those that are told to programs and are for this caller, as they hold now. */
async function announcementsFor({ db, now }: ApiContext, { accountId }: Caller, lang: string | undefined): Promise<object[]> {
  const language = (closestLanguage(lang ?? 'en') ?? languages[0]!).code
  const shown = await announcementsToPrograms(db, { accountId, language }, now())
  return shown.map(({ id, title, text, from, until }) => ({
    id,
    title,
    text,
    from: from.toISOString(),
    until: until?.toISOString() ?? null,
  }))
}

function readCursor(text: string | undefined): bigint {
  if (text === undefined) return 0n
  if (!/^\d{1,18}$/.test(text)) throw incorrectCursor()
  return BigInt(text)
}

function incorrectCursor(): Refusal {
  return refuse('incorrect_cursor')
}
