import { trimmed } from './invisible.ts'

/** Non-empty text lines, split at line ends only: a comma is part of a comment. The form and the charge count with the same function. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).filter((line) => trimmed(line) !== '')
}
