import { z } from 'zod'
import { restorePage } from '../site-pages/write-pages.ts'
import { act } from './act.ts'
import { cli } from './fields.ts'
import { pageVersion, thePage } from './page-fields.ts'

export const pageRestore = act({
  name: 'page restore',
  does: 'make what an older version of a page says its newest version again, in all languages; readers see it when it is published',
  permission: 'pages.manage',
  input: z.object({
    ...thePage,
    number: cli(pageVersion(), { argument: true }).describe('number of the version whose texts come back'),
  }),
  async run({ tx, now, actor }, { page, number: to }) {
    const { before, version, languages } = await restorePage(tx, page, to, { who: actor.who, now })
    return { result: { page, restored: to, version, languages }, before: { version: before }, after: { version } }
  },
  says: ({ page, restored, version }) => `Version ${version} of page ${page} says what version ${restored} said`,
})
