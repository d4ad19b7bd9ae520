/** How the public API is described: the server parses by it, tests replay its examples, documents are drawn from it. */

export interface Parameter {
  readonly name: string
  /** One sentence for the reader of the documents. */
  readonly about: string
  readonly optional?: true
}

export interface Example {
  readonly title: string
  /** Sent beside `key` and `action`. */
  readonly parameters: Readonly<Record<string, string>>
  /** The answer against the fixture of `vectors.json`; values that differ from call to call are marked there, not here. */
  readonly answer: unknown
}

/** One way to call an action: its parameters, what it answers, how it refuses. */
export interface Form {
  readonly about: string
  readonly parameters: readonly Parameter[]
  readonly examples: readonly Example[]
  readonly refusals: readonly string[]
}

export interface Action {
  readonly name: string
  readonly about: string
  readonly forms: readonly Form[]
}

/** At most so many ids in one list. */
export const MOST_IDS = 100
