import type { CallOptions, Outgoing } from '../../outgoing/fetch.ts'
import { type Answer, readAnswer } from './answers.ts'
import { listAt, textAt } from './json.ts'

export interface PayPalKeys {
  readonly clientId: string
  readonly clientSecret: string
  /** Of the API, without a slash at its end. */
  readonly address: string
}

export interface PayPalCall {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
  /** Sent again with the same id, PayPal answers as before: for 6 hours about orders, for 45 days about refunds (OpenAPI, `PayPal-Request-Id`). */
  readonly requestId?: string
}

interface Token {
  readonly text: string
  readonly endsAt: number
}

// A token that ends while a call is under way is of no use.
const SPARE_MS = 60_000

/** Calls PayPal with a token, which is kept until it ends. Never throws. */
export class PayPalClient {
  readonly #keys: PayPalKeys
  readonly #outgoing: Outgoing
  readonly #now: () => Date
  #token: Token | undefined

  constructor(keys: PayPalKeys, outgoing: Outgoing, now: () => Date) {
    this.#keys = keys
    this.#outgoing = outgoing
    this.#now = now
  }

  async ask(call: PayPalCall): Promise<Answer> {
    const known = await this.#currentToken()
    if (typeof known !== 'string') return known
    const answer = await this.#send(call, known)
    if (answer.kind !== 'no' || answer.status !== 401) return answer
    // Refused before anything was done: the token was withdrawn, which happens when its secret is replaced.
    this.#token = undefined
    const renewed = await this.#currentToken()
    return typeof renewed === 'string' ? this.#send(call, renewed) : renewed
  }

  async #send({ method, path, body, requestId }: PayPalCall, token: string): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${token}`,
      // Without it PayPal answers the least, which leaves out captures and their amounts.
      prefer: 'return=representation',
      ...(requestId === undefined ? {} : { 'paypal-request-id': requestId }),
    }
    return this.#call(path, { method, headers, ...(method === 'POST' ? { body: body ?? '{}' } : {}) })
  }

  async #currentToken(): Promise<string | Exclude<Answer, { kind: 'yes' }>> {
    if (this.#token && this.#token.endsAt > this.#now().getTime()) return this.#token.text
    const { clientId, clientSecret } = this.#keys
    const answer = await this.#call('/v1/oauth2/token', {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    })
    if (answer.kind !== 'yes') return answer
    const [text, seconds] = [textAt(answer.json, 'access_token'), Number(textAt(answer.json, 'expires_in'))]
    if (!/^[\x21-\x7e]{1,4000}$/.test(text) || !(seconds > 0)) return { kind: 'unknown', words: 'PayPal answered without a token' }
    this.#token = { text, endsAt: this.#now().getTime() + seconds * 1000 - SPARE_MS }
    return text
  }

  async #call(path: string, options: CallOptions): Promise<Answer> {
    return withIssue(readAnswer(await this.#outgoing.call(this.#keys.address + path, options)))
  }
}

/** The reason of a no is in its details, by a word like ORDER_ALREADY_CAPTURED. */
function withIssue(answer: Answer): Answer {
  const issue = answer.kind === 'no' ? issueOf(answer) : ''
  return answer.kind === 'no' && issue !== '' ? { ...answer, words: `${answer.words} (${issue})` } : answer
}

export function issueOf(answer: Answer & { readonly kind: 'no' }): string {
  const issue = textAt(listAt(answer.json, 'details')[0], 'issue')
  return /^[A-Z_]{1,80}$/.test(issue) ? issue : ''
}
