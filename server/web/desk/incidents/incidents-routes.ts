import type { FastifyReply } from 'fastify'
import { incidentWrite } from '../../../acts/incident-set.ts'
import { isRefusal, refuse } from '../../../refusal.ts'
import { findIncident, listIncidents, listWritten } from '../../../status/incidents.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { faultsOfRefusal } from '../act-words.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { bodyOf } from '../settings/settings-routes.ts'
import { numberOf } from '../wording-numbers.ts'
import { INCIDENTS } from './address.ts'

const MOST = 50
const MOST_WRITTEN = 200

/** Routes what the status page tells of disturbances: all of them, one with its texts, and what one of its texts says in a language. */
export function routeIncidents(desk: Desk) {
  desk.page('/incidents', 'pages.read', showAll)
  desk.page('/incidents/:id', 'pages.read', showOne)
  desk.page('/incidents/:id/:number/:language', 'pages.read', (context) => showEdit(context))
  desk.form('/incidents/:id/:number/:language', 'pages.manage', takeEdit)
}

async function showAll(context: DeskContext): Promise<FastifyReply> {
  const { incidentsPage } = await import('./incidents.tsx')
  const before = numberOf(context.query.get('before'))
  const found = await listIncidents(context.db, { before, most: MOST + 1 })
  return context.send(incidentsPage(context, { rows: found.slice(0, MOST), hasMore: found.length > MOST, isFirst: before === null }))
}

async function showOne(context: DeskContext): Promise<FastifyReply> {
  const { incidentPage } = await import('./incidents.tsx')
  const { db, params } = context
  const incident = await findIncident(db, numberOf(params['id']) ?? 0)
  return context.send(incidentPage(context, { incident, written: await listWritten(db, incident.id, MOST_WRITTEN) }))
}

interface Again {
  readonly title: string
  readonly text: string
  readonly faults: Faults
}

async function showEdit(context: DeskContext, again?: Again, status = 200): Promise<FastifyReply> {
  const { editPage } = await import('./incidents.tsx')
  const { db, params } = context
  const incident = await findIncident(db, numberOf(params['id']) ?? 0)
  const number = numberOf(params['number']) ?? 0
  const language = languageByCode(params['language'] ?? '')
  const update = incident.updates.find((each) => each.number === number)
  if (!language || !update) throw refuse('unknown_incident_text', incident.id, number)
  const said = update.wordings.find((each) => each.language === language.code)
  const typed = again ?? { title: said?.title ?? '', text: said?.text ?? '', faults: NO_FAULTS }
  return context.send(editPage(context, { incident, number, language, typed, isPreview: again !== undefined }), status)
}

/** Shows what was typed as readers would see it, or saves it as a new version. */
async function takeEdit(context: DeskContext): Promise<FastifyReply> {
  const body = bodyOf(context)
  const typed = { title: body['title'] ?? '', text: body['text'] ?? '' }
  if (body['what'] !== 'save') return showEdit(context, { ...typed, faults: NO_FAULTS })
  const isEmpty = typed.title.trim() === '' && typed.text.trim() === ''
  const wording = isEmpty ? { title: null, text: null } : typed
  const { language } = context.params
  const [incident, number] = [numberOf(context.params['id']) ?? 0, numberOf(context.params['number']) ?? 0]
  try {
    const answer = await runOnDesk(context, incidentWrite, { incident, number, language, ...wording })
    return leadBack(context, `${INCIDENTS}/${incident}`, answer)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return showEdit(context, { ...typed, faults: faultsOfRefusal(context.ui.frame.texts, error) }, UNPROCESSABLE)
  }
}
