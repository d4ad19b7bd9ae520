import { expect } from 'vitest'

/** A request whose bytes the test decides. */
export function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer> | FormData,
  headers: Record<string, string> = {},
  path = '/api/v2',
): Promise<Response> {
  // A text would bring a content type of its own.
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return fetch(`${url}${path}`, { method: 'POST', body: bytes, headers })
}

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
export const JSON_BODY = { 'content-type': 'application/json' }

/** An answer in the protocol's shape, whatever it says: never empty, null, HTML or a fault. Answers its JSON. */
export async function inShape(response: Response, status = 200): Promise<any> {
  const text = await response.text()
  expect({ status: response.status, text }).toEqual({ status, text: expect.stringMatching(/^[[{]/) })
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  return JSON.parse(text)
}

/** The text of a refusal: HTTP 200 and nothing but `error`. */
export async function refusalOf(response: Response): Promise<string> {
  const answer = await inShape(response)
  expect(Object.keys(answer)).toEqual(['error'])
  expect(answer.error).toMatch(/\S/)
  return answer.error
}
