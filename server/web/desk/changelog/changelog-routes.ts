import type { FastifyReply } from 'fastify'
import { changelogWrite } from '../../../acts/changelog-set.ts'
import { findChangelogEntry, listChangelogEntries, listWrittenEntry } from '../../../announcements/changelog.ts'
import { isRefusal, refuse } from '../../../refusal.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { faultsOfRefusal } from '../act-words.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { bodyOf } from '../settings/settings-routes.ts'
import { numberOf } from '../wording-numbers.ts'
import { CHANGELOG } from './address.ts'

const MOST = 50
const MOST_WRITTEN = 100

/** Routes the operator's own entries of the changelog: all of them, one with its history, and what one says in a language. */
export function routeChangelog(desk: Desk) {
  desk.page('/changelog', 'pages.read', showAll)
  desk.page('/changelog/:id', 'pages.read', showOne)
  desk.page('/changelog/:id/:language', 'pages.read', (context) => showEdit(context))
  desk.form('/changelog/:id/:language', 'pages.manage', takeEdit)
}

async function showAll(context: DeskContext): Promise<FastifyReply> {
  const { changelogPage } = await import('./changelog.tsx')
  const before = numberOf(context.query.get('before'))
  const found = await listChangelogEntries(context.db, { before, most: MOST + 1 })
  return context.send(changelogPage(context, { rows: found.slice(0, MOST), hasMore: found.length > MOST, isFirst: before === null }))
}

async function showOne(context: DeskContext): Promise<FastifyReply> {
  const { entryPage } = await import('./changelog.tsx')
  const { db, params } = context
  const entry = await findChangelogEntry(db, numberOf(params['id']) ?? 0)
  return context.send(entryPage(context, { entry, written: await listWrittenEntry(db, entry.id, MOST_WRITTEN) }))
}

interface Again {
  readonly title: string
  readonly text: string
  readonly faults: Faults
}

async function showEdit(context: DeskContext, again?: Again, status = 200): Promise<FastifyReply> {
  const { editPage } = await import('./changelog.tsx')
  const { db, params } = context
  const entry = await findChangelogEntry(db, numberOf(params['id']) ?? 0)
  const language = languageByCode(params['language'] ?? '')
  if (!language) throw refuse('unknown_changelog_entry', entry.id)
  const said = entry.wordings.find((each) => each.language === language.code)
  const typed = again ?? { title: said?.title ?? '', text: said?.text ?? '', faults: NO_FAULTS }
  return context.send(editPage(context, { entry, language, typed, isPreview: again !== undefined }), status)
}

/** Shows what was typed as readers would see it, or saves it as a new version. */
async function takeEdit(context: DeskContext): Promise<FastifyReply> {
  const body = bodyOf(context)
  const typed = { title: body['title'] ?? '', text: body['text'] ?? '' }
  if (body['what'] !== 'save') return showEdit(context, { ...typed, faults: NO_FAULTS })
  const isEmpty = typed.title.trim() === '' && typed.text.trim() === ''
  const entry = numberOf(context.params['id']) ?? 0
  try {
    const wording = isEmpty ? { title: null, text: null } : typed
    const answer = await runOnDesk(context, changelogWrite, { entry, language: context.params['language'], ...wording })
    return leadBack(context, `${CHANGELOG}/${entry}`, answer)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return showEdit(context, { ...typed, faults: faultsOfRefusal(context.ui.frame.texts, error) }, UNPROCESSABLE)
  }
}
