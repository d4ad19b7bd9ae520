/** A way in: where it is, which fields it reads, and values for them that it takes. */
export interface Target {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** `operator`: the values are JSON, and what is no JSON is a text. `hook`: the fields become one JSON body that is signed. */
  readonly kind: 'api' | 'staff' | 'operator' | 'hook' | 'page' | 'upload'
  readonly fields: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** Values at the bounds of its fields, where a schema tells them. */
  readonly edges?: Readonly<Record<string, readonly string[]>>
  /** The headers that prove a body, for callers that sign. */
  readonly sign?: (body: Buffer) => Readonly<Record<string, string>>
  /** It takes from the world what other targets stand on, or is dear for all: it is asked seldom. */
  readonly isSeldom?: true
  /** How large a body it takes, where that is not as usual for its kind. */
  readonly largest?: number
}

/** A value that is another one each time. */
export const ONCE = '{once}'
