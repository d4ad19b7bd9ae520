import { domainToUnicode } from 'node:url'
import { trimmedEnd } from '../text.ts'
import { parseUrl } from '../url.ts'

// Zero-width characters, soft hyphens, variation selectors: nobody sees them, so they do not separate words.
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu

// eslint-disable-next-line no-control-regex
const ASCII = /^[\0-\x7f]*$/
/** Single characters that stand for a whole phrase: normalizing would make a text of them eighteen times as long. */
const PHRASES = /[\ufdfa\ufdfb]/g
/**
 * Normalizing sorts the marks on a letter in quadratic time. No language puts more than thirty on one (Unicode's "stream-safe" text), so further
 * marks are dropped.
 */
const MARKS_WITHOUT_END = /\p{M}{31,}/gu
const withoutRest = (marks: string) => marks.slice(0, 30).toWellFormed()

/**
 * One form for texts that read the same: compatibility forms (full width, ligatures, mathematical letters) and case. It converts the case twice,
 * because upper case knows that ß is ss and ς is σ, and lower case is the form that people type.
 */
export function folded(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  const plain = text.replace(PHRASES, ' ').replace(MARKS_WITHOUT_END, withoutRest).normalize('NFKC').replace(UNSEEN, '')
  return plain.toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC')
}

/** A link, split as a browser would split it. */
export interface ReadLink {
  /** ASCII, lower case, without trailing dots; empty when the link is not an address. */
  readonly host: string
  /** Names in the path, folded, each without its @; empty ones are left out. */
  readonly segments: readonly string[]
  /** Parsed on demand: most rules do not need it. */
  readonly query: () => URLSearchParams
  /** The whole link, when it may be a bare name: `@some.body` is not an address. */
  readonly name: string
  /** The whole link as text to find words in: folded, percent signs decoded, the host as people read it. */
  readonly text: string
}

/**
 * Reads an address with its scheme, one without (`example.com/name`), or a bare name (`@name`). The URL parser does what browsers do: the text before
 * an @ is not the host, `\` is `/`, full-width dots are dots, 0x7f.1 is 127.0.0.1.
 */
export function readLink(link: string): ReadLink {
  if (PLAIN_NAME.test(link)) return plainName(link)
  const url = parsed(link)
  const whole = folded(decoded(link))
  const host = url === undefined ? '' : hostOf(url)
  const name = whole.replace(/^@/, '')
  if (url === undefined || !host.includes('.')) return { host: '', segments: namesOf(link), query: noQuery, name, text: whole }
  const text = `${whole} ${host.includes('xn--') ? folded(domainToUnicode(host)) : host}`
  return { host, segments: namesOf(url.pathname), name, text, query: () => url.searchParams }
}

/**
 * A quick test that fits most entries of a list of names. No address has this form: it has no dot, and a number that means an address begins with a
 * digit.
 */
const PLAIN_NAME = /^@?[a-z_][\w-]*$/i

const noQuery = () => new URLSearchParams()

function plainName(link: string): ReadLink {
  const whole = link.toLowerCase()
  const name = whole.startsWith('@') ? whole.slice(1) : whole
  return { host: '', segments: [name], query: noQuery, name, text: whole }
}

function parsed(link: string): URL | undefined {
  const address = /^[a-z][a-z0-9+.-]*:[/\\]/i.test(link) ? link : `http://${link.replace(/^[/\\]+/, '')}`
  return parseUrl(address)
}

function namesOf(path: string): string[] {
  return path
    .split('/')
    .map((segment) => folded(decoded(segment)).replace(/^@/, ''))
    .filter(Boolean)
}

function hostOf(url: URL): string {
  return trimmedEnd(url.hostname, '.')
}

/** `%63` is a c. A text that is not UTF-8 stays as it is. */
function decoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
