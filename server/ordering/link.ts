import { isUrl, parseUrl } from '../url.ts'

export const LONGEST_LINK = 2048

/**
 * A web address, or a name or path without white space, which many services take instead. Refused are other schemes, and addresses that are wrapped
 * in other text, doubled or misspelt, because the rules of the panel and the guard of active links would not recognise them.
 */
export function isLink(text: string): boolean {
  if (text.length > LONGEST_LINK || /[\s\p{Cc}]/u.test(text) || /^https?\/\//i.test(text)) return false
  // A text with a dot before the colon and a digit after it is a host with its port; `javascript:1/…` is not.
  const hasScheme = text.includes('://') || /^[a-z][a-z0-9+-]*(:|\.[a-z0-9+.-]*:(?!\d))/i.test(text)
  return hasScheme ? isWebAddress(text) : true
}

const HOST = /^https?:\/\/(?:[^/?#\\@]*@)?(\[[^\]]*\]|[^/?#\\:@]+)/i
// In names of other scripts, the last three count as dots.
const DOT = /[.\u3002\uFF0E\uFF61]/

/** `http(s)://` and a host with a dot, or an IPv6 address. */
export function isWebAddress(text: string): boolean {
  if (text.length > LONGEST_LINK) return false
  const host = HOST.exec(text)?.[1]
  return host !== undefined && (host.startsWith('[') || DOT.test(host)) && isUrl(text)
}

/**
 * One form for all spellings of the same link: without scheme, fragment and slashes at the end, and with the host in lower case. A text that is not
 * an address stays as it is. Only for comparing: the supplier gets the link as it was typed.
 */
export function linkNormalForm(link: string): string {
  const isBare = !/^https?:\/\//i.test(link)
  if (isBare && !beginsWithHost(link)) return link
  const url = parseUrl(isBare ? `https://${link}` : link)
  if (!url) return link
  const login = url.username === '' ? '' : `${url.username}@`
  // Without a scheme nobody can tell http's port from https's, so both default ports are left out.
  const port = url.port === '80' || url.port === '443' || url.port === '' ? '' : `:${url.port}`
  return `${login}${url.hostname.replace(/\.$/, '')}${port}${withoutSlashes(url.pathname)}${url.search}`
}

/** A name like anna.b is not a host; with a path behind it, it is. */
function beginsWithHost(link: string): boolean {
  const host = link.slice(0, Math.max(0, link.indexOf('/'))).replace(/:\d{1,5}$/, '')
  const dot = host.indexOf('.', 1)
  return dot !== -1 && dot < host.length - 1 && !/[?#\s:@]/.test(host)
}

function withoutSlashes(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}
