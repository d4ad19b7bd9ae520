import { describe, expect, test } from 'vitest'
import { changeCatalogue, readCatalogue } from '../../server/catalog/catalogue.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { setWords, type WordsChange } from '../../server/catalog/words.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()

const say = (service: number, language: string, words: WordsChange['words'], wholeCategory = false) =>
  changeCatalogue(docket.db, (tx) => setWords(tx, service, { language, words, wholeCategory }))
const said = async (service: number) => (await readCatalogue(docket.db)).services.get(service)!.translations

describe('a service in other languages', () => {
  test('is said word by word; what is not named stays, what is taken back is gone', async () => {
    const service = await docket.service({ name: 'Page visits' })

    await say(service, 'sl', { name: 'Obiski strani', category: 'Oglasi' })
    await say(service, 'de', { name: 'Seitenbesuche' })
    expect(await say(service, 'sl', { name: null, description: 'Hitro.' })).toEqual({
      words: { category: 'Oglasi', description: 'Hitro.' },
      services: 1,
    })
    expect(await said(service)).toEqual({ sl: { category: 'Oglasi', description: 'Hitro.' }, de: { name: 'Seitenbesuche' } })

    await say(service, 'de', { name: null })
    expect(Object.keys(await said(service))).toEqual(['sl'])
  })

  test('has one entry a language, however its tag is written', async () => {
    const service = await docket.service({ translations: { 'pt-br': { name: 'Visitas', category: 'Anúncios' } } })

    await say(service, 'PT-BR', { name: 'Visitas à página' })

    expect(await said(service)).toEqual({ 'pt-BR': { name: 'Visitas à página', category: 'Anúncios' } })
  })

  test('is what the customer reads in the service list', async () => {
    const service = await docket.service({ name: 'Page visits' })
    const { key } = await docket.account()
    await say(service, 'zh-HK', { name: '網頁瀏覽' })

    await expect
      .poll(async () => (await docket.call({ key, action: 'services', lang: 'zh-HK' })).find((each: any) => each.service === service)?.name)
      .toBe('網頁瀏覽')
  })

  test('a category is said once for all services in it, and for no other', async () => {
    const [one, two] = [await docket.service({ category: 'Ads' }), await docket.service({ category: 'Ads' })]
    const [other, none] = [await docket.service({ category: 'Posts' }), await docket.service({ category: '' })]

    expect((await say(one, 'sl', { category: 'Oglasi' }, true)).services).toBe(2)
    expect((await say(none, 'sl', { category: 'Brez' }, true)).services).toBe(1)

    expect([await said(two), await said(other)]).toEqual([{ sl: { category: 'Oglasi' } }, {}])
  })

  test('outlives an import that says nothing of it', async () => {
    const entry = { service: 4711, name: 'Visits', category: 'Ads', rate: '1' }
    const bring = (more: object) => importServices(docket.db, readServiceList(JSON.stringify([{ ...entry, ...more }])))
    await bring({})
    await say(4711, 'sl', { name: 'Obiski' })

    await bring({ rate: '2' })
    expect(await said(4711)).toEqual({ sl: { name: 'Obiski' } })
    await bring({ translations: {} })
    expect(await said(4711)).toEqual({})
  })

  test.each([
    ['english', { name: 'x' }, 'incorrect_language'],
    ['../x', { name: 'x' }, 'incorrect_language'],
    ['sl', { name: ' ' }, 'empty_words'],
    ['sl', { name: 'x'.repeat(1001) }, 'words_too_long'],
    ['sl', { category: 'x'.repeat(501) }, 'words_too_long'],
    ['sl', { description: 'a\0b' }, 'words_with_null'],
  ])('in "%s" %j is refused', async (language, words, code) => {
    const service = await docket.service()

    await expect(say(service, language, words)).rejects.toMatchObject({ code })
    expect(await said(service)).toEqual({})
  })

  test('an unknown service, and a name for a whole category, are refused', async () => {
    const service = await docket.service()
    await expect(say(99, 'sl', { name: 'x' })).rejects.toMatchObject({ code: 'unknown_service' })
    await expect(say(service, 'sl', { name: 'x' }, true)).rejects.toMatchObject({ code: 'not_shared' })
  })
})
