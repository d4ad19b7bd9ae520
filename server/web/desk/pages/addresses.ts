import { DESK } from '../desk.ts'

export const PAGES = `${DESK}/pages`

/** Where what a page says in a language is written. */
export function editAddress(name: string, language: string): string {
  return `${PAGES}/${name}/${language}`
}
