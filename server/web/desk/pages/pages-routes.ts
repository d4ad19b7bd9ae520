import type { FastifyReply } from 'fastify'
import { pageSet } from '../../../acts/page-set.ts'
import { isRefusal, refuse } from '../../../refusal.ts'
import { isPageName } from '../../../site-pages/names.ts'
import { findPage, listPages, listVersions, readTexts, type SitePage } from '../../../site-pages/read-pages.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { faultsOfRefusal } from '../act-words.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { bodyOf } from '../settings/settings-routes.ts'
import { editAddress, PAGES } from './addresses.ts'
import type { Typed } from './edit-page.tsx'

/** Routes the pages of the operator's own: all of them, one with its history, and what one says in a language. */
export function routePages(desk: Desk) {
  desk.page('/pages', 'pages.read', showPages)
  desk.page('/pages/:page', 'pages.read', showPage)
  desk.page('/pages/:page/:language', 'pages.read', (context) => showEdit(context))
  desk.form('/pages/:page/:language', 'pages.manage', takeEdit)
}

async function showPages(context: DeskContext): Promise<FastifyReply> {
  const wanted = (context.query.get('new') ?? '').trim()
  if (isPageName(wanted)) return context.reply.redirect(editAddress(wanted, context.web.settings.languages[0]!.code), 303)
  const { pagesPage } = await import('./pages-page.tsx')
  return context.send(pagesPage(context, { pages: await listPages(context.db), wanted }))
}

const VERSIONS = 50

async function showPage(context: DeskContext): Promise<FastifyReply> {
  const { onePage } = await import('./one-page.tsx')
  const { db, query } = context
  const page = await findPage(db, nameIn(context))
  const shown = numberIn(query.get('version')) ?? page.version
  if (shown > page.version) throw refuse('unknown_page_version', page.name, shown)
  const [texts, found] = await Promise.all([
    readTexts(db, page.id, shown),
    listVersions(db, page.id, numberIn(query.get('before')) ?? null, VERSIONS + 1),
  ])
  return context.send(onePage(context, { page, shown, texts, versions: found.slice(0, VERSIONS), hasMore: found.length > VERSIONS }))
}

function nameIn({ params }: DeskContext): string {
  const name = params['page'] ?? ''
  if (!isPageName(name)) throw refuse('unknown_page', name)
  return name
}

function numberIn(text: string | null): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text ?? '') ? Number(text) : undefined
}

/** The form of a page in one language, also of a page that does not exist yet. */
async function showEdit(context: DeskContext, again?: { readonly typed: Typed; readonly faults: Faults; readonly status: number }) {
  const { editPage } = await import('./edit-page.tsx')
  const name = nameIn(context)
  const language = languageByCode(context.params['language'] ?? '')
  if (!language) throw refuse('unknown_page', name)
  const page = await pageIfAny(context, name)
  const [text] = page ? await readTexts(context.db, page.id, page.version, [language.code]) : []
  const typed = again?.typed ?? { title: text?.title ?? '', text: text?.text ?? '', seen: page?.version ?? 0 }
  const view = { name, language, isWritten: text !== undefined, typed, faults: again?.faults ?? NO_FAULTS, isPreview: again !== undefined }
  return context.send(editPage(context, view), again?.status ?? 200)
}

async function pageIfAny({ db }: DeskContext, name: string): Promise<SitePage | undefined> {
  try {
    return await findPage(db, name)
  } catch (error) {
    if (isRefusal(error, 'unknown_page')) return undefined
    throw error
  }
}

/** Shows what was typed as readers would see it, or saves it as a new version. */
async function takeEdit(context: DeskContext): Promise<FastifyReply> {
  const body = bodyOf(context)
  const name = nameIn(context)
  const typed: Typed = { title: body['title'] ?? '', text: body['text'] ?? '', seen: numberIn(body['seen'] ?? null) ?? 0 }
  if (body['what'] !== 'save') return showEdit(context, { typed, faults: NO_FAULTS, status: 200 })
  const isEmpty = typed.title.trim() === '' && typed.text.trim() === ''
  const wording = isEmpty ? { title: null, text: null } : { title: typed.title, text: typed.text }
  try {
    const { seen } = typed
    const answer = await runOnDesk(context, pageSet, { page: name, language: context.params['language'], ...wording, seen })
    await context.web.settings.readAgain(context.db)
    return leadBack(context, `${PAGES}/${name}`, answer)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return showEdit(context, { typed, faults: faultsOfRefusal(context.ui.frame.texts, error), status: UNPROCESSABLE })
  }
}
