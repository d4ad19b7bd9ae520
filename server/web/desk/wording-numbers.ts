import type { DeskContext } from './desk.ts'

const LARGEST_ID = 2 ** 31 - 1

/** The number of something that staff write, from an address; null: it is none. */
export function numberOf(text: string | null | undefined): number | null {
  const number = /^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : null
  return number !== null && number <= LARGEST_ID ? number : null
}

/** The number of that name in the path; 0, which nothing has, when it is none. */
export function numberIn({ params }: Pick<DeskContext, 'params'>, name: string): number {
  return numberOf(params[name]) ?? 0
}
