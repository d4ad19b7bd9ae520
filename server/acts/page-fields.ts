import { z } from 'zod'
import { isPageName, LONGEST_NAME, LONGEST_TEXT, LONGEST_TITLE } from '../site-pages/names.ts'
import type { SitePage } from '../site-pages/read-pages.ts'
import { cli, whole } from './fields.ts'
import { wordingText, wordingTitle } from './wording-fields.ts'

const A_NAME = `It must be a name of at most ${LONGEST_NAME} small letters, digits and dashes, like privacy-policy.`

/** The field of acts on a page. */
export const thePage = {
  page: cli(z.string(A_NAME).refine(isPageName, A_NAME), { argument: true, placeholder: '<name>' }).describe(
    'name of the page: the end of its address',
  ),
}

export const pageTitle = () => wordingTitle(LONGEST_TITLE)

export const pageText = () => wordingText(LONGEST_TEXT)

export const pageVersion = () => cli(whole(1, 1_000_000_000), { placeholder: '<version>' })

/** What readers see of a page, as the log tells it. */
export function shownPage({ published, inFooter, acceptFrom }: SitePage): object {
  return { published, in_footer: inFooter, accept_from: acceptFrom }
}
