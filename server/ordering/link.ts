import { isUrl, parseUrl } from '../url.ts'

export const LONGEST_LINK = 2048

/** A web address, or what many services take instead: a name or path without white space. Never another scheme, and no address that is wrapped in
 * something, written twice or misspelt: house rules and the guard of active links would not know it. */
export function isLink(text: string): boolean {
  if (text.length > LONGEST_LINK || /[\s\p{Cc}]/u.test(text) || /^https?\/\//i.test(text)) return false
  // What has a dot and a digit after the colon is a host and its port; `javascript:1/…` is not.
  const hasScheme = text.includes('://') || /^[a-z][a-z0-9+-]*(:|\.[a-z0-9+.-]*:(?!\d))/i.test(text)
  return hasScheme ? isWebAddress(text) : true
}

const HOST = /^https?:\/\/(?:[^/?#\\@]*@)?(\[[^\]]*\]|[^/?#\\:@]+)/i
// The last three are read as dots in names of other scripts.
const DOT = /[.\u3002\uFF0E\uFF61]/

/** `http(s)://` and a host with a dot, or an IPv6 address. */
export function isWebAddress(text: string): boolean {
  if (text.length > LONGEST_LINK) return false
  const host = HOST.exec(text)?.[1]
  return host !== undefined && (host.startsWith('[') || DOT.test(host)) && isUrl(text)
}

/** One form for all ways to write the same link: without scheme, fragment and slashes at the end, the host in small letters. A text that is no address
 * stays as it is. For comparing only: the link that was typed is what is handed on. */
export function linkNormalForm(link: string): string {
  const isBare = !/^https?:\/\//i.test(link)
  if (isBare && !beginsWithHost(link)) return link
  const url = parseUrl(isBare ? `https://${link}` : link)
  if (!url) return link
  const login = url.username === '' ? '' : `${url.username}@`
  // http's own port is https's to a reader who leaves the scheme out.
  const port = url.port === '80' || url.port === '443' || url.port === '' ? '' : `:${url.port}`
  return `${login}${url.hostname.replace(/\.$/, '')}${port}${withoutSlashes(url.pathname)}${url.search}`
}

/** A name like anna.b is no host; one with a path behind it is. */
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
