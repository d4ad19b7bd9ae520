/** A call that examples show. */
export interface SampleCall {
  readonly address: string
  /** Includes `key` and `action`, in the order they are shown. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
  /** Of an order: the type of its service, which the SDK checks; Default unless told. */
  readonly type?: string
}

/** A text as Python and JavaScript write it. */
export function singleQuoted(text: string): string {
  return `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", String.raw`\'`)
    .replaceAll('\n', String.raw`\n`)}'`
}

/** A number as it is, anything else in quotes. */
export function onePiece(text: string): string {
  return /^[1-9]\d{0,14}$/.test(text) ? text : singleQuoted(text)
}
