import { trimmed } from './invisible.ts'

/** Non-empty lines, split at line ends only: a comma is part of a comment. Counted alike where they are typed and where they are paid. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).filter((line) => trimmed(line) !== '')
}
