/** A call as a client's programmer writes it: a number is a number, a list is a list. */
export type Fields = Readonly<Record<string, string | number | readonly (string | number)[]>>

type Pairs = [name: string, value: string][]

/** A list as the programmer joins it, like PHP's implode(','). */
export function joined(fields: Fields): Pairs {
  return Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)])
}

export function repeated(fields: Fields): Pairs {
  return Object.entries(fields).flatMap(([name, value]): Pairs => [value].flat().map((each) => [name, String(each)]))
}

export function bracketed(fields: Fields): Pairs {
  return Object.entries(fields).flatMap(([name, value]): Pairs =>
    Array.isArray(value) ? value.map((each) => [`${name}[]`, String(each)]) : [[name, String(value)]],
  )
}

export function phpQuery(fields: Fields): string {
  const numbered = Object.entries(fields).flatMap(([name, value]): Pairs =>
    Array.isArray(value) ? value.map((each, index) => [`${name}[${index}]`, String(each)]) : [[name, String(value)]],
  )
  return pairs(numbered, phpEscape)
}

export function pairs(all: Pairs, escape: (text: string) => string): string {
  return all.map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&')
}

/** urlencode() of PHP: all but letters, digits and "-_." */
export function phpEscape(text: string): string {
  const byte = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*~]/g, byte)
}

/** Python's quote_plus(), Go's QueryEscape() and .NET's EscapeDataString() keep the tilde too. */
export function pythonEscape(text: string): string {
  return phpEscape(text).replaceAll('%7E', '~')
}

export function phpJson(fields: Fields): string {
  return asciiJson(JSON.stringify(fields)).replaceAll('/', String.raw`\/`)
}

export function asciiJson(json: string): string {
  return json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function multipart(boundary: string, all: Pairs, partHead: (name: string, value: string) => string[] = plainPart): string {
  const parts = all.map(([name, value]) => `--${boundary}\r\n${partHead(name, value).join('\r\n')}\r\n\r\n${value}\r\n`)
  return `${parts.join('')}--${boundary}--\r\n`
}

function plainPart(name: string): string[] {
  return [`Content-Disposition: form-data; name="${name}"`]
}
