import { noteConnection } from './connection.ts'

/** What came of a call: an answer, also one that refuses; nobody was there; or a newer call of the same line has taken its place. */
export type Answer<T> =
  | { readonly kind: 'answered'; readonly status: number; readonly value: T }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'overtaken' }

/** What is asked: a GET without fields, a form like those of the page with them. */
interface Call {
  readonly address: string
  readonly fields?: Readonly<Record<string, string>>
}

const TIMEOUT_MS = 8000

/** A line of calls to our own pages that answer JSON: whoever types asks again and again, and only the last question counts. */
export function openLine(): <T>(call: Call) => Promise<Answer<T>> {
  let earlier: AbortController | undefined
  return async <T>(call: Call) => {
    earlier?.abort()
    const own = new AbortController()
    earlier = own
    const answer = await ask<T>(call, own.signal)
    if (own.signal.aborted) return { kind: 'overtaken' }
    noteConnection(answer.kind === 'answered')
    return answer
  }
}

async function ask<T>(call: Call, overtaken: AbortSignal): Promise<Answer<T>> {
  // Only a question is asked twice: an order to do something may have arrived although no answer came.
  const attempts = call.fields === undefined ? 2 : 1
  for (let attempt = 1; attempt <= attempts && !overtaken.aborted && navigator.onLine; attempt += 1) {
    const waited = AbortSignal.timeout(TIMEOUT_MS)
    try {
      const response = await fetch(call.address, { ...requestOf(call), signal: eitherOf(overtaken, waited) })
      return { kind: 'answered', status: response.status, value: (await response.json()) as T }
    } catch {
      // Whoever was too slow once would be again.
      if (waited.aborted) break
    }
  }
  return { kind: 'unreachable' }
}

function requestOf({ fields }: Call): RequestInit {
  const accept = { accept: 'application/json' }
  if (fields === undefined) return { headers: accept }
  const token = document.querySelector<HTMLInputElement>('input[name=csrf]')?.value ?? ''
  return { method: 'POST', headers: { ...accept, 'x-csrf-token': token }, body: new URLSearchParams(fields) }
}

/** AbortSignal.any() is younger than some browsers that come here. */
function eitherOf(...signals: readonly AbortSignal[]): AbortSignal {
  const either = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) either.abort()
    signal.addEventListener('abort', () => either.abort(), { once: true })
  }
  return either.signal
}
