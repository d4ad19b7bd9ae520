/** The text without these characters at its end. A loop, because an expression like `/0+$/` begins again at every zero in the text and
 * takes the square of its length. */
export function trimmedEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text[end - 1]!)) end -= 1
  return text.slice(0, end)
}

// From the first letter on, greedily: there is one beginning to try, and always a match.
const LETTERS = /\p{L}(?:.*\p{L})?/su

/** The text from its first letter to its last one: `42passwort!!` is passwort. */
export function betweenLetters(text: string): string {
  return LETTERS.exec(text)?.[0] ?? ''
}

/** The text on one line, without control characters and halves of characters: as PostgreSQL and terminals take it. */
export function onOneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}
