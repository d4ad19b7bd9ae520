/** The address of a panel's pages, and the name in the Host header by which it is known; undefined: it is no such address. */
export function addressOfPanel(text: string): { readonly url: string; readonly host: string } | undefined {
  if (!/^https?:\/\/[a-z0-9.-]{1,253}(:\d{1,5})?\/?$/i.test(text)) return undefined
  const url = text.toLowerCase().replace(/\/$/, '')
  const host = hostName(url.slice(url.indexOf('//') + 2))
  // A name without a dot, or a number, may be one by which this server itself is reached.
  return host === undefined || !/\.[a-z][a-z0-9-]*$/.test(host) ? undefined : { url, host }
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Without port and dot at the end, in small letters; undefined: no name at all. */
export function hostName(text: string): string | undefined {
  const name = text
    .trim()
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')
  return name.length <= 253 && name.split('.').every((label) => LABEL.test(label)) ? name : undefined
}
