import { plainLines } from '../text.ts'

const EMPTY_LINES = /\n(?:[ \t]*\n){3,}/g

/** The text of a message as it is kept: plain, in lines, without control characters and half surrogate pairs. */
export function plainWords(text: string): string {
  return plainLines(text).replace(EMPTY_LINES, '\n\n\n').trim()
}
