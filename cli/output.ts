import { plainJson } from '../server/text.ts'

// A reader that stops early, like `head`, closes the pipe. This is not an error of the command, which ends normally.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

/** The option that every command has. */
export interface Json {
  json?: boolean
}

/** Prints an answer: one JSON line for programs, text for people. */
export function print(json: boolean | undefined, value: unknown, text: string) {
  process.stdout.write(`${json ? plainJson(value) : text}\n`)
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
