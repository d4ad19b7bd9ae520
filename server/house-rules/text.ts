import { domainToUnicode } from 'node:url'
import { parseUrl } from '../url.ts'

// Zero-width characters, soft hyphens, variation selectors: nobody sees them, so they part no word.
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu

/** One form for what reads the same: compatibility forms (full width, ligatures, mathematical letters) and case. Twice, because
 * upper case knows that ß is ss and that ς is σ, and lower case is what people type. */
export function folded(text: string): string {
  const plain = text.normalize('NFKC').replace(UNSEEN, '')
  return plain.toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC')
}

/** A link, taken apart as a browser would. */
export interface ReadLink {
  /** ASCII, lower case, without trailing dots; empty for what is no address. */
  readonly host: string
  /** Names on the way, folded, each without its @; empty ones are left out. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  /** All of it, when it may be a bare name: `@some.body` is no address. */
  readonly name: string
  /** All of it for words: folded, without percent signs, the host as people read it. */
  readonly text: string
}

/** Reads an address with its scheme, one without (`example.com/name`), or a bare name (`@name`). The URL parser does what browsers
 * do: what stands before an @ is no host, `\` is `/`, full-width dots are dots, 0x7f.1 is 127.0.0.1. */
export function readLink(link: string): ReadLink {
  const url = parsed(link)
  const whole = folded(decoded(link))
  const host = url === undefined ? '' : hostOf(url)
  const name = whole.replace(/^@/, '')
  if (url === undefined || !host.includes('.'))
    return { host: '', segments: namesOf(link), query: new URLSearchParams(), name, text: whole }
  return { host, segments: namesOf(url.pathname), query: url.searchParams, name, text: `${whole} ${folded(domainToUnicode(host))}` }
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
  return url.hostname.replace(/\.+$/, '')
}

/** `%63` is a c. What is no UTF-8 stays as it is. */
function decoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
