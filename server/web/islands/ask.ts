import { noteConnection } from './connection.ts'

/** The outcome of a call: an answer, which may be a refusal; no connection; or a newer call has replaced this one. */
export type Answer<T> =
  | { readonly kind: 'answered'; readonly status: number; readonly value: T }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'replaced' }

/** The address to call: with GET if there are no fields, else as a form like those of the page, with these fields. */
interface Call {
  readonly address: string
  readonly fields?: Readonly<Record<string, string>>
}

const TIMEOUT_MS = 8000

/** Returns a function that calls our own pages for JSON. A user who types causes one call after another, so each call cancels the one before. */
export function openCalls(): <T>(call: Call) => Promise<Answer<T>> {
  let earlier: AbortController | undefined
  return async <T>(call: Call) => {
    earlier?.abort()
    const own = new AbortController()
    earlier = own
    const answer = await ask<T>(call, own.signal)
    if (own.signal.aborted) return { kind: 'replaced' }
    noteConnection(answer.kind === 'answered')
    return answer
  }
}

async function ask<T>(call: Call, replaced: AbortSignal): Promise<Answer<T>> {
  // Only a GET is repeated: a form may have arrived although no answer came.
  const attempts = call.fields === undefined ? 2 : 1
  for (let attempt = 1; attempt <= attempts && !replaced.aborted && navigator.onLine; attempt += 1) {
    const waited = AbortSignal.timeout(TIMEOUT_MS)
    try {
      const response = await fetch(call.address, { ...requestOf(call), signal: eitherOf(replaced, waited) })
      return { kind: 'answered', status: response.status, value: (await response.json()) as T }
    } catch {
      // After a timeout, a second attempt would be as slow.
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

/** AbortSignal.any() is missing in some browsers that we support. */
function eitherOf(...signals: readonly AbortSignal[]): AbortSignal {
  const either = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) either.abort()
    signal.addEventListener('abort', () => either.abort(), { once: true })
  }
  return either.signal
}
