// Our references use the letters and digits of this list at most: those that people read wrongly (0 and O, 1 and I) are not among them.
const LENGTH = 12
const IS_REFERENCE = /^[2-9A-HJ-NP-Z]{12}$/
const LONGEST_TEXT = 1000

/**
 * Our references in the text of a transfer, each once. Banks write the text in capitals, cut it into words of their own and add others around it, so
 * the second look goes over the letters and digits alone. Then only the prefix tells where a reference begins; without one a reference must be a word
 * of its own. Who calls takes the reference when there is exactly one.
 */
export function referencesIn(text: string, prefix: string): readonly string[] {
  const written = text.slice(0, LONGEST_TEXT).toUpperCase()
  const words = written.split(/[^A-Z0-9]+/)
  const whole = words.flatMap((word) =>
    word.startsWith(prefix) && isReference(word.slice(prefix.length)) ? [word.slice(prefix.length)] : [],
  )
  if (whole.length > 0) return [...new Set(whole)]
  const bare = words.join('')
  if (prefix === '') return isReference(bare) ? [bare] : []
  return [...new Set(behindPrefix(bare, prefix))]
}

function* behindPrefix(bare: string, prefix: string): Iterable<string> {
  for (let found = bare.indexOf(prefix); found !== -1; found = bare.indexOf(prefix, found + 1)) {
    const reference = bare.slice(found + prefix.length, found + prefix.length + LENGTH)
    if (isReference(reference)) yield reference
  }
}

export function isReference(text: string): boolean {
  return IS_REFERENCE.test(text)
}
