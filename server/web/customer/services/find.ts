// Finds services by the typed words. It uses neither Node nor the browser, so that both can run it.

/** The texts by which a service is found. */
export interface Findable {
  readonly id: number
  readonly name: string
  readonly category: string
  /** The catalogue's name, if the service has another one in the reader's language. */
  readonly otherName?: string | undefined
}

/** The texts without the differences that a hasty reader ignores: capitals, accents, punctuation. */
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

/** The words of a search, in any order. With no words, every service fits. */
export function wordsOf(asked: string): readonly string[] {
  const words = fold(asked.slice(0, LONGEST_QUESTION)).split(' ')
  return words.filter((word) => word !== '')
}

/** Limits the work, because each service is compared with each word. */
const LONGEST_QUESTION = 200

// Accents of Latin, Greek and Cyrillic, and Arabic vowel marks. The vowel signs of Indian scripts are kept.
const ACCENTS = /[\u0300-\u036f\u064b-\u065f]/g
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/gu

function fold(text: string): string {
  return text.normalize('NFKD').replace(ACCENTS, '').toLowerCase().replace(BETWEEN_WORDS, ' ').trim()
}

/** Whether the name, the category or the number contains each word. */
export function fits(folded: Folded, words: readonly string[]): boolean {
  return words.every((word) => folded.all.includes(word))
}

/** The rank of a service that fits; 0 is an exact match. */
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

/** The services that fit, best first. Of equal matches, favourites come first; the rest keep their order. */
export function findBest<T extends { readonly folded: Folded; readonly isFavourite: boolean }>(all: readonly T[], asked: string): T[] {
  const words = wordsOf(asked)
  const found = all.filter(({ folded }) => fits(folded, words))
  const far = new Map(found.map((one) => [one, distance(one.folded, words) * 2 - (one.isFavourite ? 1 : 0)]))
  return found.toSorted((one, other) => far.get(one)! - far.get(other)!)
}
