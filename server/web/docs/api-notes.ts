import { API_NOTES } from '../../site-pages/names.ts'
import type { PublicPage } from '../../site-pages/public-pages.ts'
import { readPublicPage, type ShownPage } from '../../site-pages/read-pages.ts'
import type { Visitor } from '../visitor.ts'
import type { Web } from '../web.ts'

/** The texts of a version, by language: the object of the page is another one when its version is. */
const known = new WeakMap<PublicPage, Map<string, Promise<ShownPage | undefined>>>()

/** What the operator tells those who order by program, in the reader's language or in one that is close; undefined: nothing. */
export function notesFor({ accounts, settings }: Web, { language, offered }: Visitor): Promise<ShownPage | undefined> {
  const page = settings.pages.find(({ name }) => name === API_NOTES)
  if (!page) return Promise.resolve(undefined)
  const texts = known.get(page) ?? new Map<string, Promise<ShownPage | undefined>>()
  known.set(page, texts)
  const codes = offered.map(({ code }) => code)
  const read = () => {
    const reading = readPublicPage(accounts().db, API_NOTES, language.code, codes)
    reading.catch(() => texts.delete(language.code))
    return reading
  }
  const found = texts.get(language.code) ?? read()
  texts.set(language.code, found)
  return found
}
