import type { Target } from './surface/target.ts'

/** How fields travel. `query`: in the address, as older clients send them. `values`: as JSON whose values are not all texts. */
export type Transport = 'form' | 'json' | 'values' | 'multipart' | 'query'

export interface Encoded {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
}

const BOUNDARY = 'one-part-and-the-next'

/** The ways in which this target takes fields. */
export function transportsOf({ kind, method }: Target): readonly Transport[] {
  if (method === 'GET') return ['query']
  switch (kind) {
    case 'api':
      return ['form', 'json', 'values', 'multipart', 'query']
    case 'staff':
      return ['json', 'form', 'values']
    case 'operator':
    case 'hook':
      return ['values']
    case 'upload':
      return ['multipart']
    case 'page':
      return ['form']
    default:
      return kind satisfies never
  }
}

export function encoded(target: Target, fields: readonly (readonly [string, string])[], transport: Transport): Encoded {
  const { path, headers } = target
  const post = (type: string, body: string): Encoded => ({
    method: 'POST',
    path,
    headers: { ...headers, 'content-type': type },
    body: Buffer.from(body),
  })
  switch (transport) {
    case 'form':
      return post('application/x-www-form-urlencoded', pairs(fields, formText))
    case 'json':
      return post('application/json', JSON.stringify(Object.fromEntries(fields)))
    case 'values':
      return post('application/json', `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${jsonValue(value)}`).join(',')}}`)
    case 'multipart':
      return post(`multipart/form-data; boundary=${BOUNDARY}`, parts(fields, target.kind === 'upload'))
    case 'query': {
      const query = pairs(fields, (value) => encodeURIComponent(value.toWellFormed()))
      return { method: 'GET', path: query === '' ? path : `${path}?${query}`, headers, body: undefined }
    }
    default:
      return transport satisfies never
  }
}

/** A text that is JSON is sent as it is, any other one as a text. */
function jsonValue(text: string): string {
  // Most texts are no JSON: an exception for each would be dear.
  if (!/^[\s\d"[{\-tfn]/.test(text)) return JSON.stringify(text)
  try {
    JSON.parse(text)
    return text
  } catch {
    return JSON.stringify(text)
  }
}

function pairs(fields: readonly (readonly [string, string])[], text: (value: string) => string): string {
  return fields.map(([name, value]) => `${text(name)}=${text(value)}`).join('&')
}

/** Only what a form gives a meaning is encoded, so that as much as possible fits into it. */
function formText(value: string): string {
  return value.toWellFormed().replace(/[%&=+]/g, encodeURIComponent)
}

function parts(fields: readonly (readonly [string, string])[], withFile: boolean): string {
  const all = fields.map(([name, value]) => {
    const file = withFile && FILES.has(name) ? '; filename="orders.csv"\r\ncontent-type: text/csv' : ''
    return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`
  })
  return `${all.join('')}--${BOUNDARY}--\r\n`
}

const FILES: ReadonlySet<string> = new Set(['file', 'picture', 'logo'])
