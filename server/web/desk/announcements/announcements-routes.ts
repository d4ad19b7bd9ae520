import type { FastifyReply } from 'fastify'
import { announcementWrite } from '../../../acts/announcement-set.ts'
import { findAnnouncement, listAnnouncements, listWritten, readWordings } from '../../../announcements/announcements.ts'
import { isRefusal, refuse } from '../../../refusal.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { faultsOfRefusal } from '../act-words.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { bodyOf } from '../settings/settings-routes.ts'
import { numberOf } from '../wording-numbers.ts'
import { ANNOUNCEMENTS } from './address.ts'

const MOST = 50
const MOST_WRITTEN = 100

/** Routes what the house tells its customers: all of it, one with its history, and what one says in a language. */
export function routeAnnouncements(desk: Desk) {
  desk.page('/announcements', 'pages.read', showAll)
  desk.page('/announcements/:id', 'pages.read', showOne)
  desk.page('/announcements/:id/:language', 'pages.read', (context) => showEdit(context))
  desk.form('/announcements/:id/:language', 'pages.manage', takeEdit)
}

async function showAll(context: DeskContext): Promise<FastifyReply> {
  const { announcementsPage } = await import('./announcements.tsx')
  const before = numberOf(context.query.get('before'))
  const found = await listAnnouncements(context.db, { before, most: MOST + 1 })
  const view = { rows: found.slice(0, MOST), hasMore: found.length > MOST, isFirst: before === null }
  return context.send(announcementsPage(context, view))
}

async function showOne(context: DeskContext): Promise<FastifyReply> {
  const { announcementPage } = await import('./announcement.tsx')
  const { db, params } = context
  const announcement = await findAnnouncement(db, numberOf(params['id']) ?? 0)
  const [wordings, written] = await Promise.all([readWordings(db, announcement.id), listWritten(db, announcement.id, MOST_WRITTEN)])
  return context.send(announcementPage(context, { announcement, wordings, written }))
}

interface Again {
  readonly title: string
  readonly text: string
  readonly faults: Faults
}

async function showEdit(context: DeskContext, again?: Again, status = 200): Promise<FastifyReply> {
  const { editPage } = await import('./announcement.tsx')
  const { db, params } = context
  const announcement = await findAnnouncement(db, numberOf(params['id']) ?? 0)
  const language = languageByCode(params['language'] ?? '')
  if (!language) throw refuse('unknown_announcement', announcement.id)
  const said = (await readWordings(db, announcement.id)).find((each) => each.language === language.code)
  const typed = again ?? { title: said?.title ?? '', text: said?.text ?? '', faults: NO_FAULTS }
  return context.send(editPage(context, { announcement, language, typed, isPreview: again !== undefined }), status)
}

/** Shows what was typed as readers would see it, or saves it as a new version. */
async function takeEdit(context: DeskContext): Promise<FastifyReply> {
  const body = bodyOf(context)
  const typed = { title: body['title'] ?? '', text: body['text'] ?? '' }
  if (body['what'] !== 'save') return showEdit(context, { ...typed, faults: NO_FAULTS })
  const isEmpty = typed.title.trim() === '' && typed.text.trim() === ''
  const announcement = numberOf(context.params['id']) ?? 0
  const language = context.params['language']
  try {
    const wording = isEmpty ? { title: null, text: null } : typed
    const answer = await runOnDesk(context, announcementWrite, { announcement, language, ...wording })
    return leadBack(context, `${ANNOUNCEMENTS}/${announcement}`, answer)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return showEdit(context, { ...typed, faults: faultsOfRefusal(context.ui.frame.texts, error) }, UNPROCESSABLE)
  }
}
