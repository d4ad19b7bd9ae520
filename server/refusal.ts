import { type RefusalKind, type RefusalRow, refusals } from '../contract/refusals.ts'
import { staffRefusals } from './staff-refusals.ts'

/** All refusals by their codes: those of the published protocol, and those of staff, commands and pages. */
const table = { ...refusals, ...staffRefusals }
type Table = typeof table

export type RefusalCode = keyof Table

/** The values that a refusal's text or its waiting time is made of. */
type ValuesOf<Code extends RefusalCode> = Code extends unknown ? ValuesOfRow<Table[Code]> : never
type ValuesOfRow<Row> = Row extends { text: (...values: infer Values) => string }
  ? Values
  : Row extends { retryAfter: (...values: infer Values) => number }
    ? Values
    : []

/** The only error that a customer may see: an expected "no", in one plain English sentence, caught once at the edge. Code that catches it checks
 * its code or its kind, never its text. Made by `refuse`. */
export class Refusal<Code extends RefusalCode = RefusalCode> extends Error {
  override readonly name = 'Refusal'
  readonly code: Code
  readonly values: ValuesOf<Code>
  readonly kind: RefusalKind
  /** HTTP status. */
  readonly status: number
  /** Seconds after which a retry makes sense; sent as `Retry-After`. Null where a retry makes no sense. */
  readonly retryAfter: number | null
  /** Its `error_code` in the admin API. */
  readonly staffNumber: number

  constructor(code: Code, values: ValuesOf<Code>) {
    const row: RefusalRow & { readonly staffNumber?: number } = table[code]
    super(typeof row.text === 'string' ? row.text : row.text(...(values as never[])))
    this.code = code
    this.values = values
    this.kind = row.kind
    this.status = row.status
    this.retryAfter = typeof row.retryAfter === 'function' ? row.retryAfter(...(values as never[])) : row.retryAfter
    this.staffNumber = row.staffNumber ?? (this.isAnswer ? 400 : row.status)
  }

  /** Whether it answers the request, so that the same request would get the same answer. Otherwise it is a limit, a call that was not let in, or
   * a failure. */
  get isAnswer(): boolean {
    return this.kind === 'order' || this.kind === 'request' || this.kind === 'caller'
  }
}

/** Makes a refusal from its code and the values of its text: `throw refuse('quantity_below_min', 100n)`. */
export function refuse<Code extends RefusalCode>(code: Code, ...values: ValuesOf<Code>): Refusal<Code> {
  return new Refusal(code, values)
}

/** Whether the error is one of these refusals, whose values then have known types; without codes, any refusal. */
export function isRefusal<Code extends RefusalCode = RefusalCode>(error: unknown, ...codes: readonly Code[]): error is Refusal<Code> {
  return error instanceof Refusal && (codes.length === 0 || codes.includes(error.code as Code))
}

/** Whether an error is a refusal that answers the request, and not a limit or a failure. */
export function isAnswer(error: unknown): error is Refusal {
  return error instanceof Refusal && error.isAnswer
}
