import { z } from 'zod'
import { TERMS } from '../site-pages/names.ts'
import { publishPage, removePage } from '../site-pages/write-pages.ts'
import { refuse } from '../refusal.ts'
import { act, changed } from './act.ts'
import { flag, yesNo } from './fields.ts'
import { pageVersion, shownPage, thePage } from './page-fields.ts'

export const pagePublish = act({
  name: 'page publish',
  does: 'show a page of your own to everybody, in its newest version or in an older one',
  permission: 'pages.manage',
  input: z.object({
    ...thePage,
    number: pageVersion().optional().describe('number of the version that readers see; without it, the newest'),
    footer: yesNo().optional().describe('whether the foot of every page links to it; at first it does'),
    accept_again: flag().describe('of the terms: customers who have accepted an older version are asked again'),
  }),
  async run({ tx, now }, { page, number, footer, accept_again: acceptAgain }) {
    if (acceptAgain && page !== TERMS) throw refuse('only_terms_are_accepted', TERMS)
    const { before, after } = await publishPage(tx, page, { version: number, inFooter: footer, acceptAgain }, now)
    return { result: { page, version: after.published! }, ...changed(shownPage(before), shownPage(after)) }
  },
  says: ({ page, version }) => `Everybody sees page ${page} in version ${version}, at /p/${page}`,
})

export const pageRemove = act({
  name: 'page remove',
  does: 'take a page of your own off the site; its history stays, and it can be published again',
  permission: 'pages.manage',
  input: z.object(thePage),
  async run({ tx }, { page }) {
    const { before, after } = await removePage(tx, page)
    return { result: { page }, ...changed(shownPage(before), shownPage(after)) }
  },
  says: ({ page }) => `Nobody sees page ${page} any more`,
})
