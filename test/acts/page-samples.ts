let pages = 0

interface PageWorld {
  readonly done: (name: string, input: object) => Promise<any>
}

/** Makes a page with two versions, of which the first is public. */
async function newPage({ done }: PageWorld, page = `page-${(pages += 1)}`): Promise<string> {
  await done('page set', { page, language: 'en', title: 'Refunds', text: 'We give back what was not delivered.' })
  await done('page publish', { page })
  await done('page set', { page, language: 'en', text: 'We give back **what was not delivered**.' })
  return page
}

/** Something that each act on the operator's own pages can be asked to do. */
export const pageSamples = {
  'page set': async () => ({ page: `page-${(pages += 1)}`, language: 'sl', title: 'Pogoji', text: '# Pogoji' }),
  'page publish': async (world: PageWorld) => ({ page: await newPage(world), footer: false }),
  'page restore': async (world: PageWorld) => ({ page: await newPage(world), number: 1 }),
  'page remove': async (world: PageWorld) => ({ page: await newPage(world) }),
}
