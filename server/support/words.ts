const LINE_BREAK = /\r\n?|[\u2028\u2029\v\f]/g
/** But for line breaks and tabs. */
const CONTROL = /(?![\n\t])\p{Cc}/gu
const EMPTY_LINES = /\n(?:[ \t]*\n){3,}/g

/** The text of a message as it is kept: plain, in lines, without control characters and half surrogate pairs. */
export function plainWords(text: string): string {
  return text.toWellFormed().replace(LINE_BREAK, '\n').replace(CONTROL, '').replace(EMPTY_LINES, '\n\n\n').trim()
}
