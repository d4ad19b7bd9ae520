import type desk from '../locales/desk/en.json'
import type en from '../locales/en.json'

/** The key of a text in locales/: all sentences of the contract are written there, in every language. */
export type MessageKey = keyof typeof en | keyof typeof desk

/** A text inside an example's answer that an operator would write in the reader's language. */
export interface InWords {
  readonly inWords: MessageKey
}

/** The answer with these texts in one language. */
export function spelledOut(answer: unknown, say: (key: MessageKey) => string): unknown {
  if (typeof answer !== 'object' || answer === null) return answer
  if (Array.isArray(answer)) return answer.map((part) => spelledOut(part, say))
  if ('inWords' in answer) return say((answer as InWords).inWords)
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, spelledOut(value, say)]))
}
