import type { RefusalReason } from './supplier.ts'

/**
 * The words with which suppliers refuse, and what they mean. This is the only place that classifies such texts; each case known from real panels is
 * named in test/suppliers/refusal-words.test.ts. Besides English sentences there are codes like neworder.error.min_quantity.
 */

// About our key or our account: whatever else the words name, no call of ours will succeed there.
const OUR_KEY: readonly RegExp[] = [
  /api[ _-]?key/i,
  /(^|[^a-z])(invalid|incorrect|wrong|bad|unknown|missing|expired|revoked|disabled|no)[ _]((access|secret)[ _])?(key|token|credentials?)([^a-z]|$)/i,
  /(^|[^a-z])(key|token|credentials?)[ _]((is|was|has[ _]been)[ _])?(invalid|incorrect|wrong|missing|expired|revoked|required|disabled|not[ _](found|valid|active))/i,
  /unauthori[sz]ed|unauthenticated|authentication|not[ _]logged[ _]in/i,
  /suspended|banned|(your|user)[ _]account[ _](is|was|has[ _]been)[ _](blocked|disabled|deactivated|inactive|closed)/i,
  /api[ _](access[ _])?is[ _](disable|not[ _](enabled|active|allowed))/i,
  /(^|[^a-z])ip([ _]address)?[ _](is[ _])?not[ _](allowed|whitelisted)/i,
]
/** May be about us or about one order. */
const DENIED = /forbidden|permission|privilege|access[ _](is[ _])?denied/i
const OUR_MONEY =
  /(not[ _]enough|insufficient|low|out[ _]of)[ _](funds?|balance|money|credits?)|(^|[^a-z])no[ _](funds?|money|credits?)|(funds?|balance|credits?)[ _](is[ _]|are[ _])?(too[ _]low|low|insufficient|not[ _]enough|empty)|recharge|top[ _-]?up/i
const TOO_OFTEN = /too many|rate.?limit|limit (is )?(exceeded|reached)|maintenance/i
const LATER = /later|try again|temporar|busy|overload/i

// The first pattern that matches wins. "Not enough funds" for any key or account means funds; "Insufficient permissions" and "Invalid API key: no
// balance is shown" do not. "You have active order with this link" is about a limit rather than the link, and "service quantity" about the quantity.
const REASONS: readonly (readonly [RefusalReason, RegExp])[] = [
  ['funds', OUR_MONEY],
  ...OUR_KEY.map((pattern) => ['account', pattern] as const),
  ['account', DENIED],
  ['funds', /(^|[^a-z])funds?([^a-z]|$)|balance|insufficient/i],
  ['limits', TOO_OFTEN],
  ['limits', LATER],
  ['limits', /active[ _]order|duplicate|already|wait/i],
  ['quantity', /quantity|(^|[^a-z])(min|max)(imum|imal)?([^a-z]|$)/i],
  ['link', /link|url|user ?name|private|profile/i],
  ['service', /service|drip.?feed|package/i],
]

/** Why an order was refused. */
export function readReason(words: string): RefusalReason {
  return REASONS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other'
}

/** Whether the supplier refuses our key or our account for every call: not just one order, or one action that we may not use. */
export function saysKeyRefused(words: string): boolean {
  return !OUR_MONEY.test(words) && !isOfAnOrder(words) && OUR_KEY.some((pattern) => pattern.test(words))
}

/**
 * Whether a whole call got no answer because of our key or our account, and not, for example, a page of a firewall in front of the panel (an excerpt
 * from reply.ts, which begins with the status).
 */
export function saysAccountRefused(words: string): boolean {
  const status = /^HTTP (\d{3}):/.exec(words)?.[1]
  return status === undefined ? readReason(words) === 'account' : status === '401'
}

/** Whether the supplier does not know the id. */
export function saysMissing(words: string): boolean {
  return /not[ _]?found|does(n.t| not) exist|no such|(incorrect|invalid|wrong|unknown)[ _](order|refill)/i.test(words)
}

/**
 * Whether these words leave open if an order was created: something failed while it was being placed. Also an idempotency key that "was used with
 * other parameters": then the supplier has a different order under our key, and staff must look.
 */
export function saysNothingCertain(words: string): boolean {
  return (
    words.trim() === '' ||
    /went wrong|tim(e|ed)[ _-]?out|internal[ _](server[ _])?error|(unexpected|unknown|fatal|database|system|server)[ _]error|exception|sqlstate|deadlock|curl|gateway|(no|empty)[ _]response|idempotency/i.test(
      words,
    )
  )
}

/** The result of a cancel or a refill that was refused with these words. */
export function readRequestRefusal(words: string): 'refused' | 'not now' | 'unknown' {
  if (saysNothingCertain(words)) return 'unknown'
  if (isOfAnOrder(words)) return 'refused'
  return saysKeyRefused(words) || TOO_OFTEN.test(words) || LATER.test(words) ? 'not now' : 'refused'
}

/**
 * Which orders a refusal may be about, when a question named several: `one` of them; `any`: one of them or all; `none`: asking for each alone would
 * tell nothing new.
 */
export type Concerns = 'one' | 'any' | 'none'

export function readConcerns(words: string): Concerns {
  if (saysNothingCertain(words) || /^(user|account)[ _](is[ _])?not[ _]found/i.test(words)) return 'any'
  if (isOfAnOrder(words)) return 'one'
  if (TOO_OFTEN.test(words)) return 'none'
  return ['account', 'limits', 'funds'].includes(readReason(words)) ? 'any' : 'one'
}

/** The words name an order or a refill, and not a key: "Order is suspended". */
function isOfAnOrder(words: string): boolean {
  return /order|refill/i.test(words) && !/(^|[^a-z])key([^a-z]|$)|token/i.test(words)
}
