import { afterAll, describe, expect, test } from 'vitest'
import { cleanUp } from '../../packages/embedded-postgres/test/support/users.ts'
import { endServers } from '../support/server-process.ts'
import { blocksOf, docsPages, readPage } from './markdown.ts'
import { pages } from './pages.ts'
import { openShop, runBlock, type Shop } from './shop.ts'

test('every page with commands is run', async () => {
  const withCommands: string[] = []
  for (const page of await docsPages()) {
    if (blocksOf(await readPage(page)).some(({ language }) => language === 'sh')) withCommands.push(page)
  }
  expect(withCommands.toSorted()).toEqual(Object.keys(pages).toSorted())
})

describe.skipIf(process.platform !== 'linux')('the commands of the documents', () => {
  const shops: { demo?: Shop; serve?: Shop } = {}

  afterAll(async () => {
    await endServers()
    await Promise.all(Object.values(shops).map(({ panel }) => panel.close()))
    await cleanUp()
  })

  // Blocks marked sh are run as they stand. A json block right behind one is what it prints.
  test.each(Object.entries(pages))('in %s work as they stand there', async (name, { beside, notRun = {}, prepare }) => {
    const shop = (shops[beside] ??= await openShop(beside))
    const here = new Map(Object.entries({ '127.0.0.1:8080': new URL(shop.server.url).host, ...(await prepare?.(shop)) }))
    const skipped = new Set<string>()
    let printed: string | undefined
    for (const { language, text, follows } of blocksOf(await readPage(name))) {
      if (language === 'json' && follows && printed !== undefined) expect(JSON.parse(printed)).toEqual(JSON.parse(text))
      printed = undefined
      if (language !== 'sh') continue
      const [firstLine = ''] = text.split('\n')
      if (firstLine in notRun) skipped.add(firstLine)
      else printed = await runBlock(shop, replaced(text, here))
    }
    expect([...skipped]).toEqual(Object.keys(notRun))
  })
})

/** All at once, so that a text that replaces one is not replaced by another. */
function replaced(text: string, here: ReadonlyMap<string, string>): string {
  const found = [...here.keys()].map((written) => written.replaceAll(/[.?/]/g, String.raw`\$&`)).join('|')
  return text.replaceAll(new RegExp(found, 'g'), (written) => here.get(written)!)
}
