// A reader that has seen enough, like `head`, closes the pipe. That is no fault of the command, which ends as it would.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

/** The option that every command has. */
export interface Json {
  json?: boolean
}

/** Prints an answer: for programs as one JSON line, for people as text. */
export function print(json: boolean | undefined, value: unknown, text: string) {
  process.stdout.write(`${json ? JSON.stringify(value, jsonValue) : text}\n`)
}

/** Ids as numbers, money never reaches this: it is formatted before. */
function jsonValue(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString()
}

/** Columns under their headings, two spaces apart. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]!.length)))
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
