/** The page that customers accept when they sign up; its address is /p/terms. */
export const TERMS = 'terms'

/** The operator's own notes for those who order by program: the API's documentation shows them. */
export const API_NOTES = 'api-notes'

/** The end of a page's address: lower-case letters, digits and single dashes. */
export const PAGE_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/
export const LONGEST_NAME = 60
export const LONGEST_TITLE = 150
/** In characters. A form sends three bytes for some of them, and takes at most 65,536 bytes per field. */
export const LONGEST_TEXT = 20_000
export const MOST_PAGES = 100

export function isPageName(text: string): boolean {
  return text.length <= LONGEST_NAME && PAGE_NAME.test(text)
}
