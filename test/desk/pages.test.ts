import { beforeAll, describe, expect, test } from 'vitest'
import { pageRestore } from '../../server/acts/page-restore.ts'
import { pagePublish } from '../../server/acts/page-publish.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import { findPage, listVersions, readTexts } from '../../server/site-pages/read-pages.ts'
import { houseOf, run } from '../support/acts.ts'
import { type DeskPages, hiddenIn, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)
let ana: DeskPages
beforeAll(async () => {
  ana = await openDesk(docket, { role: 'manager' })
})

const newest = async (name: string) => {
  const page = await findPage(docket.db, name)
  return { version: page.version, published: page.published, texts: await readTexts(docket.db, page.id, page.version) }
}

describe('the desk’s pages of one’s own', () => {
  test('offer the usual ones, and take a name for another', async () => {
    const { html } = await ana.get('/desk/pages')
    for (const name of ['terms', 'privacy', 'refunds', 'faq']) expect(html).toContain(`href="/desk/pages/${name}/en"`)
    expect((await ana.get('/desk/pages?new=how-it-works')).location).toBe('/desk/pages/how-it-works/en')
    expect((await ana.get('/desk/pages?new=How%20It')).html).toContain('aria-invalid="true"')
  })

  test('show what was typed as readers would see it, and save nothing before that is asked for', async () => {
    const seen = await ana.post('/desk/pages/terms/sl', { title: 'Pogoji', text: '**Bodite** prijazni <b>', seen: '0', what: 'preview' })
    expect(seen.html).toContain('<p><strong>Bodite</strong> prijazni &lt;b></p>')
    expect(seen.html).toContain('>**Bodite** prijazni &lt;b></textarea>')
    await expect(findPage(docket.db, 'terms')).rejects.toMatchObject({ code: 'unknown_page' })
    const saved = await ana.post('/desk/pages/terms/sl', { title: 'Pogoji', text: 'Bodite\r\nprijazni', seen: '0', what: 'save' })
    expect(saved.location).toMatch(/^\/desk\/pages\/terms\?told=\d+$/)
    expect(await newest('terms')).toMatchObject({ version: 1, published: null, texts: [{ language: 'sl', title: 'Pogoji', text: 'Bodite\nprijazni' }] })
    expect((await ana.get(saved.location!)).html).toContain('Write the page')
  }) // prettier-ignore

  test('keep what somebody else has written: a form that has not seen it is told, with what was typed', async () => {
    const form = (await ana.get('/desk/pages/terms/sl')).html
    await run(house(), pageSet, { page: 'terms', language: 'en', title: 'Terms', text: 'Be kind.' })
    const late = await ana.post('/desk/pages/terms/sl', { title: 'Pogoji', text: 'Drugo', seen: hiddenIn(form, 'seen'), what: 'save' })
    expect(late.status).toBe(422)
    expect(late.html).toContain('Somebody else has changed the page meanwhile')
    expect(late.html).toContain('>Drugo</textarea>')
    expect((await newest('terms')).version).toBe(2)
  })

  test('need a title and a text, and drop a language when both are empty', async () => {
    const half = await ana.post('/desk/pages/terms/sl', { title: '', text: 'Drugo', seen: '2', what: 'save' })
    expect([half.status, (await newest('terms')).version]).toEqual([422, 2])
    await ana.post('/desk/pages/terms/sl', { title: '', text: ' ', seen: '2', what: 'save' })
    expect((await newest('terms')).texts.map(({ language }) => language)).toEqual(['en'])
  })

  test('bring back what an older version said, in all languages, as a new version', async () => {
    const done = await ana.do('page-restore', { page: 'terms', number: '1' })
    expect(done.preview).toContain('Bring this version back')
    expect(await newest('terms')).toMatchObject({ version: 4, texts: [{ language: 'sl', text: 'Bodite\nprijazni' }] })
    const page = await findPage(docket.db, 'terms')
    expect((await listVersions(docket.db, page.id, null, 10)).map(({ version, languages }) => [version, languages])).toEqual([
      [4, ['en', 'sl']],
      [3, ['sl']],
      [2, ['en']],
      [1, ['sl']],
    ])
    const html = (await ana.get('/desk/pages/terms?version=2')).html
    expect(html).toContain('Be kind.')
    await expect(run(house(), pageRestore, { page: 'terms', number: 9 })).rejects.toMatchObject({ code: 'unknown_page_version' })
  })

  test('publish nothing that says nothing, and let customers accept the terms alone', async () => {
    await run(house(), pageSet, { page: 'empty', language: 'en', title: 'Empty', text: 'Not yet.' })
    await run(house(), pageSet, { page: 'empty', language: 'en', title: null, text: null })
    await expect(run(house(), pagePublish, { page: 'empty' })).rejects.toMatchObject({ code: 'page_says_nothing' })
    await expect(run(house(), pagePublish, { page: 'empty', number: 1, accept_again: true })).rejects.toMatchObject({
      code: 'only_terms_are_accepted',
    })
    await expect(run(house(), pagePublish, { page: 'nowhere' })).rejects.toMatchObject({ code: 'unknown_page' })
  })

  test('are written one version after another by people who save at once', async () => {
    const codes = ['de', 'fr', 'es', 'ru', 'tr', 'uk']
    await Promise.all(codes.map((language) => run(house(), pageSet, { page: 'once', language, title: 'T', text: language })))
    const { version, texts } = await newest('once')
    expect([version, texts.map(({ language }) => language).toSorted()]).toEqual([6, codes.toSorted()])
  })

  test('are seen by whoever may read them, and changed by nobody without the permission', async () => {
    const reader = await openDesk(docket, { role: 'read-only' })
    const { html } = await reader.get('/desk/pages/terms/sl')
    expect(html).toContain('prijazni')
    expect(html).not.toContain('<textarea')
    expect((await reader.post('/desk/pages/terms/sl', { title: 'x', text: 'x', seen: '9', what: 'save' })).status).toBe(403)
    expect((await (await openDesk(docket, { role: 'support' })).get('/desk/pages')).status).toBe(403)
  })

  test('take a long text in any language, and refuse a longer one', async () => {
    const long = 'क'.repeat(20_000)
    const body = (text: string) => {
      const form = new FormData()
      for (const [name, value] of Object.entries({ title: 'लंबा', text, seen: '0', what: 'save' })) form.set(name, value)
      return form
    }
    const csrf = hiddenIn((await ana.get('/desk')).html, 'csrf')
    const send = (text: string) => {
      const form = body(text)
      form.set('csrf', csrf)
      return fetch(`${docket.node.url}/desk/pages/long/hi`, { method: 'POST', body: form, redirect: 'manual', headers: { cookie: ana.cookie, origin: docket.node.url! } })
    }
    expect((await send(long)).status).toBe(303)
    expect((await newest('long')).texts[0]!.text).toBe(long)
    expect((await send(`${long}क`)).status).toBe(422)
  }) // prettier-ignore
})
