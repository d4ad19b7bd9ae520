/** The text without these characters at its end. It is a loop, because an expression like `/0+$/` starts again at every zero and takes time in
 * proportion to the square of the length. */
export function trimmedEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text[end - 1]!)) end -= 1
  return text.slice(0, end)
}

// Matches greedily from the first letter on, so there is only one start to try, and always a match.
const LETTERS = /\p{L}(?:.*\p{L})?/su

/** The text from its first letter to its last one: `42passwort!!` is passwort. */
export function betweenLetters(text: string): string {
  return LETTERS.exec(text)?.[0] ?? ''
}

/** The text on one line, without control characters and half surrogate pairs, so that PostgreSQL and terminals accept it. */
export function onOneLine(text: string): string {
  if (/^[!-~]+( [!-~]+)*$/.test(text)) return text
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/** JSON in which big numbers are texts of all their digits, for the database and for evidence. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner))
}

/** JSON in which ids and counts are numbers, as long as a JSON number holds them exactly. Money is formatted before. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'bigint') return inner
    return inner <= Number.MAX_SAFE_INTEGER && inner >= Number.MIN_SAFE_INTEGER ? Number(inner) : inner.toString()
  })
}

const LINE_BREAK = /\r\n?|[\u2028\u2029\v\f]/g
/** But for line breaks and tabs. */
const CONTROL = /(?![\n\t])\p{Cc}/gu

/** A text of several lines as it is kept: plain, without control characters and half surrogate pairs. */
export function plainLines(text: string): string {
  return text.toWellFormed().replace(LINE_BREAK, '\n').replace(CONTROL, '')
}
