// How services are found by what is typed. Plain code without a host: the same runs on the server and in the browser.

/** What a service is found by. */
export interface Findable {
  readonly id: number
  readonly name: string
  readonly category: string
  /** As the catalogue calls it, where the reader's language has another name. */
  readonly otherName?: string | undefined
}

/** Without what a hasty reader does not type: capitals, accents, marks between words. */
export interface Folded {
  readonly id: string
  readonly name: string
  readonly all: string
}

export function foldService({ id, name, category, otherName = '' }: Findable): Folded {
  const foldedName = fold(name)
  return {
    id: String(id),
    name: ` ${foldedName}`,
    all: ` ${id} ${foldedName} ${fold(category)} ${otherName === '' ? '' : fold(otherName)}`,
  }
}

/** The words of a question, in any order. None: everything fits. */
export function wordsOf(asked: string): readonly string[] {
  const words = fold(asked.slice(0, LONGEST_QUESTION)).split(' ')
  return words.filter((word) => word !== '')
}

/** Each service is asked for each word. */
const LONGEST_QUESTION = 200

// Accents of Latin, Greek and Cyrillic, and Arabic vowel marks; what makes a vowel in Indian scripts stays.
const ACCENTS = /[\u0300-\u036f\u064b-\u065f]/g
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/gu

function fold(text: string): string {
  return text.normalize('NFKD').replace(ACCENTS, '').toLowerCase().replace(BETWEEN_WORDS, ' ').trim()
}

/** Each word stands in the name, in the category, or in the number. */
export function fits(folded: Folded, words: readonly string[]): boolean {
  return words.every((word) => folded.all.includes(word))
}

/** How far off a service that fits is; 0 is the very one. */
export function distance(folded: Folded, words: readonly string[]): number {
  if (words.length === 1 && folded.id === words[0]) return 0
  const whole = ` ${words.join(' ')}`
  const start = folded.name.startsWith(whole) ? 0 : folded.name.includes(whole) ? 1 : 2
  return words.reduce((sum, word) => sum + distanceOf(folded, word), 1 + start)
}

function distanceOf({ id, name }: Folded, word: string): number {
  if (name.includes(` ${word}`)) return 0
  if (id.startsWith(word)) return 1
  return name.includes(word) ? 3 : 6
}

/** What fits, best first; equally good ones as they come, favourites before others. */
export function findBest<T extends { readonly folded: Folded; readonly isFavourite: boolean }>(all: readonly T[], asked: string): T[] {
  const words = wordsOf(asked)
  const found = all.filter(({ folded }) => fits(folded, words))
  const far = new Map(found.map((one) => [one, distance(one.folded, words) * 2 - (one.isFavourite ? 1 : 0)]))
  return found.toSorted((one, other) => far.get(one)! - far.get(other)!)
}
