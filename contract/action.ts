/** The description of the public API: the server parses by it, tests replay its examples, and the documents are made from it. */
import type { MessageKey } from './message.ts'

/** How a parameter's text is read; `ids` is one or several, separated by commas. */
export type ParameterType = 'text' | 'whole number' | 'amount' | 'ids' | 'yes or no'

export interface Parameter {
  readonly name: string
  readonly type: ParameterType
  readonly about: MessageKey
  readonly optional?: true
}

/** A field of an answer, at any depth. */
export interface AnswerField {
  readonly name: string
  readonly about: MessageKey
  readonly type: 'text' | 'whole number' | 'yes or no' | 'list' | 'object'
  /** Not always present. */
  readonly optional?: true
  /** Only present with `extended=1`. */
  readonly extended?: true
  /** `{"error": …}` may replace it, while other entries of the answer are fine. */
  readonly orError?: true
}

export interface Example {
  /** The difference from other examples of the same form: a service type, an extension. */
  readonly title?: string
  /** Sent together with `key` and `action`. */
  readonly parameters: Readonly<Record<string, string>>
  /** The answer for the fixture of `vectors.json`; the next ids there are those that the examples show. */
  readonly answer: unknown
  /** Fields whose values depend on the time and the account: all others are exact. */
  readonly differs?: readonly string[]
}

/** One way to call an action: its parameters, its answer and its refusals. */
export interface Form {
  /** Its anchor in the documents. */
  readonly id: string
  readonly title: MessageKey
  readonly about: MessageKey
  readonly parameters: readonly Parameter[]
  /** One object with these fields, a list of such objects, or one such object under each id. */
  readonly shape: 'object' | 'list' | 'by id'
  readonly answer: readonly AnswerField[]
  readonly examples: readonly Example[]
  readonly refusals: readonly string[]
}

export interface Action {
  readonly name: string
  readonly forms: readonly Form[]
}

/** The most ids in one list. */
export const MOST_IDS = 100
