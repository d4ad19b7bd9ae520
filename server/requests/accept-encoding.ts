import Negotiator from 'negotiator'

export type Encoding = 'identity' | 'gzip' | 'br'

/** Browsers and libraries send about twenty characters. A longer text gets an answer without compression, which every client understands. */
const LONGEST = 200
const MOST_REMEMBERED = 200
const remembered = new Map<string, Encoding>()

/**
 * The best encoding that a client takes, by its Accept-Encoding. Answers are remembered per text, because clients send only a handful of them: at
 * most 200 texts of 200 characters.
 */
export function encodingFor(accepted: string | string[] | undefined): Encoding {
  if (typeof accepted !== 'string' || accepted.length > LONGEST) return 'identity'
  const known = remembered.get(accepted)
  if (known) return known
  const encoding = negotiated(accepted)
  if (remembered.size >= MOST_REMEMBERED) remembered.delete(remembered.keys().next().value!)
  remembered.set(accepted, encoding)
  return encoding
}

function negotiated(accepted: string): Encoding {
  const taken = new Negotiator({ headers: { 'accept-encoding': accepted } }).encodings(['br', 'gzip'])
  return taken.includes('br') ? 'br' : taken.includes('gzip') ? 'gzip' : 'identity'
}
