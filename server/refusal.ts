/** The one error a customer may see: an expected "no", in one plain English sentence, caught once at the edge. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** A machine-readable word beside the sentence. */
  readonly code: string | undefined
  /** HTTP status. 200 for all but limits and failures: clients lose the text of a 4xx. */
  readonly status: number
  /** Seconds until trying again makes sense; sent as `Retry-After`. */
  readonly retryAfter: number | undefined

  constructor(text: string, more: { code?: string; status?: number; retryAfter?: number } = {}) {
    super(text)
    this.code = more.code
    this.status = more.status ?? 200
    this.retryAfter = more.retryAfter
  }
}

/** 503: nothing was done, and the same request may be sent again in a moment. */
export function busy(text: string, code = 'busy'): Refusal {
  return new Refusal(text, { code, status: 503, retryAfter: 1 })
}
